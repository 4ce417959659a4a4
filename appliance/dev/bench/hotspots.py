"""Where a process spends its time: a py-spy recording, summed up for people."""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

RATE = 200
WAITING = "_connection_worker_thread"
"""aiosqlite's threads wait for work here, in a way that py-spy takes for working."""
_FRAME = re.compile(r"^(?P<what>.+?) \((?P<file>[^()]*?)(?::\d+)?\)$")
_LINE = re.compile(r"^(?P<stack>.*) (?P<count>\d+)$")


def record(pid: int, seconds: int, into: Path) -> bool:
    """Sample the process while it runs; False where that is not allowed or py-spy is not there."""
    command = [
        *(str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(pid)),
        *("--format", "raw", "--rate", str(RATE), "--duration", str(seconds)),
        *("--threads", "--nolineno", "--output", str(into)),
    ]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds + 30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and into.exists()


def _name(frame: str) -> str:
    found = _FRAME.match(frame)
    if not found:
        return frame
    file = found["file"].rpartition("site-packages/")[2]
    _, ours, place = file.rpartition("appliance/")
    file = ours + place
    return f"{found['what']}  {file}"


class Hotspots:
    """Samples by thread, by where they were (self), and by what they were inside of (within)."""

    def __init__(self, raw: str) -> None:
        self.samples = 0
        self.threads: Counter[str] = Counter()
        self.itself: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        for line in raw.splitlines():
            found = _LINE.match(line)
            if found:
                self._take(found["stack"].split(";"), int(found["count"]))

    def _take(self, stack: list[str], count: int) -> None:
        thread, frames = stack[0], [_name(frame) for frame in stack[1:]]
        if not frames or frames[-1].startswith(WAITING):
            return
        self.samples += count
        self.threads[thread] += count
        self.itself[frames[-1]] += count
        for frame in set(frames):
            if "appliance/" in frame:
                self.within[frame] += count

    def table(self, most: int = 14) -> str:
        """Shares of all samples; a thread that waits is not sampled."""
        if not self.samples:
            return "  no samples"
        lines: list[str] = []
        for title, counter, rows in (
            ("by thread", self.threads, 4),
            ("where it was", self.itself, most),
            ("what it was inside of", self.within, most),
        ):
            lines.append(f"  {title}")
            lines += [f"    {n / self.samples:6.1%}  {what}" for what, n in counter.most_common(rows)]
        return "\n".join(lines)


def hotspots_of(pid: int, seconds: int) -> Hotspots | None:
    """Record and sum up; None where recording is not possible."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "samples.txt"
        return Hotspots(raw.read_text()) if record(pid, seconds, raw) else None
