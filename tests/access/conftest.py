"""A server with everything switched on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.config import Community
from tests.server import Server, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data", community=Community(credits="yes")) as running:
        yield running
