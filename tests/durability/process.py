"""The real server as a process of its own, so that it can be killed, traced and starved."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from appliance import app
from appliance.config import Config
from tests.server import ROOMY, Account, Server

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
"""Only how long a broken test hangs."""

SMALL_LOG = (
    "from appliance.kernel import db;"
    "db.CHECKPOINT_BYTES = 200_000;"
    "db.CHECKPOINT_BYTES_BUSY = 400_000;"
    "db.PRAGMAS = (*db.PRAGMAS, 'journal_size_limit=200000')"
)
"""A `prelude` that makes a short run have many checkpoints."""


async def accounts_in(folder: Path, *names: str) -> list[Account]:
    """Make the data folder and these accounts in it, each signed in."""
    config = Config(data=folder, listen="127.0.0.1:0", limits=ROOMY)
    app.migrate(config)
    async with app.opened(config) as house:
        staged = Server(house, 0)
        return [await staged.account(name) for name in names]


class Process:
    """One server after the other on a data folder. `up` is set while one listens on `port`.

    `before`: words of a command that starts the server, such as strace; `prelude`: Python that runs first;
    `env`: options, as the environment names them without the prefix."""

    def __init__(self, folder: Path, *, before: Sequence[str] = (), prelude: str = "", **env: str) -> None:
        self.folder = folder
        self.before = before
        self.prelude = prelude
        self.env = {
            "DATA": str(folder),
            "LISTEN": "127.0.0.1:0",
            "LIMITS_MESSAGES_PER_MINUTE": "0",
            "LIMITS_ROOMS_PER_HOUR": "0",
            "LIMITS_JOINS_PER_HOUR": "0",
            "CALLS_RELAY_TEST": "no",
        } | env
        self.port = 0
        self.pid = 0
        self.up = asyncio.Event()
        self.log = folder.with_name(folder.name + ".log")
        self._process: asyncio.subprocess.Process | None = None

    def command(self) -> list[str]:
        if not self.prelude:
            return [*self.before, sys.executable, "-m", "appliance", "serve"]
        program = f"{self.prelude}\nfrom appliance.cli import main\nraise SystemExit(main())"
        return [*self.before, sys.executable, "-c", program, "serve"]

    async def launch(self) -> asyncio.subprocess.Process:
        """Start it without waiting until it is ready."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SAFEVOICE_")}
        options = {f"SAFEVOICE_{key}": value for key, value in self.env.items()}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command(),
                cwd=self.folder.parent,
                env=inherited | options | {"PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        return self._process

    async def start(self) -> None:
        """Start it and wait until it listens."""
        process = await self.launch()
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            async for line in process.stdout:
                if b"is ready at" in line:
                    self.port = int(line.rsplit(b":", 1)[1])
                    break
            else:
                await process.wait()
                raise AssertionError(f"it did not start:\n{self.log.read_text()}")
        # Whatever started it (strace, say), this is the server itself.
        self.pid = int(await asyncio.to_thread(self.inside("lock").read_text))
        self.up.set()

    def inside(self, name: str) -> Path:
        """A file of the data folder as the server sees it, which may have mounts of its own."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}/root{self.folder / name}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """SIGKILL, at once."""
        self.up.clear()
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM."""
        self.up.clear()
        os.kill(self.pid, signal.SIGTERM)

    async def ended(self, patience_s: float = PATIENCE_S) -> int:
        """Wait for the end; the exit status."""
        assert self._process is not None
        async with asyncio.timeout(patience_s):
            await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode

    async def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.terminate()
        return await self.ended()

    async def clear_up(self) -> None:
        """Leave nothing running, however the test went."""
        if self._process is not None and self._process.returncode is None:
            if self.pid:
                self.kill()
            else:
                self._process.kill()
            await self.ended()

    async def get(self, path: str, token: str = "") -> tuple[int, Any]:
        """GET; the status, and the body: what its JSON says, or its text."""

        def fetch() -> tuple[int, Any]:
            request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {token}"})
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                    status, body = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    status, body = error.code, error.read()
            try:
                return status, json.loads(body)
            except ValueError:
                return status, body.decode()

        return await asyncio.to_thread(fetch)

    async def history(self, room: str, token: str) -> list[dict[str, Any]]:
        """All messages of a room as the server's pages give them, oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            status, page = await self.get(f"/api/rooms/{room}/messages?after={after}&limit=100", token)
            assert status == 200, page
            found += page["messages"]
            if not page["has_after"]:
                return found


@asynccontextmanager
async def running(folder: Path, **options: Any) -> AsyncIterator[Process]:
    """A started server; killed at the end if it still runs."""
    process = Process(folder, **options)
    try:
        await process.start()
        yield process
    finally:
        await process.clear_up()
