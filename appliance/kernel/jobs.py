"""Durable jobs: enqueued in the transaction that needs them, run after COMMIT or after a restart, retried."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from appliance.kernel import logs
from appliance.kernel.clock import Clock
from appliance.kernel.db import Database
from appliance.kernel.ids import new_id
from appliance.kernel.metrics import Metrics
from appliance.kernel.tasks import Alarm
from appliance.kernel.transaction import Reader, Tx

Handler = Callable[[dict[str, Any]], Awaitable[int | None]]
"""Does the job; returns milliseconds until it wants to run again, or None when it is finished."""

WAKE = "jobs"
MAX_BACKOFF_MS = 3_600_000


def enqueue(tx: Tx, kind: str, payload: dict[str, Any], *, key: str | None = None, delay_ms: int = 0) -> None:
    """Ask for a job. With `key`, a job of that key that already waits is left as it is; one that runs right
    now may have looked before this transaction, so it runs once more."""
    tx.run(
        "INSERT INTO jobs (id, kind, key, payload, due) VALUES (:id, :kind, :key, :payload, :due)"
        # By its old id the runner no longer finds the row, and so does not delete it.
        " ON CONFLICT (key) DO UPDATE SET id = excluded.id",
        id=new_id(tx.now),
        kind=kind,
        key=key,
        payload=json.dumps(payload),
        due=tx.now + delay_ms,
    )
    tx.wake(WAKE)


def waiting(db: Reader) -> list[tuple[str, int, int, str]]:
    """(kind, due, attempts, last error) of all jobs, soonest first."""
    return [
        (kind, due, attempts, error)
        for kind, due, attempts, error in db.rows("SELECT kind, due, attempts, error FROM jobs ORDER BY due")
    ]


class Jobs:
    """Runs jobs one after the other; each `kind` has one handler."""

    def __init__(self, db: Database, clock: Clock, metrics: Metrics) -> None:
        self._db = db
        self._metrics = metrics
        self._clock = clock
        self._handlers: dict[str, Handler] = {}
        self._alarm = Alarm()

    def register(self, kind: str, handler: Handler) -> None:
        """`handler` does the jobs of `kind`. It may be called again for a job that a crash interrupted."""
        self._handlers[kind] = handler

    def wake(self) -> None:
        """Look for work now."""
        self._alarm.wake()

    async def run(self) -> None:
        """Work until cancelled."""
        await self._alarm.follow(self.run_due)

    async def run_due(self) -> float:
        """Run every job that is due; returns seconds until the next one (at most 60)."""
        while True:
            job, self._metrics.jobs.value = await self._db.read(
                lambda db: (
                    db.row("SELECT id, kind, payload, attempts, due FROM jobs ORDER BY due LIMIT 1"),
                    db.value("SELECT count(*) FROM jobs"),
                )
            )
            if job is None:
                return 60.0
            wait_ms: int = job[4] - self._clock.now_ms()
            if wait_ms > 0:
                return min(60.0, wait_ms / 1000)
            await self._attempt(job[0], job[1], json.loads(job[2]), job[3])

    async def _attempt(self, job: str, kind: str, payload: dict[str, Any], attempts: int) -> None:
        again: int | None
        error = ""
        try:
            again = await self._handlers[kind](payload)
            attempts = 0
        except Exception as failure:
            logs.failure("job.failed", failure, kind=kind, attempts=attempts + 1)
            again = min(MAX_BACKOFF_MS, 1000 * 2 ** min(attempts, 12))
            attempts += 1
            error = type(failure).__name__

        def settle(tx: Tx) -> None:
            if again is None:
                tx.run("DELETE FROM jobs WHERE id = :id", id=job)
            else:
                tx.run(
                    "UPDATE jobs SET due = :due, attempts = :attempts, error = :error WHERE id = :id",
                    id=job,
                    due=tx.now + again,
                    attempts=attempts,
                    error=error,
                )

        await self._db.write(settle)
