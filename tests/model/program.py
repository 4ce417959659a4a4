"""What a program is made of. Steps name people, rooms and messages by numbers that count round whatever there
is at that moment, so that a program stays one when hypothesis leaves steps out of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st

from tests.model.device import Deed, Device
from tests.model.stage import Stage
from tests.model.world import Said

T = TypeVar("T")


def _pick(things: Sequence[T], number: int) -> T:
    return things[number % len(things)]


def _room(stage: Stage, number: int) -> str:
    return _pick(list(stage.ledger.chats), number)


def _message(stage: Stage, number: int) -> Said | None:
    """Newest first, a room after the other."""
    chats = list(stage.ledger.chats.values())
    said = [each for chat in chats for each in reversed(chat.now.messages.values())]
    return _pick(said, number) if said else None


def _content(stage: Stage) -> dict[str, str]:
    return {"type": "text", "text": f"Saying {len(stage.deeds)}"}


async def _act(stage: Stage, device: int, op: str, **fields: Any) -> Deed:
    deed = await _pick(stage.devices, device).act(op, **fields)
    stage.deeds.append(deed)
    return deed


class Step:
    """One thing that happens."""

    async def play(self, stage: Stage) -> None:
        """Do it, without waiting for what comes of it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Post(Step):
    """Somebody says something, `count` times, perhaps in reply."""

    device: int
    room: int
    reply: int | None = None
    count: int = 1

    async def play(self, stage: Stage) -> None:
        said = None if self.reply is None else _message(stage, self.reply)
        reply = {"reply_to": said.id} if said else {}
        for _ in range(self.count):
            room = _room(stage, self.room)
            await _act(stage, self.device, "post", room=room, content=_content(stage), **reply)


@dataclass(frozen=True)
class Edit(Step):
    device: int
    message: int

    async def play(self, stage: Stage) -> None:
        said = _message(stage, self.message)
        if said is not None:
            await _act(stage, self.device, "edit", message=said.id, content=_content(stage))


@dataclass(frozen=True)
class Delete(Step):
    device: int
    message: int

    async def play(self, stage: Stage) -> None:
        said = _message(stage, self.message)
        if said is not None:
            await _act(stage, self.device, "delete", message=said.id)


@dataclass(frozen=True)
class Make(Step):
    device: int
    kind: Literal["public", "private"]
    history: Literal["all", "joined"]

    async def play(self, stage: Stage) -> None:
        fields = {"name": "Room", "kind": self.kind, "history": self.history}
        await _act(stage, self.device, "create_room", **fields)


@dataclass(frozen=True)
class Dm(Step):
    device: int
    person: int

    async def play(self, stage: Stage) -> None:
        person = _pick(stage.people, self.person).id
        if person != _pick(stage.devices, self.device).account.id:
            await _act(stage, self.device, "start_dm", person=person)


@dataclass(frozen=True)
class Go(Step):
    """Somebody joins or leaves."""

    device: int
    op: Literal["join", "leave"]
    room: int

    async def play(self, stage: Stage) -> None:
        await _act(stage, self.device, self.op, room=_room(stage, self.room))


@dataclass(frozen=True)
class Bring(Step):
    """Somebody adds or removes somebody."""

    device: int
    op: Literal["add_member", "remove_member"]
    room: int
    person: int

    async def play(self, stage: Stage) -> None:
        person = _pick(stage.people, self.person).id
        await _act(stage, self.device, self.op, room=_room(stage, self.room), person=person)


@dataclass(frozen=True)
class Read(Step):
    """Somebody has read up to `back` rows before the head, or beyond it."""

    device: int
    room: int
    back: int

    async def play(self, stage: Stage) -> None:
        room = _room(stage, self.room)
        seq = max(0, stage.ledger.chats[room].now.head - self.back)
        deed = await _pick(stage.devices, self.device).read(room, seq)
        if deed is not None:
            stage.reads.append(deed)


@dataclass(frozen=True)
class Repeat(Step):
    """A command that was acknowledged is sent once more, as it was or (`twisted`) with another content."""

    deed: int
    twisted: bool

    async def play(self, stage: Stage) -> None:
        done = [deed for deed in stage.deeds if deed.ack is not None and deed.device.online]
        if not done:
            return
        deed = _pick(done, self.deed)
        twist = self.twisted and deed.command["op"] in ("post", "edit")
        changed = {"content": {"type": "text", "text": "Twisted"}} if twist else {}
        answer = await deed.device.again(deed, **changed)
        if twist:
            assert answer.get("code") == "conflict", answer
        else:
            assert deed.ack is not None
            assert {**answer, "id": ""} == {**deed.ack, "id": ""}


@dataclass(frozen=True)
class Open(Step):
    """A device shows a room, or (`older`) goes back in it by one page."""

    device: int
    room: int
    older: bool

    async def play(self, stage: Stage) -> None:
        device = _pick(stage.devices, self.device)
        room = _room(stage, self.room)
        copy = device.replica.rooms.get(room)
        await device.load(room, older=self.older and copy is not None and copy.opened)


@dataclass(frozen=True)
class Ask(Step):
    """A device asks for a replay without need."""

    device: int

    async def play(self, stage: Stage) -> None:
        device: Device = _pick(stage.devices, self.device)
        await device.ask(device.replica.positions())


@dataclass(frozen=True)
class Deafen(Step):
    """A device loses the next events that arrive."""

    device: int
    events: int

    async def play(self, stage: Stage) -> None:
        _pick(stage.devices, self.device).deaf = self.events


@dataclass(frozen=True)
class Save(Step):
    device: int

    async def play(self, stage: Stage) -> None:
        _pick(stage.devices, self.device).save()


