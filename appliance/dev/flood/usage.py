"""What the system says that processes used: CPU and memory, from /proc (proc(5))."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """CPU seconds so far, altogether and by thread; bytes written so far; resident bytes now."""

    cpu_s: float
    threads: dict[str, float]
    written: int
    rss: int


def _thread_cpu(task: Path, pid: int) -> tuple[str, float]:
    # Python gives its threads no names that the system knows; the first one has the process's number.
    name = "main" if int(task.name) == pid else f"thread {task.name}"
    return name, int((task / "schedstat").read_text().split()[0]) / 1e9


def _written(root: Path) -> int:
    counts = dict(line.split(": ") for line in (root / "io").read_text().splitlines())
    return int(counts["write_bytes"])


def usage_of(pid: int) -> Usage:
    """A snapshot. The scheduler counts nanoseconds per living thread; the process total has only
    ticks of 10 ms but keeps what ended threads used, so the larger of the two is taken."""
    root = Path("/proc") / str(pid)
    # The command name stands in brackets and may hold spaces, so count from behind it.
    fields = (root / "stat").read_text().rpartition(")")[2].split()
    ticks = (int(fields[11]) + int(fields[12])) / _TICK
    threads: dict[str, float] = {}
    for task in (root / "task").iterdir():
        try:
            name, seconds = _thread_cpu(task, pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        threads[name] = seconds
    rss = int((root / "statm").read_text().split()[1]) * _PAGE
    return Usage(max(ticks, sum(threads.values())), threads, _written(root), rss)


def cpu_between(before: Usage, after: Usage) -> float:
    """CPU seconds used between two snapshots of one process."""
    return after.cpu_s - before.cpu_s


def busiest_threads(before: Usage, after: Usage, most: int = 4) -> dict[str, float]:
    """The threads that used most CPU seconds between two snapshots."""
    used = {name: round(s - before.threads.get(name, 0.0), 3) for name, s in after.threads.items()}
    ranked = sorted(used.items(), key=lambda item: -item[1])
    return dict(ranked[:most])
