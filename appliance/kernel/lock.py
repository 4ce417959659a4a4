"""One process at a time on a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "lock"


class StartRefused(Exception):
    """The server cannot start; the text says why."""


class AlreadyRunning(StartRefused):
    """Another process holds the folder."""

    def __init__(self, folder: Path, pid: str) -> None:
        who = f"as process {pid}" if pid else "as another process"
        super().__init__(f"SafeVoice is already running {who} on {folder.absolute()}.")


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Make the folder (mode 0700) if needed and keep everybody else out of it while inside.

    The kernel drops the lock when the process dies, however it dies. The file itself stays: if it were
    removed, two starts at the same moment could each lock another file of the same name.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartRefused(f"{folder.absolute()} cannot be used: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(folder, os.read(handle, 32).decode(errors="replace").strip()) from None
        except OSError as error:
            raise StartRefused(f"{folder.absolute()} cannot be locked: {error.strerror}.") from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
