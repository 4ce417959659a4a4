from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server import Server, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data") as running:
        yield running
