"""What the web bench reads out of a trace, from a trace that is written by hand."""

import pytest

from appliance.dev.bench.web.trace import TASK, Event, Trace

PAGE, MAIN, OTHER = 7, 1, 2


def event(name: str, phase: str, ts: float, *, tid: int = MAIN, **more: object) -> Event:
    return {"name": name, "ph": phase, "ts": ts, "pid": PAGE, "tid": tid, "cat": "x", "args": {}, **more}


def task(ts: float, wall: float, cpu: float, *, tid: int = MAIN) -> Event:
    return event(TASK, "X", ts, tid=tid, dur=wall, tdur=cpu)


def mark(name: str, ts: float, since_start_ms: float) -> Event:
    args = {"data": {"startTime": since_start_ms}}
    return event(name, "I", ts, cat="blink.user_timing", args=args)


def frame(ts: float, state: str) -> Event:
    return event("PipelineReporter", "b", ts, args={"frame_reporter": {"state": state}})


def key(ts: float, kind: str, took_ms: float) -> Event:
    data = {"type": kind, "timeStamp": 500.0, "commitFinishTime": 500.0 + took_ms, "duration": took_ms + 3}
    return event("EventTiming", "b", ts, args={"data": data})


def test_a_painted_mark_counts_from_the_start_of_the_navigation_to_the_frame_after_it() -> None:
    trace = Trace(
        [event("DrawFrame", "I", 99_000), mark("newest", 100_000, 40.0), event("DrawFrame", "I", 112_000)]
    )
    assert trace.first_frame_after("newest") == 52.0


def test_a_mark_that_was_set_twice_is_its_last() -> None:
    shots = [mark("there", 10_000, 5.0), mark("chosen", 50_000, 45.0), mark("there", 90_000, 85.0)]
    assert Trace([*shots, event("DrawFrame", "I", 95_000)]).between("chosen", "there") == 45.0


def test_a_mark_that_nothing_was_drawn_after_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing was drawn"):
        Trace([event("DrawFrame", "I", 1000), mark("newest", 2000, 1.0)]).first_frame_after("newest")
    with pytest.raises(ValueError, match="never set"):
        Trace([]).first_frame_after("newest")


def test_a_key_costs_what_the_main_thread_worked_and_not_what_it_waited() -> None:
    work = [
        task(1000, 4000, 3000),
        task(9000, 2000, 1500),
        task(40_000, 5000, 5000),
        task(2000, 9000, 9000, tid=OTHER),
    ]
    (pressed,) = Trace([key(1000, "keydown", 16.0), key(1000, "keyup", 16.0), *work]).keys()
    assert pressed.work_ms == 4.5
    assert pressed.shown_ms == 19.0


def test_frames_that_did_not_come_are_told_from_those_that_were_not_due() -> None:
    states = ["STATE_PRESENTED_ALL", "STATE_DROPPED", "STATE_NO_UPDATE_DESIRED", "STATE_PRESENTED_PARTIAL"]
    inside = [frame(2000 + n, state) for n, state in enumerate(states)]
    outside = [frame(500, "STATE_DROPPED"), frame(9000, "STATE_DROPPED")]
    found = Trace([mark("moves", 1000, 0), *inside, *outside, mark("rests", 8000, 7)]).frames(
        "moves", "rests"
    )
    assert (found.shown, found.dropped) == (2, 1)
    assert found.dropped_share == pytest.approx(1 / 3)


def test_work_is_shared_out_by_the_frame_in_which_it_began() -> None:
    begins = [event("BeginFrame", "I", at) for at in (1000, 17_000, 33_000)]
    work = [task(1100, 3000, 2000), task(5000, 1000, 1000), task(18_000, 30_000, 25_000)]
    trace = Trace([mark("moves", 0, 0), *begins, *work, mark("rests", 60_000, 60)])
    assert trace.frames("moves", "rests").work_ms == [3.0, 25.0]
    assert trace.longest_task("moves", "rests") == 30.0
