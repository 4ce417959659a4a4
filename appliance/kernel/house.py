"""What every feature may lean on, made once by the composition root."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from appliance.config import Config
from appliance.kernel.bus import Bus
from appliance.kernel.clock import Clock
from appliance.kernel.db import Database
from appliance.kernel.jobs import Jobs
from appliance.kernel.limits import Limiter, Window
from appliance.kernel.metrics import Metrics
from appliance.kernel.replay import Replays
from appliance.kernel.tasks import Tasks
from appliance.kernel.transaction import Tx

Purge = Callable[[Tx, str, int], int]
"""(tx, room, most) -> rows dropped, at most so many; 0 once nothing of the room is left in a feature's
tables."""


@dataclass(slots=True)
class House:
    """The kernel as one value. `limits` holds the limiters, each under the name of its option; `of_feature`
    what a feature keeps between its own requests (a thread pool, say), under a name of its choice. `purges`:
    how each feature lets go of a room that is gone for good, added in the order of the ladder. `stopping`:
    set when the server ends, for requests that are held open."""

    config: Config
    clock: Clock
    metrics: Metrics
    bus: Bus
    db: Database
    jobs: Jobs
    tasks: Tasks
    replays: Replays
    limits: dict[str, Limiter | Window] = field(default_factory=dict)
    of_feature: dict[str, Any] = field(default_factory=dict)
    purges: list[Purge] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
