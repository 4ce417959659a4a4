import asyncio

import pytest

from appliance.kernel import logs
from appliance.kernel.clock import HandClock
from appliance.kernel.tasks import LONGEST_WAIT, Alarm, Tasks


class Naps:
    """Sleeps that take no time but are written down; the clock goes on."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.clock.advance(seconds)
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks whose crashes were logged."""
    names: list[str] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, /, **fields: names.append(fields["task"]))
    return names


async def test_a_crash_is_logged_and_the_work_begins_again_ever_later(reported: list[str]) -> None:
    clock = HandClock()
    naps = Naps(clock)
    tasks = Tasks(clock, sleep=naps)
    done = asyncio.Event()

    async def work() -> None:
        if len(naps.taken) < 12:
            raise OSError("no luck")
        done.set()

    tasks.start("writer", work)
    await done.wait()
    assert naps.taken[:4] == [0.1, 0.2, 0.4, 0.8]
    assert max(naps.taken) == LONGEST_WAIT
    assert reported == ["writer"] * 12


async def test_after_a_good_run_a_crash_is_the_first_again() -> None:
    clock = HandClock()
    naps = Naps(clock)
    tasks = Tasks(clock, sleep=naps)
    done = asyncio.Event()

    async def work() -> None:
        if len(naps.taken) == 4:
            return done.set()
        if len(naps.taken) == 2:
            clock.advance(3600)
        raise OSError

    tasks.start("writer", work)
    await done.wait()
    assert naps.taken == [0.1, 0.2, 0.1, 0.2]


async def test_the_last_started_ends_first_and_each_ends_before_the_next() -> None:
    tasks = Tasks(HandClock())
    ended: list[str] = []

    def lasting(name: str) -> None:
        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(name)

        tasks.start(name, work)

    for name in ("writer", "jobs", "presence"):
        lasting(name)
    await asyncio.sleep(0)
    assert tasks.names == ["writer", "jobs", "presence"]
    assert await tasks.stop() == []
    assert ended == ["presence", "jobs", "writer"]
    assert tasks.names == []


async def test_a_task_that_will_not_end_does_not_hold_up_the_others() -> None:
    tasks = Tasks(HandClock())
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    tasks.start("good", asyncio.Event().wait)  # type: ignore[arg-type]
    tasks.start("stubborn", stubborn)
    await asyncio.sleep(0)
    assert await tasks.stop(within=0) == ["stubborn"]
    assert tasks.names == ["stubborn"]
    release.set()


async def test_nothing_starts_after_the_stop_or_twice() -> None:
    tasks = Tasks(HandClock())
    tasks.start("writer", asyncio.Event().wait)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        tasks.start("writer", asyncio.Event().wait)  # type: ignore[arg-type]
    await tasks.stop()
    with pytest.raises(RuntimeError):
        tasks.start("late", asyncio.Event().wait)  # type: ignore[arg-type]


async def test_an_alarm_looks_when_it_is_time_and_when_there_is_something_new() -> None:
    alarm = Alarm()
    looks = asyncio.Queue[int]()
    pauses: list[float | None] = [0.0, 0.001, None]

    async def look() -> float | None:
        looks.put_nowait(len(pauses))
        if len(pauses) == 1:
            # What is new while it looks is looked at next.
            alarm.wake()
        return pauses.pop(0) if pauses else None

    following = asyncio.ensure_future(alarm.follow(look))
    async with asyncio.timeout(10):
        assert [await looks.get() for _ in range(4)] == [3, 2, 1, 0]
        for _ in range(5):
            await asyncio.sleep(0)
        assert looks.empty(), "nothing is due, and nothing is new"
        alarm.wake()
        assert await looks.get() == 0
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
