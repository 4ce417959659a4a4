"""uvicorn looks ten times a second whether it shall end: a tenth of a second for each test that starts a
server, twice. Named in the conftest.py of each folder that starts many."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest


class _Impatient:
    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.005))


@pytest.fixture(autouse=True, scope="session")
def impatient() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", _Impatient())
        yield
