"""HTTP as a browser speaks it: with cookies, and with the origin of the page that asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.server import Server


@asynccontextmanager
async def browser(
    server: Server, token: str = "", *, url: str = "", origin: str | None = None, **options: Any
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that keeps cookies and names the server's own origin; with `token`, as a bearer."""
    url = url or server.url
    headers = {"Origin": url if origin is None else origin}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # Loading all of the world's certificates takes longer than most tests.
    options.setdefault("verify", False)
    client = httpx2.AsyncClient(base_url=url, headers=headers, timeout=10, trust_env=False, **options)
    async with client:
        yield client
