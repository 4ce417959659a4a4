"""A real disk that is soon full: a tmpfs in a mount namespace, which leaves nothing behind.

Run as a program inside such a namespace it drives the kernel into the full disk and prints what happened.
"""

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.durability.kernel import Batch, kernel, little, one_large_row

MOUNT = 'mount -t tmpfs -o "size=$1,mode=700" tmpfs "$2" && '


@cache
def _unshare() -> tuple[str, ...]:
    for words in (("unshare", "--mount"), ("unshare", "--mount", "--map-root-user")):
        tried = subprocess.run([*words, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
        if tried.returncode == 0:
            return words
    raise AssertionError(f"no tmpfs can be mounted here, not even in a namespace: {tried.stderr.decode()}")


def on_small_disk(size: str, folder: Path, contents: Path | None = None) -> list[str]:
    """Words to put before a command so that it finds a disk of this size (as "2m") in `folder`, which begins
    with a copy of `contents`."""
    folder.mkdir()
    copy = 'cp -a "$3"/. "$2" && ' if contents else ""
    script = MOUNT + copy + 'shift 3 && exec "$@"'
    return [*_unshare(), "sh", "-ec", script, "sh", size, str(folder), str(contents or "")]


def fill(ballast: Path, leave: int = 0) -> None:
    """Write a file until the disk is full, then give back `leave` bytes."""
    with ballast.open("wb", buffering=0) as file:
        for piece in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(piece))
        file.truncate(file.tell() - leave)


async def _main(folder: Path) -> dict[str, Any]:
    async with kernel(folder) as house:
        ballast = folder / "ballast"
        fill(ballast, leave=100 * 1024)
        statements = await house.statements()
        batch = Batch(house)
        outcomes = await batch.submit(little, one_large_row, little)
        found = {
            "outcomes": [getattr(outcome, "code", repr(outcome)) for outcome in outcomes],
            "first": statements[: statements.index("COMMIT") + 1],
            "runs": list(batch.runs.values()),
            "failed in a statement": len(batch.survived),
            "values": await house.values(),
            "heard": list(house.ear.heard),
        }
        fill(folder / "more")
        outcomes = await Batch(house).submit(little, one_large_row)
        found["nothing fits"] = [getattr(outcome, "code", repr(outcome)) for outcome in outcomes]
        (folder / "more").unlink()
        ballast.unlink()
        found["afterwards"] = await house.db.write(batch.unit(2, one_large_row))
        found["whole"] = await house.db.read(lambda db: db.value("PRAGMA integrity_check"))
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_main(Path(sys.argv[1])))))
