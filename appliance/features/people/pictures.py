"""Pictures of people and rooms as files: made small elsewhere, kept here.

A file is on the disk before a row speaks of it, and may stay a while after the row is gone: a job sweeps up.
"""

import asyncio
import contextlib
import os
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id

FOLDER = "pictures"
MOST_BYTES = 8 << 20
"""Of an upload."""
MOST_BACK = 4 << 20
"""Of what comes back; a picture of 512 by 512 pixels takes a fraction of that."""
MOST_AT_ONCE = 8
"""Uploads that are under way or wait, one a person: each may hold MOST_BYTES."""
TIME_S = 15.0
WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
PNG = re.compile(rb"\x89PNG\r\n\x1a\n")
PROGRAM = Path(__file__).with_name("shrink.py")


class Pictures:
    """The pictures below `folder`. One is made small at a time, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = asyncio.Lock()
        self._busy: set[str] = set()

    @contextlib.contextmanager
    def seat(self, account: str) -> Iterator[None]:
        """A place in the queue; raises rate_limited where there is none, before anything is received."""
        if account in self._busy or len(self._busy) >= MOST_AT_ONCE:
            raise Refusal("rate_limited", retry_after_ms=2000, limit="pictures_at_once")
        self._busy.add(account)
        try:
            yield
        finally:
            self._busy.discard(account)

    async def keep(self, received: bytes, now_ms: int) -> str:
        """The id under which the picture is on the disk now; raises picture_unreadable or too_large."""
        large, small = await self.drawn(received, "picture", 2, WEBP)
        picture = new_id(now_ms)
        await asyncio.to_thread(self._write, picture, large, small)
        return picture

    async def drawn(self, received: bytes, what: str, count: int, magic: re.Pattern[bytes]) -> list[bytes]:
        """What the program makes of it: `count` images that begin like `magic`; raises picture_unreadable or
        too_large."""
        async with self._turn:
            out = await _run(received, what)
        images = _parts(out)
        if len(images) != count or not all(magic.match(image) for image in images):
            raise Refusal("picture_unreadable")
        return images

    def file(self, picture: str, *, small: bool) -> Path:
        """Where it is, or would be. `picture` must be an id."""
        # The last two characters: the first ones are the time, and would be the same for years.
        return self._folder / picture[-2:] / (f"{picture}.small.webp" if small else f"{picture}.webp")

    def drop(self, picture: str) -> None:
        """Take it off the disk, and what remains of writing it; nothing where there is nothing."""
        for file in self.file(picture, small=False).parent.glob(f"{picture}.*"):
            file.unlink(missing_ok=True)

    def held(self) -> Iterator[str]:
        """The ids of all pictures on the disk, with remains of those that were being written."""
        for file in self._folder.glob("*/*.webp*"):
            yield file.name.partition(".")[0]

    def _write(self, picture: str, large: bytes, small: bytes) -> None:
        place = self.file(picture, small=False).parent
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for data, is_small in ((large, False), (small, True)):
            file = self.file(picture, small=is_small)
            new = file.with_name(f"{file.name}.new")
            with open(new, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            new.rename(file)
        # A name is on the disk only once its folder is, and a new folder's name once the one above is.
        for folder in (place, self._folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


async def _run(received: bytes, what: str) -> bytes:
    """All that the program says. Without an environment, since that may hold secrets; alone, since a decoder
    that is led astray may take all the memory that it gets, or its process down with it."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(PROGRAM),
        what,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(TIME_S):
            out = await _talk(program, received)
            status = await program.wait()
    except TimeoutError:
        raise Refusal("picture_unreadable") from None
    finally:
        # Also when whoever asked has left.
        if program.returncode is None:
            program.kill()
            await program.wait()
    if status == os.EX_OSERR:
        raise Refusal("too_large", limit="picture_pixels", text="This picture has too many pixels.")
    if status == os.EX_NOINPUT:
        raise Refusal("picture_unreadable", text="This picture is too small.")
    if status != os.EX_OK:
        raise Refusal("picture_unreadable")
    return out


async def _talk(program: asyncio.subprocess.Process, received: bytes) -> bytes:
    """What the program makes of it: no more than it may be, whatever it was talked into."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(received)
    # It may end before it has read all.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await program.stdin.drain()
    program.stdin.close()
    out = bytearray()
    while part := await program.stdout.read(65_536):
        out += part
        if len(out) > MOST_BACK:
            raise Refusal("picture_unreadable")
    return bytes(out)


def _parts(out: bytes) -> list[bytes]:
    """Each with its length before it; none where that does not come out even."""
    parts: list[bytes] = []
    while len(out) > 4:
        (length,) = struct.unpack(">I", out[:4])
        parts.append(out[4 : 4 + length])
        out = out[4 + length :]
    return parts if not out else []
