"""The client of the self-test as a process of its own: whatever it does, it ends and says why."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.features.calls.selftest import program
from appliance.features.calls.selftest.program import Broken, Key, Place, Walk

KEYS = [(Key("a", "b"), Key("c", "d"))]
PATIENCE_S = 20.0


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes packets and never answers."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def script(folder: Path, text: str) -> Path:
    """A client that does only this."""
    file = folder / "client.py"
    file.write_text(text)
    return file


async def test_what_hangs_is_ended(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    hanging = script(
        tmp_path, f"import os, time\nopen({str(noted)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    )
    with pytest.raises(Broken, match="longer than"):
        await program.outcomes([], program=hanging, limit_s=1.0)
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import os; os.kill(os.getpid(), 9)", "status -9"),
        ("raise SystemExit('no such thing')", "no such thing"),
        ("import no_such_module_at_all", "No module named"),
        ("print('what?')", "cannot be read"),
        ("print('[]')", "every way"),
        ("print('[[]]')", "every way"),
        ("print('x' * 10_000_000)", "cannot be read"),
    ],
)
async def test_what_breaks_says_why(tmp_path: Path, text: str, why: str) -> None:
    walk = Walk("turn:x:1", [Place("127.0.0.1", 1, "")], KEYS)
    with pytest.raises(Broken, match=why):
        await program.outcomes([walk], program=script(tmp_path, text), limit_s=PATIENCE_S)


async def test_the_client_hears_its_keys_by_no_way_that_others_can_look_at(tmp_path: Path) -> None:
    spy = script(
        tmp_path,
        "import json, os, sys\n"
        "asked = json.loads(sys.stdin.readline())\n"
        "seen = open('/proc/self/cmdline').read() + open('/proc/self/environ').read()\n"
        "secret = asked['ways'][0]['keys'][0][0]['credential']\n"
        "names = ' '.join(sorted(os.environ))\n"
        "print(json.dumps([[{'code': str(secret in seen), 'detail': names, 'ms': 0}]]))",
    )
    key = Key("u", "very secret")
    walk = Walk("turn:x:1", [Place("127.0.0.1", 1, "")], [(key, key)])
    [[outcome]] = await program.outcomes([walk], program=spy)
    assert outcome.code == "False"
    assert set(outcome.detail.split()) <= {"LC_CTYPE", *program.TRUST}


async def test_the_client_ends_with_whoever_asked() -> None:
    with silent() as port:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(program.PROGRAM)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert client.stdin is not None
        walk = Walk(f"turn:x:{port}", [Place("127.0.0.1", port, "")], KEYS)
        client.stdin.write(json.dumps({"ways": [_plain(walk)], "try_s": PATIENCE_S}).encode() + b"\n")
        await client.stdin.drain()
        client.stdin.close()
        async with asyncio.timeout(PATIENCE_S):
            assert await client.wait() == 1, "it did not wait for an answer that never comes"


def _plain(walk: Walk) -> Any:
    return msgspec.to_builtins(walk)
