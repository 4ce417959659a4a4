"""Lets the demo community live: everything goes through the features' own verbs, on a clock moved by hand."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from appliance.dev.seed import sound
from appliance.dev.seed.script import Character, Script, categories
from appliance.dev.seed.timeline import MONTHS_DAYS, Said, Teller
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.auth.model import DeviceKind
from appliance.features.messages import actions as messages
from appliance.features.messages.actions import Messages
from appliance.features.messages.model import CallEntry, Delete, Edit, Listen, Post, Read, Text
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.model import (
    ArchiveRoom,
    ChangeRoom,
    CreateRoom,
    NewCategory,
    NewSecretRoom,
    SetRole,
    StartDm,
    StartGroup,
)
from appliance.kernel.commands import digest, once
from appliance.kernel.ids import new_secret
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

COMMUNITY = "Kiln & Kale"
ADMIN = "ada"
DM_MESSAGES = 60
"""Messages of each direct message, the hand-written ones among them."""
AT_ONCE = 400
CALL = "☎ "
VOICE = "🎙"

_DEVICES: tuple[tuple[str, DeviceKind], ...] = (
    ("Firefox on Linux", "desktop"),
    ("Safari on iPhone", "phone"),
    ("Chrome on Android", "phone"),
    ("Chrome on Windows", "desktop"),
    ("Safari on Mac", "desktop"),
)

Happening = Callable[[Tx], None]


@dataclass
class Place:
    """A room while it is told. `seqs`: where each message stands, with its author."""

    script: Script
    members: list[str]
    id: str = ""
    told: list[Said] = field(default_factory=list)
    seqs: list[tuple[int, str]] = field(default_factory=list)


class Community:
    """Everything that happens, in order; `happenings` gives the moments with what to do then."""

    def __init__(
        self, people: list[Character], halls: list[Script], dms: list[Script], end: datetime, seed: int
    ) -> None:
        self._people = people
        self._end = end
        self._begin = end - timedelta(days=MONTHS_DAYS + 1)
        self._chance = random.Random(seed)
        self._teller = Teller(people, end, seed)
        self._everybody = [person.name for person in people]
        self._rooms = [Place(script, self._members(script)) for script in halls]
        self._dms = [Place(script, script.members) for script in dms]
        self._who: dict[str, Who] = {}
        self._headings: dict[str, str] = {}
        self._ids: dict[int, str] = {}
        self._commands = 0
        self._verbs = rooms.Rooms(room_members=0)
        self._speak = Messages(text_bytes=8192)

    def _members(self, script: Script) -> list[str]:
        rest = self._everybody if script.everybody else []
        return list(dict.fromkeys([*script.members, *rest]))

    def tell(self, messages_in_all: int) -> int:
        """Decide who says what; returns the number of messages."""
        for place in self._dms:
            place.told = self._teller.tell(place.script, place.members, DM_MESSAGES)
        left = messages_in_all - sum(len(place.told) for place in self._dms)
        shares = sum(place.script.number("share") for place in self._rooms)
        for place in self._rooms:
            share, left_shares = place.script.number("share"), shares
            count = round(left * share / left_shares)
            left, shares = left - count, shares - share
            place.told = self._teller.tell(place.script, place.members, count)
        return sum(len(place.told) for place in (*self._rooms, *self._dms))

    def happenings(self, password: str) -> Iterator[tuple[datetime, Happening]]:
        """(when, what) of everything, in order. `password`: everybody's, hashed."""
        found: list[tuple[datetime, Happening]] = []
        for number, person in enumerate(self._people):
            found.append((self._came(person, number), self._arrive(person, number, password)))
        found.append((self._begin + timedelta(hours=2), self._set_headings))
        for number, place in enumerate((*self._rooms, *self._dms)):
            found.append((self._begin + timedelta(hours=3, minutes=number), self._found(place)))
            for said in place.told:
                found.append((said.at, self._say(place, said)))
                if said.changed_at and said.changed_at < self._end:
                    found.append((said.changed_at, self._change(said)))
            # Slow mode would also hold back who writes two messages a minute by script.
            late = self._end - timedelta(days=place.script.number("archived"))
            found.append((late, self._settle(place)))
        found += (
            (self._came(person, 60), self._join_all(person.name))
            for person in self._people
            if person.since_days is not None
        )
        found.append((self._end, self._leave_marks))
        yield from sorted(found, key=lambda happening: happening[0])

    def _came(self, person: Character, minutes: int) -> datetime:
        if person.since_days is None:
            return self._begin + timedelta(minutes=minutes)
        return self._end - timedelta(days=person.since_days, minutes=90 - minutes)

    # What can happen

    def _arrive(self, person: Character, number: int, password: str) -> Happening:
        def arrive(tx: Tx) -> None:
            account = NewAccount(person.name, person.display, password)
            me = (
                auth.set_up(tx, COMMUNITY, account) if person.name == ADMIN else auth.add_account(tx, account)
            )
            devices = _DEVICES[:2] if person.name == ADMIN else _DEVICES[number % len(_DEVICES) :][:1]
            for name, kind in devices:
                _, device = auth.sign_in(tx, me.id, NewDevice(name, kind, new_secret()))
            if person.moderator:
                me = auth.change_role(tx, me.id, "moderator")
            self._who[person.name] = Who(me.id, device, me.role)

        return arrive

    def _set_headings(self, tx: Tx) -> None:
        wanted = [NewCategory(name=name) for name in categories()]
        made = rooms.set_categories(tx, self._who[ADMIN], wanted)
        self._headings = {category.name: category.id for category in made}

    def _found(self, place: Place) -> Happening:
        def found(tx: Tx) -> None:
            first, *others = (name for name in place.members if name in self._who)
            owner, accounts = self._who[first], [self._who[name].account for name in others]
            if "with" in place.script.headers:
                place.id = self._meet(tx, owner, accounts, place.script)
                return
            place.id = self._open(tx, owner, place.script)
            for account in accounts:
                self._verbs.admit(tx, place.id, account, "member", actor=owner.account)
            for name in place.script.words("moderators"):
                tx.now += 1
                promote = SetRole(
                    client_id=self._client_id(),
                    room=place.id,
                    person=self._who[name].account,
                    role="moderator",
                )
                rooms.set_role(tx, owner, promote)

        return found

    def _meet(self, tx: Tx, who: Who, others: list[str], script: Script) -> str:
        """A direct message, or a group."""
        if len(others) == 1:
            dm = StartDm(client_id=self._client_id(), person=others[0])
            return self._verbs.start_dm(tx, who, dm).subject
        group = StartGroup(client_id=self._client_id(), people=others, name=script.headers["name"])
        return self._verbs.start_group(tx, who, group).subject

    def _open(self, tx: Tx, who: Who, script: Script) -> str:
        """A room of somebody's own."""
        headers = script.headers
        if headers["kind"] == "secret":
            secret = NewSecretRoom(client_id=self._client_id(), name=headers["name"], history="all")
            made = rooms.create_secret(tx, self._verbs, who, secret, "", "").room
            looks = ChangeRoom(
                client_id=self._client_id(), room=made, topic=headers["topic"], icon=headers["icon"]
            )
            rooms.change_room(tx, who, looks)
            return made
        create = CreateRoom(
            client_id=self._client_id(),
            name=headers["name"],
            kind="private" if headers["kind"] == "private" else "public",
            topic=headers["topic"],
            icon=headers["icon"],
            category=self._headings.get(headers.get("category", "")),
        )
        return self._verbs.create(tx, who, create).subject

    def _settle(self, place: Place) -> Happening:
        """What a room became."""

        def settle(tx: Tx) -> None:
            owner, id_ = self._who[place.members[0]], self._client_id()
            if "archived" in place.script.headers:
                rooms.archive(tx, owner, ArchiveRoom(client_id=id_, room=place.id, archived=True))
            elif slow_s := place.script.number("slow"):
                rooms.change_room(tx, owner, ChangeRoom(client_id=id_, room=place.id, slow_s=slow_s))

        return settle

    def _join_all(self, name: str) -> Happening:
        def join(tx: Tx) -> None:
            account = self._who[name].account
            for place in self._rooms:
                if name in place.members:
                    self._verbs.admit(tx, place.id, account, "member", actor=account)

        return join

    def _say(self, place: Place, said: Said) -> Happening:
        def say(tx: Tx) -> None:
            who = self._who[said.who]
            if said.text.startswith(CALL):
                place.seqs.append((_call(tx, place.id, who, said.text.removeprefix(CALL).split()), said.who))
                return
            post = Post(
                client_id=self._client_id(),
                room=place.id,
                content=sound.said(tx, who) if said.text == VOICE else _content(said.first or said.text),
                reply_to=self._ids.get(id(said.reply_to)) if said.reply_to else None,
            )
            # Remembered as a command, as if a browser had sent it: that is what a real database holds.
            message, seq, _ = once(
                tx, who, post.client_id, digest(post), lambda: self._speak.post(tx, who, post)
            )
            self._ids[id(said)] = message
            place.seqs.append((seq, said.who))
            # The admin, who looks at all this, sees that they were heard.
            for other in place.members if said.text == VOICE and said.who == ADMIN else ():
                messages.listen(tx, self._who[other], Listen(client_id=self._client_id(), message=message))

        return say

    def _change(self, said: Said) -> Happening:
        def change(tx: Tx) -> None:
            who, message = self._who[said.who], self._ids[id(said)]
            if said.deleted:
                messages.delete(tx, who, Delete(client_id=self._client_id(), message=message))
            else:
                edit = Edit(client_id=self._client_id(), message=message, content=_content(said.text))
                self._speak.edit(tx, who, edit)

        return change

    def _leave_marks(self, tx: Tx) -> None:
        """How far everybody has read: the admin as the script says, others more or less."""
        for place in (*self._rooms, *self._dms):
            for name in place.members:
                others = [seq for seq, author in place.seqs if author != name]
                mine = [seq for seq, author in place.seqs if author == name]
                unread = place.script.number("unread") if name == ADMIN else self._behind()
                upto = max(others[: len(others) - unread][-1:] + mine[-1:], default=0)
                if upto:
                    messages.read(tx, self._who[name], Read(room=place.id, seq=upto))

    def _behind(self) -> int:
        return 0 if self._chance.random() < 0.5 else int(self._chance.expovariate(1 / 12))

    def _client_id(self) -> str:
        self._commands += 1
        return f"seed-{self._commands:020d}"


def _content(text: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(Text(text)))


def _call(tx: Tx, room: str, who: Who, words: list[str]) -> int:
    """Somebody called; returns where that stands."""
    *kind, end = words
    minutes, _, seconds = end.rpartition(":")
    lasted = (60 * int(minutes) + int(seconds)) * 1000 if minutes else 0
    outcome = "answered" if lasted else end
    entry = {"type": "call", "video": kind == ["video"], "outcome": outcome, "duration_ms": lasted}
    caller = auth.person(tx, who.account)
    assert caller is not None
    return messages.note_call(tx, room, caller, msgspec.convert(entry, CallEntry), quiet=lasted > 0)


def batches(
    happenings: Iterator[tuple[datetime, Happening]],
) -> Iterator[Callable[[Tx], None]]:
    """Units of work of several happenings each; inside, the transaction's clock is moved by hand, on with
    each of them: what is made in one millisecond stands in any order."""
    last = 0
    while some := list(islice(happenings, AT_ONCE)):

        def unit(tx: Tx, some: list[tuple[datetime, Happening]] = some) -> None:
            nonlocal last
            for when, happen in some:
                tx.now = max(int(when.timestamp() * 1000), last + 1)
                happen(tx)
                last = tx.now

        yield unit
