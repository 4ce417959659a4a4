"""A disk that keeps only what was synced, and of the rest whatever it likes.

The strict reading of POSIX: data and size of a file are safe after fsync or fdatasync of that file, names
after fsync of their folder. Until then each write may have reached the disk or not, also in part, sector by
sector; changes of names may be cut off anywhere but keep their order, as on a journaling file system.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from random import Random

from tests.durability.trace import NEVER, Call

SECTOR = 512
SYNCS = ("fsync", "fdatasync")


@dataclass
class File:
    """`safe` is on the disk for good. Of `changes`, all but the first `settled` may or may not be."""

    safe: bytearray = field(default_factory=bytearray)
    changes: list[Call] = field(default_factory=list)
    settled: int = 0

    def settle(self, count: int) -> None:
        """The first `count` changes are on the disk now."""
        for change in self.changes[self.settled : count]:
            _carry_out(self.safe, change)
        self.settled = max(self.settled, count)

    def after_a_cut(self, random: Random | None) -> bytes:
        """What is found: only what is safe, or with a part of the rest."""
        content = bytearray(self.safe)
        if random is not None:
            for change in self.changes[self.settled :]:
                fate = random.random()
                if fate < 0.4:
                    _carry_out(content, change)
                elif fate < 0.7 and change.name != "ftruncate":
                    _tear(content, change, random)
        return bytes(content)


def _carry_out(content: bytearray, change: Call) -> None:
    if change.name == "ftruncate":
        del content[change.number :]
        content.extend(bytes(change.number - len(content)))
    else:
        _put(content, change.number, change.data)


def _tear(content: bytearray, change: Call, random: Random) -> None:
    """Some sectors of it are written, in no order."""
    at = change.number
    while at < change.number + len(change.data):
        end = (at // SECTOR + 1) * SECTOR
        if random.random() < 0.5:
            _put(content, at, change.data[at - change.number : end - change.number])
        at = end


def _put(content: bytearray, at: int, data: bytes) -> None:
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


Renaming = tuple[str, str, File | None]
"""(old name, new name, file): without an old name it is created, without a new one removed."""


class Disk:
    """The folder `root`, which begins with the files of `before`; `ignored` tells what does not matter."""

    def __init__(self, root: Path, before: Path, ignored: Callable[[str], bool]) -> None:
        self._root = str(root)
        self._ignored = ignored
        found = [each for each in sorted(before.iterdir()) if each.is_file() and not ignored(each.name)]
        self._names = {each.name: File(bytearray(each.read_bytes())) for each in found}
        self._safe_names = dict(self._names)
        self._renamings: list[Renaming] = []
        self._settled = 0
        self._asked: dict[Call, int] = {}

    def play(self, calls: list[Call]) -> Iterator[tuple[int, Call]]:
        """Carry out the calls; stops after the beginning of each and after each sync's end: (line, call)."""
        mine = [call for call in calls if self._matters(call)]
        steps = [(call.entry, 0, call) for call in mine]
        steps += [(call.exit, 1, call) for call in mine if call.name in SYNCS and call.exit != NEVER]
        for line, ended, call in sorted(steps, key=lambda step: step[:2]):
            (self._end if ended else self._begin)(call)
            yield line, call

    def cut(self, target: Path, random: Random | None) -> None:
        """The power fails now: what is found afterwards is written into the new folder `target`."""
        names = dict(self._safe_names)
        if random is not None:
            rest = self._renamings[self._settled :]
            _rename(names, rest[: random.randint(0, len(rest))])
        target.mkdir()
        for name, file in names.items():
            (target / name).write_bytes(file.after_a_cut(random))

    def _matters(self, call: Call) -> bool:
        path = PurePath(call.path)
        inside = str(path.parent) == self._root and not self._ignored(path.name)
        return inside or (call.path == self._root and call.name in SYNCS)

    def _begin(self, call: Call) -> None:
        name = "" if call.path == self._root else PurePath(call.path).name
        match call.name:
            case "fsync" | "fdatasync":
                # It holds for what was there when it began.
                self._asked[call] = len(self._names[name].changes if name else self._renamings)
            case "pwrite64" | "ftruncate":
                self._names[name].changes.append(call)
            case "create" if name in self._names:
                pass
            case "create":
                self._change_name(("", name, File()))
            case "unlink":
                self._change_name((name, "", None))
            case "rename":
                self._change_name((name, PurePath(call.target).name, None))
            case other:
                raise AssertionError(f"{other} of {name}: this disk does not know what that does")

    def _end(self, call: Call) -> None:
        count = self._asked[call]
        if call.path == self._root:
            _rename(self._safe_names, self._renamings[self._settled : count])
            self._settled = max(self._settled, count)
        else:
            self._names[PurePath(call.path).name].settle(count)

    def _change_name(self, renaming: Renaming) -> None:
        _rename(self._names, [renaming])
        self._renamings.append(renaming)


def _rename(names: dict[str, File], renamings: list[Renaming]) -> None:
    for old, new, file in renamings:
        moved = names.pop(old, None) if old else file
        if new and moved is not None:
            names[new] = moved
