import os
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import disk_usage

import pytest

from appliance.kernel.clock import HandClock
from tests.server import Server, serving

IN_MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def pytest_configure() -> None:
    """Data folders lie in memory where there is room: most of a test's time was waiting for fdatasync, and
    those that are about the disk read what the kernel was asked, or bring a disk of their own."""
    if IN_MEMORY.is_dir() and disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data") as running:
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def timed(tmp_path: Path, clock: HandClock) -> AsyncIterator[Server]:
    """A server whose time passes by hand; not by 45 seconds at once, after which sockets count as silent."""
    async with serving(tmp_path / "data", clock=clock) as running:
        yield running
