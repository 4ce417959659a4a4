"""A server of our own to measure: a process on a temporary data folder and a free loopback port."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from appliance.config import Config
from appliance.dev.bench.crowd import Cast, fill
from appliance.dev.flood.options import Options
from appliance.dev.flood.usage import usage_of

ROOT = Path(__file__).parents[3]
READY = re.compile(r"SafeVoice is ready at (http://\S+)")
SOCKETS = re.compile(r"^safevoice_sockets (\S+)$", re.MULTILINE)
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 20.0

UNLIMITED = {
    "SAFEVOICE_LIMITS_MESSAGES_PER_MINUTE": "0",
    "SAFEVOICE_LIMITS_ROOMS_PER_HOUR": "0",
    "SAFEVOICE_LIMITS_JOINS_PER_HOUR": "0",
    "SAFEVOICE_LIMITS_CHANGES_PER_MINUTE": "0",
    "SAFEVOICE_LIMITS_REQUESTS_PER_MINUTE": "0",
    "SAFEVOICE_LIMITS_SEARCHES_PER_MINUTE": "0",
    "SAFEVOICE_LIMITS_SIGN_INS_PER_HOUR": "0",
    "SAFEVOICE_LIMITS_SOCKETS_PER_PERSON": "0",
    "SAFEVOICE_LIMITS_SOCKETS_PER_ADDRESS": "0",
    "SAFEVOICE_LIMITS_SOCKET_FRAMES_PER_SECOND": "0",
    "SAFEVOICE_LIMITS_RELAY_PACKETS_PER_SECOND": "0",
    "SAFEVOICE_CALLS_RELAY_TEST": "no",
}
"""What keeps a single person from flooding would also keep the flood from measuring."""


def environment(**more: str) -> dict[str, str]:
    """Ours without whatever SAFEVOICE_ settings it holds, so that a run is the same everywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAFEVOICE_")}
    return kept | {"PYTHONPATH": str(ROOT), **more}


@dataclass
class Server:
    """A running `safevoice serve`; `started_s` is the time from its start to its first ready answer."""

    process: subprocess.Popen[bytes]
    url: str
    started_s: float

    @property
    def pid(self) -> int:
        return self.process.pid

    def resident(self) -> int:
        """Bytes of memory it holds now."""
        return usage_of(self.pid).rss

    def stop(self) -> None:
        """End it as an admin would; by force if it does not listen."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(folder: Path) -> Server:
    """Start a server on `folder` and wait until it is ready."""
    began = time.perf_counter()
    output = folder / "server.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "serve"],
            cwd=folder,
            env=environment(SAFEVOICE_DATA=str(folder / "data"), SAFEVOICE_LISTEN="127.0.0.1:0", **UNLIMITED),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    while time.perf_counter() - began < READY_WITHIN_S and process.poll() is None:
        found = READY.search(output.read_text(errors="replace"))
        if found:
            with urlopen(f"{found[1]}/readyz", timeout=5):
                return Server(process, found[1], time.perf_counter() - began)
        time.sleep(0.005)
    process.kill()
    process.wait()
    raise SystemExit(f"The server did not start:\n{output.read_text(errors='replace')[-2000:]}")


@dataclass
class Stage:
    """A context: a filled server while inside, nothing left of it after. `people` fills it in another way."""

    sockets: int
    rooms_of: int
    prepare: Callable[[Path], None] = lambda data: None
    people: Callable[[Config], Cast] | None = None
    folder: Path = field(init=False)
    server: Server = field(init=False)

    def __enter__(self) -> "Stage":
        self._temporary = tempfile.TemporaryDirectory(prefix="safevoice-bench-")
        self.folder = Path(self._temporary.name)
        try:
            config = Config(data=self.folder / "data")
            cast = self.people(config) if self.people else fill(config, self.sockets, self.rooms_of)
            (self.folder / "cast.json").write_text(json.dumps(cast))
            self.prepare(self.folder / "data")
            self.server = start(self.folder)
        except BaseException:
            self._temporary.cleanup()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self._temporary.cleanup()

    def restart(self) -> None:
        """Stop the server and start it again."""
        self.server.stop()
        self.server = start(self.folder)

    def wait_for_sockets(self, count: int, within_s: float = 60.0) -> None:
        """Until the server holds `count` connections, by its own metrics, or the time is over."""
        until = time.monotonic() + within_s
        while time.monotonic() < until and self.server.process.poll() is None:
            with urlopen(f"{self.server.url}/metrics", timeout=5) as answer:
                found = SOCKETS.search(answer.read().decode())
            if found and float(found[1]) >= count:
                return
            time.sleep(0.2)

    def flood(self, options: Options) -> dict[str, Any]:
        """Run the load generator in a process of its own; its figures."""
        given = [f"--{name.replace('_', '-')}={value}" for name, value in _numbers(options).items()]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "appliance.dev.flood", "--json", "--url", self.server.url),
                *("--cast", str(self.folder / "cast.json"), "--pid", str(self.server.pid)),
                *(given + ["--chatter"] * options.chatter),
            ],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=options.warmup + options.duration + options.drain + 120,
            check=False,
        )
        if not done.stdout:
            tail = (self.folder / "server.log").read_text(errors="replace")[-2000:]
            raise SystemExit(f"The flood broke off (status {done.returncode}). The server said:\n{tail}")
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures


def _numbers(options: Options) -> dict[str, float]:
    names = ("sockets", "rooms_of", "rate", "window", "warmup", "duration", "drain", "text_bytes", "watching")
    return {name: getattr(options, name) for name in names}
