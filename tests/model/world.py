"""What the server ought to do, said once more in plain Python: no SQL, no transactions, nothing shared.

A room is the list of its log's rows; `at(seq)` is the room as it stood after that row. `verdict` says what a
command should do to a room that stands so.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

ROOM_MEMBERS = 3
"""So small that rooms fill up."""

REPLAY_ROWS = 8
"""So few that a short absence is too long."""

Command = dict[str, Any]

ABANDONED = "abandoned"


@dataclass
class Said:
    """A message as it stands."""

    id: str
    seq: int
    rev: int
    author: str
    text: str | None
    client_id: str
    reply_to: str
    mentions: list[str] = field(default_factory=list)
    everyone: bool = False
    edited: bool = False


@dataclass
class Place:
    """A membership."""

    role: str
    joined: int
    muted: bool = False


@dataclass
class State:
    """A room after the row `head` of its log. `stretches`: what each person may see of it, as
    [from, to] with `to` None while the membership lasts; `changed`: the last row of the room itself."""

    kind: str
    history: str
    head: int = 0
    changed: int = 0
    archived: bool = False
    members: dict[str, Place] = field(default_factory=dict)
    stretches: dict[str, list[list[int | None]]] = field(default_factory=dict)
    messages: dict[str, Said] = field(default_factory=dict)

    def may_see(self, account: str, seq: int) -> bool:
        """Whether the place `seq` lies in a stretch of history that the account may see."""
        return any(
            start is not None and start <= seq and (end is None or seq <= end)
            for start, end in self.stretches.get(account, [])
        )

    def told(self, account: str, row: "Row") -> bool:
        """Whether the account hears of a row when it happens: not of changes to what it may not see."""
        return row.kind != "message" or self.may_see(account, self.messages[row.subject].seq)

    def seen_by(self, account: str) -> list[Said]:
        """Every message that the account may see, oldest first, tombstones too."""
        return [said for said in self.messages.values() if self.may_see(account, said.seq)]

    def unread(self, account: str, read_seq: int) -> tuple[int, int]:
        """Messages of others after `read_seq`, and those of them that are for the account."""
        unread = [
            said
            for said in self.seen_by(account)
            if said.seq > read_seq and said.author != account and said.text is not None
        ]
        return len(unread), sum(said.everyone or account in said.mentions for said in unread)

    def named(self, command: Command, seq: int) -> list[str]:
        """Those named in a command who are here and may see what stands at `seq`."""
        mentions = dict.fromkeys(command.get("mentions", []))
        return [person for person in mentions if person in self.members and self.may_see(person, seq)]

    def last(self, account: str) -> Said | None:
        """The newest message that is not deleted."""
        return next((said for said in reversed(self.seen_by(account)) if said.text is not None), None)


@dataclass(frozen=True)
class Row:
    """A row of a room's log. `change` is a member's new role (None: gone; a bool: muted or not), whether the
    room is archived, that it is ABANDONED, or the command of a message."""

    kind: str
    subject: str
    actor: str
    change: Any

    @property
    def plain(self) -> tuple[str, str, str]:
        """As the database has it."""
        return self.kind, self.subject, self.actor


@dataclass(frozen=True)
class Appends:
    """The command should add these rows; a message that it makes has no id yet (`""`)."""

    rows: list[Row]


@dataclass(frozen=True)
class Stands:
    """The command finds its work done, and answers with this."""

    subject: str
    seq: int


@dataclass(frozen=True)
class Refused:
    """The command should be refused with this code."""

    code: str


Verdict = Appends | Stands | Refused


class Chat:
    """A room and all that ever happened in it."""

    def __init__(self, room: str, kind: str, history: str) -> None:
        self.id = room
        self.rows: list[Row] = []
        self.states = [State(kind, history)]

    @property
    def now(self) -> State:
        return self.states[-1]

    def at(self, seq: int) -> State:
        """The room after row `seq`."""
        return self.states[seq]

    def add(self, row: Row) -> None:
        """One more row."""
        state = deepcopy(self.now)
        state.head += 1
        if row.kind == "member":
            _seat(state, row.subject, row.change)
        elif row.kind == "room":
            state.changed = state.head
            if row.change is not ABANDONED:
                state.archived = row.change
        else:
            _say(state, row)
        self.rows.append(row)
        self.states.append(state)


def _seat(state: State, account: str, role: str | bool | None) -> None:
    seq = state.head
    stretches = state.stretches.setdefault(account, [])
    if isinstance(role, bool):
        state.members[account].muted = role
    elif role is None:
        del state.members[account]
        for stretch in stretches:
            stretch[1] = seq if stretch[1] is None else stretch[1]
    elif account in state.members:
        state.members[account].role = role
    else:
        state.members[account] = Place(role, seq)
        if state.history == "all":
            stretches[:] = [[0, None]]
        else:
            stretches.append([seq, None])


def _say(state: State, row: Row) -> None:
    command = row.change
    if command["op"] == "post":
        state.messages[row.subject] = Said(
            id=row.subject,
            seq=state.head,
            rev=state.head,
            author=row.actor,
            text=command["content"]["text"],
            client_id=command["client_id"],
            reply_to=command.get("reply_to") or "",
            mentions=state.named(command, state.head),
            everyone=command.get("everyone", False),
        )
        return
    said = state.messages[row.subject]
    said.rev = state.head
    if command["op"] == "edit":
        said.text, said.edited = command["content"]["text"], True
        said.mentions = state.named(command, said.seq)
    else:
        said.text, said.mentions = None, []


def verdict(chat: str, state: State | None, account: str, command: Command) -> Verdict:
    """What `command` of `account` should do to the room `chat` that stands like `state` (None: no room)."""
    op = command["op"]
    if op == "create_room":
        return Appends([Row("member", account, account, "owner")])
    if op == "start_dm":
        if state is not None and state.head:
            return Stands(chat, state.head)
        return Appends([Row("member", each, account, "member") for each in (account, command["person"])])
    role = state.members[account].role if state is not None and account in state.members else None
    if op == "leave":
        return _leave(chat, state, account, command, role)
    if state is None or (op != "join" and role is None):
        return Refused("not_found")
    if op == "mark_unread":
        return Stands(chat, 0)
    if op in ("join", "add_member"):
        return _enter(chat, state, account, command, role)
    if op == "archive_room":
        return _archive(chat, state, account, command, role)
    if op in ("remove_member", "mute_member", "set_role", "transfer_room"):
        return _rule(chat, state, account, command, role)
    return _speak(state, account, command, role)


def _archive(chat: str, state: State, account: str, command: Command, role: str | None) -> Verdict:
    if role != "owner":
        return Refused("forbidden")
    if state.archived == command["archived"]:
        return Stands(chat, state.changed)
    return Appends([Row("room", chat, account, command["archived"])])


RANK = {"owner": 2, "moderator": 1, "member": 0}


def _rule(chat: str, state: State, account: str, command: Command, role: str | None) -> Verdict:
    """What owners and moderators do to others."""
    op, person = command["op"], command["person"]
    least = "moderator" if op in ("remove_member", "mute_member") else "owner"
    if state.kind == "dm" or role is None or RANK[role] < RANK[least] or person == account:
        return Refused("forbidden")
    if person not in state.members:
        return Stands(chat, state.head) if op == "remove_member" else Refused("not_found")
    theirs = state.members[person].role
    if RANK[theirs] >= RANK[role]:
        return Refused("forbidden")
    if op == "remove_member":
        return Appends(_dismissed(state, person, account))
    if op == "mute_member":
        return Appends([Row("member", person, account, command["until"] > 0)])
    if op == "transfer_room":
        rows = [Row("member", account, account, "moderator"), Row("member", person, account, "owner")]
        return Appends(rows)
    if theirs == command["role"]:
        return Stands(chat, state.head)
    return Appends([Row("member", person, account, command["role"])])


def _leave(chat: str, state: State | None, account: str, command: Command, role: str | None) -> Verdict:
    if state is None or role is None:
        return Stands(command["room"], 0)
    if state.kind == "dm":
        return Refused("forbidden")
    rows = _dismissed(state, account, account)
    if state.kind == "private" and len(state.members) == 1:
        # Nobody could ever come again.
        rows.append(Row("room", chat, "", ABANDONED))
    return Appends(rows)


def _enter(chat: str, state: State, account: str, command: Command, role: str | None) -> Verdict:
    person = command.get("person", account)
    if command["op"] == "join":
        if role is None and state.kind != "public":
            return Refused("not_found")
    elif state.kind == "dm" or (state.kind == "private" and role == "member"):
        return Refused("forbidden")
    if person in state.members:
        return Stands(chat, state.head)
    if state.archived:
        return Refused("room_archived")
    if len(state.members) >= ROOM_MEMBERS:
        return Refused("room_full")
    # Only a join finds nobody there.
    return Appends([Row("member", person, account, "member" if state.members else "owner")])


def _dismissed(state: State, person: str, actor: str) -> list[Row]:
    rows = [Row("member", person, actor, None)]
    rest = {account: place for account, place in state.members.items() if account != person}
    if rest and not any(place.role == "owner" for place in rest.values()):
        heir = min(rest, key=lambda account: (rest[account].role == "member", rest[account].joined))
        rows.append(Row("member", heir, actor, "owner"))
    return rows


def _speak(state: State, account: str, command: Command, role: str | None) -> Verdict:
    op = command["op"]
    about = command.get("reply_to") if op == "post" else command["message"]
    said = state.messages.get(about) if about else None
    silent = "room_archived" if state.archived else "muted" if state.members[account].muted else ""
    if op == "post" and silent:
        return Refused(silent)
    if command.get("everyone") and (state.kind == "dm" or role not in ("owner", "moderator")):
        return Refused("forbidden")
    if about and (said is None or not state.may_see(account, said.seq)):
        return Refused("not_found")
    if op == "post":
        return Appends([Row("message", "", account, command)])
    assert said is not None
    if said.author != account and not (op == "delete" and role in ("owner", "moderator")):
        return Refused("forbidden")
    if said.text is None:
        return Stands(said.id, said.rev) if op == "delete" else Refused("message_deleted")
    if op == "edit" and silent:
        return Refused(silent)
    return Appends([Row("message", said.id, account, command)])
