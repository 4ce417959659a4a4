"""Files on the disk, by what is in them.

A file is on the disk before a row speaks of it, and may stay a while after the row is gone: jobs sweep up.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO

from appliance.features.media.model import Arrived
from appliance.features.media.sniff import HEAD_BYTES, kind_of
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_secret

MOST_AT_ONCE = 64
MOST_OF_ONE = 3
"""Uploads that are under way at the same time, and of one person."""
MOST_READ = 16
"""Files that one person is being sent at the same time: each holds one open, however slowly it is read."""
SPARE_BYTES = 64 << 20
"""Room on the disk that files leave to the database: messages go on when nothing else does."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Files:
    """The files below `folder`. `turn` is held while a file and its row come, or go, together: else one that
    comes could be taken away for another that went."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._new = folder / "new"
        self._busy: list[str] = []
        self._reading: Counter[str] = Counter()
        self._promised: list[Promise] = []
        self.turn = asyncio.Lock()

    @contextlib.contextmanager
    def seat(self, account: str) -> Iterator[None]:
        """A place among the uploads; raises rate_limited where there is none, before anything is received."""
        if self._busy.count(account) >= MOST_OF_ONE or len(self._busy) >= MOST_AT_ONCE:
            raise Refusal("rate_limited", retry_after_ms=2000, limit="uploads_at_once")
        self._busy.append(account)
        try:
            yield
        finally:
            self._busy.remove(account)

    @contextlib.contextmanager
    def reading(self, account: str) -> Iterator[None]:
        """A place among those who are sent something; raises rate_limited where there is none."""
        if self._reading[account] >= MOST_READ:
            raise Refusal("rate_limited", retry_after_ms=2000, limit="downloads_at_once")
        self._reading[account] += 1
        try:
            yield
        finally:
            self._reading[account] -= 1
            if not self._reading[account]:
                del self._reading[account]

    def file(self, digest: str) -> Path:
        """Where it is, or would be. `digest` must be one."""
        return self._folder / digest[:2] / digest

    @contextlib.asynccontextmanager
    async def arriving(self, most: int) -> AsyncIterator["Arriving"]:
        """A file of up to `most` bytes that is being received, of which nothing is left unless it is kept."""
        promise = Promise(most)
        # Before the disk is looked at: else many that begin together would each find the same room.
        self._promised.append(promise)
        try:
            arriving = await asyncio.to_thread(self._begin, promise)
            try:
                yield arriving
            finally:
                await asyncio.to_thread(arriving.drop)
        finally:
            self._promised.remove(promise)

    def settle(self, arriving: "Arriving", digest: str) -> None:
        """Put what came where it belongs, so that it is there after a loss of power; raises storage_full."""
        with _disk():
            place = self.file(digest)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            arriving.path.rename(place)
            # A name is on the disk only once its folder is, and a new folder's name once the one above is.
            for folder in (place.parent, self._folder):
                _sync(folder)

    def drop(self, digest: str) -> None:
        """Take it off the disk; nothing where there is nothing."""
        self.file(digest).unlink(missing_ok=True)

    def held(self) -> Iterator[str]:
        """The digests of all files on the disk."""
        for file in self._folder.glob("??/*"):
            yield file.name

    def sweep_new(self) -> None:
        """At start: what was being received when the server ended will never come to an end."""
        for file in self._new.glob("*"):
            file.unlink(missing_ok=True)

    def _begin(self, promise: "Promise") -> "Arriving":
        with _disk():
            self._new.mkdir(mode=0o700, parents=True, exist_ok=True)
            promised = sum(each.left for each in tuple(self._promised))
            if shutil.disk_usage(self._new).free < SPARE_BYTES + promised:
                raise Refusal("storage_full")
            path = self._new / new_secret()
            return Arriving(path, open(path, "xb"), promise)


class Promise:
    """Room on the disk that an upload may still take."""

    def __init__(self, left: int) -> None:
        self.left = left


class Arriving:
    """One upload on its way to the disk."""

    def __init__(self, path: Path, out: BinaryIO, promise: Promise) -> None:
        self._promise = promise
        self.path = path
        self._out = out
        self._sum = hashlib.sha256()
        self._head = b""
        self._bytes = 0

    async def take(self, part: bytes) -> None:
        """Write the next part; raises storage_full."""
        await asyncio.to_thread(self._write, part)

    def finish(self) -> Arrived:
        """All of it is here and on the disk; raises media_unknown, storage_full."""
        kind = kind_of(self._head)
        if kind is None:
            raise Refusal("media_unknown")
        with _disk():
            self._out.flush()
            os.fsync(self._out.fileno())
            self._out.close()
        return Arrived(self._sum.hexdigest(), kind, self._bytes)

    def drop(self) -> None:
        """Leave nothing, unless it was put where it belongs."""
        with contextlib.suppress(OSError):
            self._out.close()
        self.path.unlink(missing_ok=True)

    def _write(self, part: bytes) -> None:
        self._sum.update(part)
        self._head += part[: HEAD_BYTES - len(self._head)]
        self._bytes += len(part)
        with _disk():
            self._out.write(part)
        self._promise.left -= len(part)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """A full disk as people should hear of it."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refusal("storage_full") from error
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
