"""Making rooms, and coming into them."""

from dataclasses import dataclass

from appliance.features.auth import actions as auth
from appliance.features.auth.model import is_visible, one_line
from appliance.features.people import actions as people
from appliance.features.rooms import rolls, store
from appliance.features.rooms.actions.seeing import require, require_person
from appliance.features.rooms.actions.telling import (
    MEMBER,
    announce,
    take_leave,
    tell_member,
)
from appliance.features.rooms.model import AddMember, CreateRoom, Join, Role, Room, StartDm, StartGroup
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

MOST_IN_GROUP = 50


def named(name: str) -> str:
    """The name as a room gets it; raises bad_request for an empty one."""
    tidied = one_line(name)
    if not is_visible(tidied):
        raise Refusal("bad_request", field="name", text="A room needs a name.")
    return tidied


def known_category(db: Reader, category: str) -> str:
    """The category, if there is one or none is meant; raises not_found."""
    if category and category not in {each.id for each in rolls.categories(db)}:
        raise Refusal("not_found", field="category")
    return category


@dataclass(frozen=True, slots=True)
class Rooms:
    """The verbs that need a limit from the configuration."""

    room_members: int

    def create(self, tx: Tx, who: Who, command: CreateRoom) -> Outcome:
        """Make a room and own it."""
        made = Room(
            id=new_id(tx.now),
            kind=command.kind,
            name=named(command.name),
            topic=one_line(command.topic),
            history=command.history,
            icon=one_line(command.icon),
            category=known_category(tx, command.category or ""),
            posting=command.posting,
        )
        return Outcome(made.id, self.found(tx, who, made))

    def found(self, tx: Tx, who: Who, made: Room) -> int:
        """Store a room that is somebody's own; returns its seq."""
        store.add_room(tx, made, None)
        journal.open_log(tx, made.id)
        return self.admit(tx, made.id, who.account, "owner", actor=who.account)

    def start_dm(self, tx: Tx, who: Who, command: StartDm) -> Outcome:
        """Open the one direct message between two people, or find it."""
        if command.person == who.account:
            raise Refusal("not_found", field="person")
        require_person(tx, command.person)
        pair = ":".join(sorted((who.account, command.person)))
        found = store.dm_of(tx, pair)
        if found is not None:
            return Outcome(found, journal.head(tx, found))
        require_reachable(tx, who, command.person)
        made = Room(id=new_id(tx.now), kind="dm")
        return self.gather(tx, who, made, pair, [who.account, command.person])

    def start_group(self, tx: Tx, who: Who, command: StartGroup) -> Outcome:
        """Open a group, in which all are equal."""
        others = [person for person in dict.fromkeys(command.people) if person != who.account]
        if not 1 <= len(others) < MOST_IN_GROUP:
            text = f"A group has 2 to {MOST_IN_GROUP} people."
            raise Refusal("bad_request", field="people", text=text)
        for person in others:
            require_reachable(tx, who, person)
        made = Room(
            id=new_id(tx.now),
            kind="group",
            name=one_line(command.name),
            history="joined",
            member_limit=MOST_IN_GROUP,
        )
        return self.gather(tx, who, made, None, [who.account, *others])

    def gather(self, tx: Tx, who: Who, made: Room, pair: str | None, accounts: list[str]) -> Outcome:
        """Store a room in which all are equal, with all of them in it from the start."""
        store.add_room(tx, made, pair)
        journal.open_log(tx, made.id)
        # All rows first, so that each one's first sight of the room shows the others.
        for account in accounts:
            seq = self._enter(tx, made.id, account, "member", actor=who.account)
        for account in accounts:
            announce(tx, account, made.id, actor=who.account)
        return Outcome(made.id, seq)

    def join(self, tx: Tx, who: Who, command: Join) -> Outcome:
        """Join a public room."""
        if store.role_of(tx, command.room, who.account) is not None:
            return Outcome(command.room, journal.head(tx, command.room))
        found = store.room(tx, command.room)
        if found is None or found.kind != "public" or found.deleted_at:
            raise Refusal("not_found", field="room")
        # A room that everybody left would else have no owner for ever.
        role: Role = "member" if store.has_owner(tx, command.room) else "owner"
        return Outcome(command.room, self.admit(tx, command.room, who.account, role, actor=who.account))

    def add_member(self, tx: Tx, who: Who, command: AddMember) -> Outcome:
        """Bring somebody in."""
        found, _ = require(tx, who, command.room, "add_member")
        person = require_person(tx, command.person)
        if store.role_of(tx, command.room, command.person) is not None:
            return Outcome(command.room, journal.head(tx, command.room))
        if found.kind == "group":
            require_reachable(tx, who, command.person)
        elif person.guest:
            raise Refusal("forbidden", field="person")
        seq = self.admit(tx, command.room, command.person, "member", actor=who.account)
        return Outcome(command.room, seq)

    def admit(self, tx: Tx, room: str, account: str, role: Role, *, actor: str) -> int:
        """Make the account a member and tell everybody; returns the room's seq. The room must exist. Raises
        room_archived, banned or room_full. Whoever is in already stays what they are."""
        if store.role_of(tx, room, account) is not None:
            return journal.head(tx, room)
        seq = self._enter(tx, room, account, role, actor=actor)
        announce(tx, account, room, actor=actor)
        return seq

    def _enter(self, tx: Tx, room: str, account: str, role: Role, *, actor: str) -> int:
        found = store.room(tx, room)
        assert found is not None
        if found.archived_at or found.deleted_at:
            raise Refusal("room_archived", field="room")
        if store.is_banned(tx, room, account):
            raise Refusal("banned", field="room")
        for limit, most in (("room_members", self.room_members), ("member_limit", found.member_limit)):
            if 0 < most <= found.member_count:
                raise Refusal("room_full", limit=limit)
        seq = journal.append(tx, room, MEMBER, account, actor)
        from_seq = 0 if found.history == "all" else seq
        store.add_member(tx, room, account, role, seq=seq, from_seq=from_seq)
        count = store.count_members(tx, room, 1)
        tell_member(tx, room, account, role, seq, count)
        return seq


def require_reachable(db: Reader, who: Who, account: str) -> None:
    """Raises not_found or forbidden for a person whom one may not write to out of the blue: guests are only
    in the rooms of their links, some block others, and newcomers write only to those who look after the
    community."""
    person, theirs = require_person(db, account), auth.standing(db, account)
    if theirs is None or theirs[0] not in ("admin", "moderator"):
        auth.require_trusted(db, who)
    if person.guest or people.blocked_by(db, who.account, account):
        raise Refusal("forbidden", field="person", text="You cannot write to this person.")


def enter_unseen(tx: Tx, room: str, account: str) -> None:
    """Bring somebody of the staff into a support room: they follow it, and nobody there is told."""
    if store.role_of(tx, room, account) is None:
        # Without a row in the room's log: even a hole in it would say that somebody came.
        store.add_member(tx, room, account, "staff", seq=journal.head(tx, room), from_seq=0)
        tx.follow(account, rolls.unseen_topic(room, auth.desk_of(tx)))
        announce(tx, account, room, actor=account)


def leave_unseen(tx: Tx, room: str, account: str) -> None:
    """Take somebody of the staff out again, as quietly."""
    if store.role_of(tx, room, account) == "staff":
        store.drop_member(tx, room, account, seq=journal.head(tx, room))
        tx.unfollow(account, rolls.unseen_topic(room, auth.desk_of(tx)))
        take_leave(tx, account, room, "left", actor=account)
