"""A real OpenID Connect provider (npm's certified `oidc-provider`), called the club."""

import asyncio
import fcntl
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from appliance.config import Provider
from appliance.dev.node import ensure_packages, node

FOLDER = Path(__file__).with_name("provider")
CLIENT_ID, SECRET = "safevoice", "the secret of this client"
START_S = 30


@contextmanager
def _alone() -> Iterator[None]:
    """One worker installs, the others wait for it."""
    with (Path(tempfile.gettempdir()) / "safevoice-test-provider.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install() -> None:
    with _alone():
        ensure_packages(FOLDER)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def club_open(*, sign_up: str = "no") -> AsyncIterator[Provider]:
    """The club while it is open, as our configuration has it."""
    await asyncio.to_thread(_install)
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *node(),
        "provider.mjs",
        str(port),
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_S):
            assert await process.stdout.readline() == b"ready\n"
        yield Provider(
            issuer=f"http://localhost:{port}",
            client_id=CLIENT_ID,
            client_secret=SECRET,
            label="The Club",
            sign_up="yes" if sign_up == "yes" else "no",
        )
    finally:
        process.kill()
        await process.wait()
