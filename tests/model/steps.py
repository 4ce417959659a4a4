"""What people do in a program.

Steps name people, rooms and messages by numbers that count round whatever there is at that moment, so that a
program stays one when hypothesis leaves steps out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from appliance.features.rooms.model import FOR_EVER
from tests.model.device import Deed
from tests.model.stage import Stage
from tests.model.world import Said

T = TypeVar("T")


def pick(things: Sequence[T], number: int) -> T:
    return things[number % len(things)]


def room_of(stage: Stage, number: int) -> str:
    return pick(list(stage.ledger.chats), number)


def _message(stage: Stage, number: int) -> Said | None:
    """Newest first, a room after the other."""
    chats = list(stage.ledger.chats.values())
    said = [each for chat in chats for each in reversed(chat.now.messages.values())]
    return pick(said, number) if said else None


def _content(stage: Stage) -> dict[str, str]:
    return {"type": "text", "text": f"Saying {len(stage.deeds)}"}


def _people(stage: Stage, numbers: tuple[int, ...]) -> list[str]:
    return [pick(stage.people, number).id for number in numbers]


async def _act(stage: Stage, device: int, op: str, **fields: Any) -> Deed:
    deed = await pick(stage.devices, device).act(op, **fields)
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
    names: tuple[int, ...] = ()
    everyone: bool = False

    async def play(self, stage: Stage) -> None:
        said = None if self.reply is None else _message(stage, self.reply)
        fields: dict[str, Any] = {"reply_to": said.id} if said else {}
        fields |= {"mentions": _people(stage, self.names)} if self.names else {}
        fields |= {"everyone": True} if self.everyone else {}
        for _ in range(self.count):
            room = room_of(stage, self.room)
            await _act(stage, self.device, "post", room=room, content=_content(stage), **fields)


@dataclass(frozen=True)
class Edit(Step):
    device: int
    message: int
    names: tuple[int, ...] = ()

    async def play(self, stage: Stage) -> None:
        said = _message(stage, self.message)
        names = {"mentions": _people(stage, self.names)} if self.names else {}
        if said is not None:
            await _act(stage, self.device, "edit", message=said.id, content=_content(stage), **names)


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
        person = pick(stage.people, self.person).id
        if person != pick(stage.devices, self.device).account.id:
            await _act(stage, self.device, "start_dm", person=person)


@dataclass(frozen=True)
class Go(Step):
    """Somebody joins or leaves."""

    device: int
    op: Literal["join", "leave"]
    room: int

    async def play(self, stage: Stage) -> None:
        await _act(stage, self.device, self.op, room=room_of(stage, self.room))


@dataclass(frozen=True)
class Bring(Step):
    """Somebody adds or removes somebody."""

    device: int
    op: Literal["add_member", "remove_member"]
    room: int
    person: int

    async def play(self, stage: Stage) -> None:
        person = pick(stage.people, self.person).id
        await _act(stage, self.device, self.op, room=room_of(stage, self.room), person=person)


@dataclass(frozen=True)
class Rule(Step):
    """Somebody makes somebody something else, hands the room over, or mutes them."""

    device: int
    what: Literal["moderator", "member", "owner", "mute", "unmute"]
    room: int
    person: int

    async def play(self, stage: Stage) -> None:
        fields = {"room": room_of(stage, self.room), "person": pick(stage.people, self.person).id}
        if self.what == "owner":
            await _act(stage, self.device, "transfer_room", **fields)
        elif self.what in ("mute", "unmute"):
            until = FOR_EVER if self.what == "mute" else 0
            await _act(stage, self.device, "mute_member", until=until, **fields)
        else:
            await _act(stage, self.device, "set_role", role=self.what, **fields)


@dataclass(frozen=True)
class Archive(Step):
    """Somebody closes a room, or opens it again."""

    device: int
    room: int
    archived: bool

    async def play(self, stage: Stage) -> None:
        room = room_of(stage, self.room)
        await _act(stage, self.device, "archive_room", room=room, archived=self.archived)


@dataclass(frozen=True)
class Read(Step):
    """Somebody has read up to `back` rows before the head, or beyond it."""

    device: int
    room: int
    back: int

    async def play(self, stage: Stage) -> None:
        room = room_of(stage, self.room)
        seq = max(0, stage.ledger.chats[room].now.head - self.back)
        deed = await pick(stage.devices, self.device).read(room, seq)
        if deed is not None:
            stage.reads.append(deed)


@dataclass(frozen=True)
class Aside(Step):
    """Somebody puts a room aside as unread."""

    device: int
    room: int

    async def play(self, stage: Stage) -> None:
        await _act(stage, self.device, "mark_unread", room=room_of(stage, self.room))


@dataclass(frozen=True)
class Interlude(Step):
    """An owner takes somebody out, says something without them, and brings them back."""

    room: int
    person: int
    count: int

    async def play(self, stage: Stage) -> None:
        room = room_of(stage, self.room)
        members = stage.ledger.chats[room].now.members
        owner = next((account for account, place in members.items() if place.role == "owner"), "")
        others = [account for account in members if account != owner]
        if not owner or not others:
            return
        device = next(at for at, held in enumerate(stage.devices) if held.account.id == owner)
        person = pick(others, self.person)
        await _act(stage, device, "remove_member", room=room, person=person)
        for _ in range(self.count):
            await _act(stage, device, "post", room=room, content=_content(stage))
        await _act(stage, device, "add_member", room=room, person=person)


@dataclass(frozen=True)
class Repeat(Step):
    """A command that was acknowledged is sent once more, as it was or (`twisted`) with another content."""

    deed: int
    twisted: bool

    async def play(self, stage: Stage) -> None:
        done = [deed for deed in stage.deeds if deed.ack is not None and deed.device.online]
        if not done:
            return
        deed = pick(done, self.deed)
        twist = self.twisted and deed.command["op"] in ("post", "edit")
        changed = {"content": {"type": "text", "text": "Twisted"}} if twist else {}
        answer = await deed.device.again(deed, **changed)
        if twist:
            assert answer.get("code") == "conflict", answer
        else:
            assert deed.ack is not None
            assert {**answer, "id": ""} == {**deed.ack, "id": ""}


@dataclass(frozen=True)
class View(Step):
    """A device shows a room on its screen, so that it hears who types there."""

    device: int
    room: int

    async def play(self, stage: Stage) -> None:
        await pick(stage.devices, self.device).say("view", room=room_of(stage, self.room))


@dataclass(frozen=True)
class Type(Step):
    device: int
    room: int

    async def play(self, stage: Stage) -> None:
        await pick(stage.devices, self.device).say("typing", room=room_of(stage, self.room))
