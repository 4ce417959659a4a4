"""What a Chromium trace tells of one page: frames, keys, and how long its main thread was at work.

Times are microseconds of the trace's own clock; what is handed out is milliseconds.
"""

import json
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page

CATEGORIES = (
    "-*",
    "benchmark",
    "blink.user_timing",
    "cc",
    "devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
    "toplevel",
)
TASK = "ThreadControllerImpl::RunTask"
SHOWN = ("STATE_PRESENTED_ALL", "STATE_PRESENTED_PARTIAL")
DROPPED = "STATE_DROPPED"

Event = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """One press. `shown_ms`: from the press to the next frame, most of which is waiting for the screen's own
    rhythm; `work_ms`: what the main thread had to do for it."""

    shown_ms: float
    work_ms: float


@dataclass(frozen=True)
class Frames:
    """While something moved: how many frames came, how many of those that were due did not."""

    shown: int
    dropped: int
    work_ms: list[float]

    @property
    def dropped_share(self) -> float:
        return self.dropped / max(1, self.shown + self.dropped)


@dataclass
class Trace:
    """Filled when `recorded` is left."""

    events: list[Event] = field(default_factory=list)

    def keys(self) -> list[Key]:
        """Every key that was pressed on the page."""
        found = []
        for event in self._named("EventTiming", "b"):
            data = event["args"]["data"]
            if data["type"] != "keydown" or "commitFinishTime" not in data:
                continue
            began = event["ts"]
            ended = began + (data["commitFinishTime"] - data["timeStamp"]) * 1000
            found.append(Key(data["duration"], self._work(event["pid"], event["tid"], began, ended)))
        return found

    def frames(self, began: str, ended: str) -> Frames:
        """Between two marks that the page set."""
        first, last = self._mark(began), self._mark(ended)
        states = [
            event["args"]["frame_reporter"]["state"]
            for event in self._named("PipelineReporter", "b")
            if first["ts"] <= event["ts"] <= last["ts"] and event["pid"] == first["pid"]
        ]
        shown = sum(state in SHOWN for state in states)
        return Frames(shown, states.count(DROPPED), self._work_by_frame(first, last))

    def longest_task(self, began: str, ended: str) -> float:
        """The longest that the main thread was deaf between two marks, in ms."""
        first, last = self._mark(began), self._mark(ended)
        tasks = self._tasks(first["pid"], first["tid"])
        return max((_ms(task["dur"]) for task in tasks if first["ts"] <= task["ts"] <= last["ts"]), default=0)

    def first_frame_after(self, mark: str) -> float:
        """From the start of the navigation to the first frame that was drawn after the mark, in ms."""
        marked = self._mark(mark)
        frames = (e["ts"] for e in self._named("DrawFrame", "I") if e["pid"] == marked["pid"])
        drawn = [at for at in frames if at >= marked["ts"]]
        if not drawn:
            raise ValueError("nothing was drawn after the mark")
        page_began = marked["ts"] - marked["args"]["data"]["startTime"] * 1000
        return _ms(min(drawn) - page_began)

    def between(self, began: str, ended: str) -> float:
        """From one mark to the first frame that was drawn after the other, in ms."""
        return self.first_frame_after(ended) - float(self._mark(began)["args"]["data"]["startTime"])

    def _mark(self, name: str) -> Event:
        found = [e for e in self.events if e["name"] == name and "blink.user_timing" in e["cat"]]
        if not found:
            raise ValueError(f"the page never set the mark {name}")
        return found[-1]

    def _named(self, name: str, phase: str) -> Iterator[Event]:
        return (event for event in self.events if event["name"] == name and event["ph"] == phase)

    def _tasks(self, pid: int, tid: int) -> list[Event]:
        """Whole ones: of one that was under way when the record ended only the beginning is in it."""
        return [
            e for e in self.events if e["name"] == TASK and e["pid"] == pid and e["tid"] == tid and "dur" in e
        ]

    def _work(self, pid: int, tid: int, began: float, ended: float) -> float:
        """CPU time of the thread's tasks in a span: a wait, or another program's turn, is no work."""
        inside = (e for e in self._tasks(pid, tid) if e["ts"] + e["dur"] > began and e["ts"] < ended)
        return sum(_work_ms(event) for event in inside)

    def _work_by_frame(self, first: Event, last: Event) -> list[float]:
        """CPU time of the main thread from each frame's beginning to the next one's, in ms."""
        pid, tid = first["pid"], first["tid"]
        begins = sorted(
            event["ts"]
            for event in self._named("BeginFrame", "I")
            if event["pid"] == pid and first["ts"] <= event["ts"] <= last["ts"]
        )
        tasks = self._tasks(pid, tid)
        work = [0.0] * max(0, len(begins) - 1)
        for task in tasks:
            at = bisect_right(begins, task["ts"]) - 1
            if 0 <= at < len(work):
                work[at] += _work_ms(task)
        return work


def _ms(us: float) -> float:
    return us / 1000


def _work_ms(task: Event) -> float:
    """CPU time; where the system does not tell it, the time by the clock."""
    return _ms(float(task["tdur"] if "tdur" in task else task["dur"]))


@asynccontextmanager
async def recorded(browser: Browser, page: Page) -> AsyncIterator[Trace]:
    """Everything that happens on the page meanwhile."""
    trace = Trace()
    await browser.start_tracing(page=page, categories=list(CATEGORIES))
    try:
        yield trace
    finally:
        trace.events = json.loads(await browser.stop_tracing())["traceEvents"]
