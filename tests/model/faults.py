"""What happens to devices and the server in a program."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from tests.model.stage import Stage
from tests.model.steps import Post, Step, pick, room_of


@dataclass(frozen=True)
class Open(Step):
    """A device shows a room, or (`older`) goes back in it by one page."""

    device: int
    room: int
    older: bool

    async def play(self, stage: Stage) -> None:
        device = pick(stage.devices, self.device)
        room = room_of(stage, self.room)
        copy = device.replica.rooms.get(room)
        await device.load(room, older=self.older and copy is not None and copy.opened)


@dataclass(frozen=True)
class Ask(Step):
    """A device asks for a replay without need."""

    device: int

    async def play(self, stage: Stage) -> None:
        device = pick(stage.devices, self.device)
        await device.ask(device.replica.positions())


@dataclass(frozen=True)
class Deafen(Step):
    """A device loses the next events that arrive."""

    device: int
    events: int

    async def play(self, stage: Stage) -> None:
        pick(stage.devices, self.device).deaf = self.events


@dataclass(frozen=True)
class Save(Step):
    device: int

    async def play(self, stage: Stage) -> None:
        pick(stage.devices, self.device).save()


@dataclass(frozen=True)
class Forget(Step):
    """A device loses its cache, or all of it since it was last saved."""

    device: int
    back_to_saved: bool

    async def play(self, stage: Stage) -> None:
        pick(stage.devices, self.device).forget(back_to_saved=self.back_to_saved)


@dataclass(frozen=True)
class Cut(Step):
    """A device's connection ends: at once (what was sent may or may not arrive), with only the answers lost,
    or by the server."""

    device: int
    how: Literal["at once", "answers lost", "by the server", "by the server, unheard", "server aborts"]

    async def play(self, stage: Stage) -> None:
        device = pick(stage.devices, self.device)
        if self.how == "at once":
            device.cut()
        elif self.how == "answers lost":
            await device.barrier()
            await stage.server.house.db.write(lambda tx: None)
            device.cut()
        else:
            abort = self.how == "server aborts"
            await stage.drop(device, heard=self.how == "by the server", abort=abort)


@dataclass(frozen=True)
class Enrol(Step):
    """Somebody signs in on one more device."""

    person: int

    async def play(self, stage: Stage) -> None:
        await stage.enrol(pick(stage.people, self.person))


@dataclass(frozen=True)
class Revoke(Step):
    """A device's session is ended by its owner, unless it is the only one."""

    device: int

    async def play(self, stage: Stage) -> None:
        await stage.revoke(pick(stage.devices, self.device))


@dataclass(frozen=True)
class ReadLate(Step):
    """The server's reads are slow from now on, or no longer."""

    late: bool

    async def play(self, stage: Stage) -> None:
        stage.read_late(self.late)


@dataclass(frozen=True)
class Back(Step):
    device: int

    async def play(self, stage: Stage) -> None:
        await pick(stage.devices, self.device).connect(stage.server)


@dataclass(frozen=True)
class Absence(Step):
    """A device that shows a room is away while `rows` rows come to it, about as many as a replay takes."""

    device: int
    room: int
    other: int
    rows: int

    async def play(self, stage: Stage) -> None:
        await Open(self.device, self.room, older=False).play(stage)
        device = pick(stage.devices, self.device)
        device.cut()
        await Post(self.other, self.room, count=self.rows).play(stage)
        await device.connect(stage.server)


@dataclass(frozen=True)
class BackDuring(Step):
    """A device comes back at the very moment when something happens."""

    device: int
    step: Step

    async def play(self, stage: Stage) -> None:
        device = pick(stage.devices, self.device)
        device.cut()
        await asyncio.gather(device.connect(stage.server), self.step.play(stage))


@dataclass(frozen=True)
class Restart(Step):
    crash: bool
    back: bool

    async def play(self, stage: Stage) -> None:
        await (stage.crash() if self.crash else stage.restart())
        for device in stage.devices if self.back else ():
            await device.connect(stage.server)