@dataclass(frozen=True)
class Forget(Step):
    """A device loses its cache, or all of it since it was last saved."""

    device: int
    back_to_saved: bool

    async def play(self, stage: Stage) -> None:
        _pick(stage.devices, self.device).forget(back_to_saved=self.back_to_saved)


@dataclass(frozen=True)
class Cut(Step):
    """A device's connection ends: at once (what was sent may or may not arrive), with only the answers lost,
    or by the server."""

    device: int
    how: Literal["at once", "answers lost", "by the server", "by the server, unheard", "server aborts"]

    async def play(self, stage: Stage) -> None:
        device = _pick(stage.devices, self.device)
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
class View(Step):
    """A device shows a room on its screen, so that it hears who types there."""

    device: int
    room: int

    async def play(self, stage: Stage) -> None:
        await _pick(stage.devices, self.device).say("view", room=_room(stage, self.room))


@dataclass(frozen=True)
class Type(Step):
    device: int
    room: int

    async def play(self, stage: Stage) -> None:
        await _pick(stage.devices, self.device).say("typing", room=_room(stage, self.room))


@dataclass(frozen=True)
class Enrol(Step):
    """Somebody signs in on one more device."""

    person: int

    async def play(self, stage: Stage) -> None:
        await stage.enrol(_pick(stage.people, self.person))


@dataclass(frozen=True)
class Revoke(Step):
    """A device's session is ended by its owner, unless it is the only one."""

    device: int

    async def play(self, stage: Stage) -> None:
        await stage.revoke(_pick(stage.devices, self.device))


@dataclass(frozen=True)
class Back(Step):
    device: int

    async def play(self, stage: Stage) -> None:
        await _pick(stage.devices, self.device).connect(stage.server)


@dataclass(frozen=True)
class BackDuring(Step):
    """A device comes back at the very moment when something happens."""

    device: int
    step: Step

    async def play(self, stage: Stage) -> None:
        device = _pick(stage.devices, self.device)
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


_device = st.integers(0, 5)
_small = st.integers(0, 4)
_flags = st.booleans()

_common: st.SearchStrategy[Step] = st.one_of(
    st.builds(Post, _device, _small, st.none() | _small),
    st.builds(Post, _device, _small, st.none(), st.integers(2, 12)),
    st.builds(Edit, _device, st.integers(0, 9)),
    st.builds(Delete, _device, st.integers(0, 9)),
    st.builds(Go, _device, st.sampled_from(("join", "leave")), _small),
    st.builds(Bring, _device, st.sampled_from(("add_member", "remove_member")), _small, st.integers(0, 3)),
    st.builds(Read, _device, _small, st.integers(-1, 6)),
    st.builds(Open, _device, _small, _flags),
)
_changes: st.SearchStrategy[Step] = st.one_of(
    st.builds(Post, _device, _small, st.none(), st.integers(1, 5)),
    st.builds(Delete, _device, st.integers(0, 9)),
    st.builds(Go, _device, st.sampled_from(("join", "leave")), _small),
    st.builds(Bring, _device, st.sampled_from(("add_member", "remove_member")), _small, st.integers(0, 3)),
)
_network: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        Cut,
        _device,
        st.sampled_from(
            ("at once", "answers lost", "by the server", "by the server, unheard", "server aborts")
        ),
    ),
    st.builds(Back, _device),
    st.builds(BackDuring, _device, _changes),
    st.builds(Deafen, _device, st.integers(1, 3)),
    st.builds(Ask, _device),
    st.builds(Save, _device),
    st.builds(Forget, _device, _flags),
    st.builds(Repeat, st.integers(0, 20), _flags),
    st.builds(View, _device, _small),
    st.builds(Type, _device, _small),
)
_rare: st.SearchStrategy[Step] = st.one_of(
    st.builds(Make, _device, st.sampled_from(("public", "private")), st.sampled_from(("all", "joined"))),
    st.builds(Dm, _device, st.integers(0, 3)),
    st.builds(Dm, _device, st.integers(0, 3)),
    st.builds(Restart, st.sampled_from((True, True, False)), _flags),
    st.builds(Enrol, st.integers(0, 3)),
    st.builds(Revoke, _device),
)

Program = list[list[Step]]
"""Scenes: what is in one happens at once, as far as the network lets it; between two all comes to rest."""

BEGINNING: Program = [
    [Make(0, "public", "all"), Make(2, "private", "joined"), Make(0, "public", "joined")],
    [
        Bring(0, "add_member", 0, 1),
        Bring(2, "add_member", 1, 0),
        Bring(0, "add_member", 2, 1),
        Post(0, 0),
        Post(2, 1),
        Post(0, 2),
    ],
]
"""What every program begins with, so that a short one has something to work on."""


def programs(scenes: int) -> st.SearchStrategy[Program]:
    """Programs of `scenes` scenes, some of them empty; common steps more often than rare ones."""
    kinds = (_common, _common, _common, _network, _network, _rare)
    scene = st.lists(st.sampled_from(kinds).flatmap(lambda kind: kind), max_size=8)
    return st.lists(scene, min_size=scenes // 2, max_size=scenes)


async def play(stage: Stage, program: Program) -> None:
    """Play a program on new people, then bring everybody online and let all of it come to rest."""
    await stage.cast()
    for scene in (*BEGINNING, *program):
        for step in scene:
            await step.play(stage)
        await stage.settle()
    for device in stage.devices:
        if device.missed:
            # What was lost last leaves no gap to be seen by; the next connection heals it.
            device.cut()
        await device.connect(stage.server)
        device.deaf = 0
    await stage.settle()
