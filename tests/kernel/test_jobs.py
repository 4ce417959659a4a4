import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel import jobs, logs
from appliance.kernel.jobs import Jobs, enqueue
from appliance.kernel.metrics import Metrics
from tests.durability.kernel import Kernel, kernel


@pytest.fixture(autouse=True)
def failures(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The attempt of each failure that was logged."""
    attempts: list[int] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, /, **fields: attempts.append(fields["attempts"]))
    return attempts


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Kernel]:
    async with kernel(tmp_path) as opened:
        yield opened


class Worker:
    """Runs jobs of the kind "knit" and writes down their payloads."""

    def __init__(self, house: Kernel) -> None:
        self.house = house
        self.done: list[Any] = []
        self.jobs = Jobs(house.db, house.clock, Metrics())
        self.jobs.register("knit", self.knit)
        self.again: int | None = None
        self.failing = False

    async def knit(self, payload: dict[str, Any]) -> int | None:
        self.done.append(payload["what"])
        if self.failing:
            raise OSError("no wool")
        return self.again

    async def ask(self, what: str, **options: Any) -> None:
        await self.house.db.write(lambda tx: enqueue(tx, "knit", {"what": what}, **options))

    async def waiting(self) -> list[tuple[str, int, int, str]]:
        return await self.house.db.read(jobs.waiting)


async def test_a_job_is_run_once_and_is_gone(house: Kernel) -> None:
    worker = Worker(house)
    await worker.ask("scarf")
    assert await worker.jobs.run_due() == 60
    await worker.jobs.run_due()
    assert worker.done == ["scarf"]
    assert await worker.waiting() == []


async def test_a_job_whose_transaction_failed_was_never_asked_for(house: Kernel) -> None:
    worker = Worker(house)

    def regretting(tx: Any) -> None:
        enqueue(tx, "knit", {"what": "scarf"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await house.db.write(regretting)
    await worker.jobs.run_due()
    assert worker.done == []


async def test_a_job_runs_after_a_restart(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        await Worker(house).ask("scarf")
    async with kernel(tmp_path) as house:
        worker = Worker(house)
        await worker.jobs.run_due()
        assert worker.done == ["scarf"]


async def test_a_job_that_a_crash_interrupted_is_run_again(tmp_path: Path) -> None:
    async with kernel(tmp_path) as house:
        worker = Worker(house)
        begun = asyncio.Event()

        async def for_ever(payload: dict[str, Any]) -> int | None:
            begun.set()
            await asyncio.Event().wait()
            return None

        worker.jobs.register("knit", for_ever)
        await worker.ask("scarf")
        running = asyncio.ensure_future(worker.jobs.run())
        await begun.wait()
        running.cancel()
        await asyncio.wait([running])
    async with kernel(tmp_path) as house:
        worker = Worker(house)
        await worker.jobs.run_due()
        assert worker.done == ["scarf"]


async def test_a_job_waits_for_its_time(house: Kernel) -> None:
    worker = Worker(house)
    await worker.ask("later", delay_ms=5000)
    await worker.ask("sooner", delay_ms=2000)
    assert await worker.jobs.run_due() == 2
    house.clock.advance(2)
    assert await worker.jobs.run_due() == 3
    assert worker.done == ["sooner"]
    house.clock.advance(3)
    await worker.jobs.run_due()
    assert worker.done == ["sooner", "later"]


async def test_a_job_that_fails_is_retried_ever_later_and_then_counts_anew(
    house: Kernel, failures: list[int]
) -> None:
    worker = Worker(house)
    worker.failing = True
    await worker.ask("scarf")
    pauses = []
    for _ in range(16):
        await worker.jobs.run_due()
        due = (await worker.waiting())[0][1]
        pauses.append((due - house.clock.now_ms()) / 1000)
        house.clock.advance(pauses[-1])
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == pauses[-1] == jobs.MAX_BACKOFF_MS / 1000
    assert failures == list(range(1, 17))
    assert (await worker.waiting())[0][2:] == (16, "OSError")
    worker.failing, worker.again = False, 1000
    await worker.jobs.run_due()
    assert (await worker.waiting())[0][2:] == (0, "")


async def test_a_job_that_fails_holds_up_no_other(house: Kernel, failures: list[int]) -> None:
    worker = Worker(house)
    await house.db.write(lambda tx: enqueue(tx, "nobody knows how", {}))
    await worker.ask("scarf")
    await worker.jobs.run_due()
    assert worker.done == ["scarf"]
    assert failures == [1]


async def test_a_job_that_wants_to_runs_again_after_its_pause(house: Kernel) -> None:
    worker = Worker(house)
    worker.again = 7000
    await worker.ask("row")
    assert await worker.jobs.run_due() == 7
    house.clock.advance(7)
    worker.again = None
    await worker.jobs.run_due()
    assert worker.done == ["row", "row"]
    assert await worker.waiting() == []


async def test_a_key_waits_only_once_and_as_it_was_asked_for_first(house: Kernel) -> None:
    worker = Worker(house)
    await worker.ask("first", key="scarf", delay_ms=3000)
    await worker.ask("second", key="scarf")
    await worker.ask("other", key="sock")
    assert await worker.jobs.run_due() == 3
    house.clock.advance(3)
    await worker.jobs.run_due()
    assert worker.done == ["other", "first"]
    await worker.ask("third", key="scarf")
    await worker.jobs.run_due()
    assert worker.done == ["other", "first", "third"]


@pytest.mark.parametrize("failing", [False, True])
async def test_a_key_asked_for_while_its_job_runs_is_run_once_more(house: Kernel, failing: bool) -> None:
    """The run may have looked at the world before the transaction that asked changed it."""
    worker = Worker(house)
    asked = False

    async def knit(payload: dict[str, Any]) -> int | None:
        nonlocal asked
        worker.done.append(payload["what"])
        if not asked:
            asked = True
            await worker.ask("again", key="scarf")
            if failing:
                raise OSError("no wool")
        return None

    worker.jobs.register("knit", knit)
    await worker.ask("scarf", key="scarf")
    await worker.jobs.run_due()
    assert worker.done == ["scarf", "scarf"]
    assert await worker.waiting() == []


async def test_the_runner_wakes_when_a_transaction_asks(house: Kernel) -> None:
    worker = Worker(house)
    house.bus.on_wake(jobs.WAKE, worker.jobs.wake)
    done = asyncio.Event()

    async def knit(payload: dict[str, Any]) -> int | None:
        done.set()
        return None

    worker.jobs.register("knit", knit)
    running = asyncio.ensure_future(worker.jobs.run())
    await house.values()  # a moment in which it finds nothing to do
    await worker.ask("scarf")
    async with asyncio.timeout(10):
        await done.wait()
    running.cancel()
    await asyncio.wait([running])


@pytest.mark.parametrize("turns", range(6))
async def test_a_runner_that_is_woken_as_it_is_stopped_stops(
    house: Kernel, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    worker = Worker(house)
    looked = asyncio.Event()
    run_due = worker.jobs.run_due

    async def look() -> float:
        pause = await run_due()
        looked.set()
        return pause

    monkeypatch.setattr(worker.jobs, "run_due", look)
    running = asyncio.ensure_future(worker.jobs.run())
    await looked.wait()
    await asyncio.sleep(0)
    worker.jobs.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=2)
    assert running.cancelled()
