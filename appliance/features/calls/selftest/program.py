"""The client as a process of its own: what it is asked, what it answers, and that it never outlives that."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

PROGRAM = Path(__file__).with_name("client.py")
TRY_S = 10.0
LIMIT_S = 45.0
MOST_BYTES = 65_536
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""All that it is told of the environment: whom to trust."""


class Place(msgspec.Struct, frozen=True):
    """`name`: what a certificate has to be for; empty for whatever it says."""

    address: str
    port: int
    name: str


class Key(msgspec.Struct, frozen=True):
    """What one side shows."""

    username: str
    credential: str


class Walk(msgspec.Struct, frozen=True):
    """One way: the places to try one after the other, and two keys for each."""

    url: str
    tries: list[Place]
    keys: list[tuple[Key, Key]]


class Outcome(msgspec.Struct, frozen=True):
    """Of one try; `code` is empty where it worked."""

    code: str
    detail: str
    ms: int


class Broken(Exception):
    """The client itself did not do what it should; says why."""


class _Asked(msgspec.Struct, frozen=True):
    ways: list[Walk]
    try_s: float


async def outcomes(
    walks: list[Walk], *, program: Path = PROGRAM, try_s: float = TRY_S, limit_s: float = LIMIT_S
) -> list[list[Outcome]]:
    """For each way what came of its tries, until one worked; `try_s` for each of them, `limit_s` for all.
    Raises Broken."""
    client = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in TRUST if name in os.environ},
        cwd="/",
    )
    try:
        async with asyncio.timeout(limit_s):
            said, complained = await _talk(client, msgspec.json.encode(_Asked(walks, try_s)) + b"\n")
            status = await client.wait()
    except TimeoutError:
        raise Broken(f"it took longer than {limit_s:.0f} s") from None
    finally:
        # Also when the server stops.
        if client.returncode is None:
            client.kill()
            await client.wait()
    if status:
        last = complained.decode(errors="replace").strip().rpartition("\n")[2]
        raise Broken(last[:200] or f"it ended with status {status}")
    try:
        found = msgspec.json.decode(said, type=list[list[Outcome]])
    except msgspec.MsgspecError as error:
        raise Broken(f"its answer cannot be read: {error}") from None
    if len(found) != len(walks) or not all(found):
        raise Broken("it did not answer for every way")
    return found


async def _talk(client: asyncio.subprocess.Process, asked: bytes) -> tuple[bytes, bytes]:
    assert client.stdin is not None
    assert client.stdout is not None
    assert client.stderr is not None
    client.stdin.write(asked)
    # It may end before it has read all. The pipe stays open: its end tells the client that we are gone.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await client.stdin.drain()
    said, complained = await asyncio.gather(_all(client.stdout), _all(client.stderr))
    return said, complained


async def _all(stream: asyncio.StreamReader) -> bytes:
    """To its end; more than it may be is cut off, so that it never waits for us."""
    found = bytearray()
    while part := await stream.read(MOST_BYTES):
        found += part[: MOST_BYTES - len(found)]
    return bytes(found)
