from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance import app
from appliance.edge.gate import Gate
from appliance.kernel.clock import HandClock
from tests.edge.impatient import impatient
from tests.server import Server, serving

__all__ = ["gates", "impatient", "timed"]


@pytest.fixture
def gates(monkeypatch: pytest.MonkeyPatch) -> list[Gate]:
    """The gates of the servers that the test starts."""
    made: list[Gate] = []

    def make(*args: object) -> Gate:
        made.append(Gate(*args))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(app, "Gate", make)
    return made


@pytest.fixture
async def timed(tmp_path: Path, clock: HandClock, gates: list[Gate]) -> AsyncIterator[Server]:
    """A server whose time is moved by hand."""
    async with serving(tmp_path / "data", clock=clock) as running:
        yield running
