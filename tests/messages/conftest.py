from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.kernel.clock import HandClock
from tests.edge.impatient import impatient
from tests.server import Server, serving


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def timed(tmp_path: Path, clock: HandClock) -> AsyncIterator[Server]:
    """A server whose time passes by hand; not by 45 seconds at once, after which sockets count as silent."""
    async with serving(tmp_path / "data", clock=clock) as running:
        yield running


__all__ = ["impatient"]
