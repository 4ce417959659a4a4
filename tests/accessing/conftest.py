from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from appliance.kernel.clock import HandClock
from tests.accessing.elsewhere import Elsewhere, elsewhere
from tests.edge.impatient import impatient
from tests.server import Server, serving

__all__ = ["impatient"]


@pytest.fixture
async def there() -> AsyncIterator[Elsewhere]:
    async with elsewhere() as provider:
        yield provider


@pytest.fixture
async def here(tmp_path: Path, clock: HandClock, there: Elsewhere) -> AsyncIterator[Server]:
    """A server with two providers: `there`, and `den`, by which everybody may join."""
    there.now = lambda: clock.now_ms() / 1000
    oidc = MappingProxyType({"there": there.settings, "den": replace(there.settings, sign_up="yes")})
    async with serving(tmp_path / "data", clock=clock, oidc=oidc) as running:
        await running.account("somebody", admin=True)
        yield running
