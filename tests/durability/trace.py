"""What a server did to its files and sockets, in order, as strace saw it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,creat,mkdir,mkdirat,link,linkat,symlink,rename,renameat,renameat2,unlink,unlinkat,truncate,ftruncate,"
    "fallocate,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync,sync_file_range,msync"
)
NEVER = 1 << 60

_LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)")
_RESULT = re.compile(r"\) += (-?\d+|\?)")
_FILE = re.compile(r"\w+<((?:\\x[0-9a-f]{2})*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_ACK = re.compile(rb'"op":"ack","id":"[^"]*","subject":"([^"]*)"')
_EVENT = re.compile(rb'"message":{"id":"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that succeeded or never came back: it began at line `entry` of the trace and had ended
    by line `exit`. `path`: of the file or socket it is about; `number`: offset or size."""

    name: str
    entry: int
    exit: int
    path: str
    data: bytes = b""
    number: int = 0
    target: str = ""


def strace(output: Path) -> list[str]:
    """The words to put before a command so that it is traced, with everything it writes."""
    options = ["-f", "-y", "-xx", "-qq", "--seccomp-bpf", "-s", "1048576", "-e", "signal=none"]
    return ["strace", *options, "-e", f"trace={CALLS}", "-o", str(output)]


def read(output: Path) -> list[Call]:
    """All calls in the order in which they began."""
    begun: dict[str, tuple[int, str, str]] = {}
    calls: list[Call] = []
    with output.open(encoding="ascii") as lines:
        for number, line in enumerate(lines):
            match = _LINE.match(line)
            if match is None:
                continue
            thread, resumed, name, rest = match.groups()
            if resumed:
                entry, name, first = begun.pop(thread)
                calls += _calls(name, entry, number, first + rest)
            elif rest.endswith("<unfinished ...>"):
                begun[thread] = (number, name, rest.removesuffix(" <unfinished ...>"))
            else:
                calls += _calls(name, number, number, rest)
    for entry, name, first in begun.values():
        calls += _calls(name, entry, NEVER, first + ") = ?")
    return sorted(calls, key=lambda call: call.entry)


def _calls(name: str, entry: int, end: int, rest: str) -> Iterator[Call]:
    results = _RESULT.findall(rest)
    if not results or results[-1].startswith("-"):
        return
    file = _FILE.match(rest)
    texts = [(_plain(text), cut) for text, cut in _TEXT.findall(rest)]
    assert not any(cut for _, cut in texts), "strace left something out"
    data = b"".join(text for text, _ in texts)
    if name in ("openat", "mkdir", "mkdirat", "unlink", "unlinkat", "creat"):
        if name == "openat":
            name = "create" if "O_CREAT" in rest else "truncate" if "O_TRUNC" in rest else ""
        if name:
            yield Call(name, entry, end, data.decode())
    elif name in ("rename", "renameat", "renameat2"):
        yield Call("rename", entry, end, texts[0][0].decode(), target=texts[1][0].decode())
    elif file is not None:
        numbers = re.findall(r", (\d+)(?=[,)])", rest[: rest.rindex(")") + 1])
        yield Call(name, entry, end, _plain(file[1]).decode(), data, int(numbers[-1]) if numbers else 0)


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def acks(calls: list[Call]) -> list[tuple[int, str]]:
    """(line at which it left the server, subject) of every acknowledgement on any socket."""
    return _said(calls, _ACK)


def events(calls: list[Call]) -> list[tuple[int, str]]:
    """(line at which it left the server, message) of every message that others were told of."""
    return _said(calls, _EVENT)


def _said(calls: list[Call], pattern: re.Pattern[bytes]) -> list[tuple[int, str]]:
    return [
        (call.entry, found.decode())
        for call in calls
        if call.path.startswith(("socket:", "TCP"))
        for found in pattern.findall(call.data)
    ]
