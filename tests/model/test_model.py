"""Random programs against the real server; `world` says what ought to happen, `replica` is the client.

As many are played as fit into the time; `SAFEVOICE_MODEL=long` plays for ten minutes, and longer ones. A
failure prints the least program that still fails, and the seed that found it.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvloop
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from tests.model.checks import compare
from tests.model.program import Program, play, programs
from tests.model.stage import Stage

LONG = os.environ.get("SAFEVOICE_MODEL") == "long"
SEED = int(os.environ.get("SAFEVOICE_MODEL_SEED", "") or time.time_ns() % 2**32)
SECONDS, SCENES = (600, 24) if LONG else (20, 12)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Playing"]:
    playing = Playing(tmp_path_factory.mktemp("model"))
    yield playing
    playing.close()


class Playing:
    """An event loop and a stage on it; a new stage after each failure, so that none leads to another."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._folder = folder
        self._stages = 0
        self._stage: Stage | None = None
        self._began = time.monotonic()
        self._failed = False
        self.programs = 0
        self.steps = 0

    def play(self, program: Program) -> None:
        """Play one program and compare everything at its end; nothing once the time is over, unless it is
        about a failure that was found."""
        if self.over and not self._failed:
            return
        self._runner.run(self._play(program))
        self.programs += 1
        self.steps += sum(map(len, program))

    async def _play(self, program: Program) -> None:
        if self._stage is None:
            self._stages += 1
            self._stage = Stage(self._folder / str(self._stages))
            await self._stage.open()
        stage = self._stage
        try:
            await play(stage, program)
            await compare(stage)
        except BaseException:
            self._failed, self._stage = True, None
            await stage.close()
            raise

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self._began > SECONDS

    def close(self) -> None:
        """The end."""
        print(f"\n{self.programs} programs, {self.steps} steps, seed {SEED}")
        if self._stage is not None:
            self._runner.run(self._stage.close())
        self._runner.close()


def test_every_device_ends_with_what_the_server_has_and_never_sees_more(theatre: Playing) -> None:
    for number in itertools.count(SEED):
        seed(number)(_some_programs(theatre))()
        if theatre.over:
            return


def _some_programs(theatre: Playing) -> Callable[[], None]:
    """Plays a few programs at a time, because hypothesis counts examples and not seconds."""

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(program=programs(SCENES))
    def some(program: Program) -> None:
        note(f"SAFEVOICE_MODEL_SEED={SEED}")
        theatre.play(program)

    return some
