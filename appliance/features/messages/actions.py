"""What people do with messages."""

from dataclasses import dataclass
from typing import Any

import msgspec

from appliance.features.messages import store
from appliance.features.messages.model import (
    MAX_RAW,
    Content,
    Delete,
    Edit,
    Message,
    MessageChanged,
    Page,
    Post,
    Read,
    ReadChanged,
    Summary,
)
from appliance.features.rooms import actions as rooms
from appliance.kernel import journal
from appliance.kernel.commands import Outcome, forget_later
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from appliance.wire.decode import decode

newest_at = store.newest_at

MESSAGE = "message"
READ = "read"


class _NoKind(msgspec.Struct, tag_field="type", tag=""):
    """Makes the kinds of content a union: of a single kind msgspec would not insist on `type`."""


_content: msgspec.json.Decoder[Content | _NoKind] = msgspec.json.Decoder(Content | _NoKind)


class Messages:
    """The verbs that need a limit from the configuration."""

    def __init__(self, text_bytes: int) -> None:
        self._text_bytes = text_bytes

    def check(self, raw: msgspec.Raw) -> bytes:
        """The content's bytes, once they are known to be one of the kinds there are, and within the limit."""
        received = bytes(raw)
        if len(received) > max(MAX_RAW, 6 * self._text_bytes + 256):
            raise Refusal("text_too_long", field="content", limit="text_bytes")
        try:
            content = decode(_content, received)
        except msgspec.DecodeError as error:
            raise Refusal("content_unknown", field="content") from error
        if isinstance(content, _NoKind):
            raise Refusal("content_unknown", field="content")
        if not content.text.strip():
            raise Refusal("text_empty", field="content")
        if len(content.text.encode()) > self._text_bytes:
            raise Refusal("text_too_long", field="content", limit="text_bytes")
        return received

    def post(self, tx: Tx, who: Who, command: Post) -> Outcome:
        """Say something in a room."""
        content = self.check(command.content)
        author = store.author_in(tx, command.room, who.account)
        if author is None:
            raise Refusal("not_found", field="room")
        if command.reply_to is not None:
            quoted = store.seen(tx, who.account, command.reply_to)
            if quoted is None or quoted[0].room != command.room:
                raise Refusal("not_found", field="reply_to")
        message_id = new_id(tx.now)
        seq = journal.take(tx, command.room)
        message = Message(
            id=message_id,
            room=command.room,
            seq=seq,
            rev=seq,
            author=who.account,
            at=tx.now,
            content=msgspec.Raw(content),
            client_id=command.client_id,
            reply_to=command.reply_to or "",
        )
        store.add(tx, message, who.device)
        tx.emit(command.room, MessageChanged(log=command.room, seq=seq, message=message, person=author))
        return Outcome(message_id, seq, kept=True)

    def edit(self, tx: Tx, who: Who, command: Edit) -> Outcome:
        """Replace the content of one's own message."""
        content = self.check(command.content)
        message = _require(tx, who, command.message)
        if message.author != who.account:
            raise Refusal("forbidden", field="message")
        if message.deleted_at:
            raise Refusal("message_deleted", field="message")
        rev = journal.append(tx, message.room, MESSAGE, message.id, who.account)
        store.rewrite(tx, message.id, content, rev)
        _tell(tx, who, message.id, rev)
        return Outcome(message.id, rev)


def delete(tx: Tx, who: Who, command: Delete) -> Outcome:
    """Take a message back: its author, or an owner of the room."""
    message = _require(tx, who, command.message)
    if message.author != who.account and rooms.require_member(tx, who, message.room)[1] != "owner":
        raise Refusal("forbidden", field="message")
    if message.deleted_at:
        return Outcome(message.id, message.rev)
    rev = journal.append(tx, message.room, MESSAGE, message.id, who.account)
    forget_later(tx, *store.bury(tx, message.id, rev))
    _tell(tx, who, message.id, rev)
    return Outcome(message.id, rev)


def read(tx: Tx, who: Who, command: Read) -> Outcome:
    """Move one's read mark forward."""
    if rooms.role_of(tx, command.room, who.account) is None:
        raise Refusal("not_found", field="room")
    if command.seq > journal.head(tx, command.room):
        raise Refusal("seq_ahead", field="seq")
    if command.seq <= store.read_seq(tx, command.room, who.account):
        return Outcome(command.room, command.seq)
    store.mark_read(tx, command.room, who.account, command.seq)
    seq = journal.append(tx, who.account, READ, command.room, who.account)
    unread = store.unread(tx, command.room, who.account, command.seq)
    tx.emit(
        who.account,
        ReadChanged(log=who.account, seq=seq, room=command.room, read_seq=command.seq, unread=unread),
    )
    return Outcome(command.room, command.seq)


def _require(db: Reader, who: Who, message_id: str) -> Message:
    """A message in a room that one is in now, in a stretch that one may see; else not_found."""
    found = store.seen(db, who.account, message_id)
    if found is None:
        raise Refusal("not_found", field="message")
    rooms.require_member(db, who, found[0].room)
    return found[0]


def visible(db: Reader, who: Who, message_id: str) -> Message:
    """A message that one may see now, for features that speak of messages; raises not_found."""
    return _require(db, who, message_id)


def _tell(tx: Tx, who: Who, message_id: str, seq: int) -> None:
    found = store.seen(tx, who.account, message_id)
    assert found is not None
    message, person = found
    event = MessageChanged(log=message.room, seq=seq, message=message, person=person)
    rooms.tell_who_may_see(tx, message.room, message.seq, event)


# Pages of history


@dataclass(frozen=True, slots=True)
class Place:
    """Which run of a room's history: below `before`, above `after`, around a message, or the newest."""

    before: int | None = None
    after: int | None = None
    around: str | None = None
    limit: int = 20


def page(db: Reader, who: Who, room: str, place: Place) -> Page:
    """A run of messages without holes, oldest first, as one reader's snapshot has it."""
    rooms.require_member(db, who, room)
    newest = journal.head(db, room)
    run, has_before, has_after = _run(db, who, room, place, newest)
    held = {message.id for message, _ in run}
    missing = {message.reply_to for message, _ in run if message.reply_to} - held
    quoted = store.seen_of(db, who.account, sorted(missing))
    mark = store.read_seq(db, room, who.account)
    people = {person.id: person for _, person in (*run, *quoted)}
    return Page(
        room=room,
        messages=[message for message, _ in run],
        quoted=[message for message, _ in quoted],
        people=list(people.values()),
        has_before=has_before,
        has_after=has_after,
        head=newest,
        read_seq=mark,
        unread=store.unread(db, room, who.account, mark),
    )


def _run(
    db: Reader, who: Who, room: str, place: Place, newest: int
) -> tuple[list[store.Authored], bool, bool]:
    most, me = place.limit, who.account
    if place.around is not None:
        target = store.seen(db, me, place.around)
        if target is None or target[0].room != room:
            raise Refusal("not_found", field="around")
        seq = target[0].seq
        below = store.before(db, me, room, seq, most // 2 + 1)
        above = store.after(db, me, room, seq, most - most // 2)
        older, newer = len(below) > most // 2, len(above) > most - most // 2 - 1
        return [*below[older:], target, *above[: most - most // 2 - 1]], older, newer
    if place.after is not None:
        run = store.after(db, me, room, place.after, most + 1)
        return run[:most], bool(store.before(db, me, room, place.after + 1, 1)), len(run) > most
    edge = newest + 1 if place.before is None else place.before
    run = store.before(db, me, room, edge, most + 1)
    more = bool(store.after(db, me, room, edge - 1, 1)) if place.before is not None else False
    return (run[1:], True, more) if len(run) > most else (run, False, more)


# Replay


def load_messages(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """Messages that were posted, edited or deleted, as they stand now."""
    seqs = dict(subjects)
    return [
        MessageChanged(log=log, seq=seqs[message.id], message=message, person=person)
        for message, person in store.seen_of(db, account, list(seqs))
    ]


def load_reads(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """How far I have read on another device."""
    events = []
    for room, seq in subjects:
        mark = store.read_seq(db, room, account)
        if not mark:
            # I am no longer there, and what becomes of the room is not mine to know.
            continue
        unread = store.unread(db, room, account, mark)
        events.append(ReadChanged(log=account, seq=seq, room=room, read_seq=mark, unread=unread))
    return events


def summaries(db: Reader, account: str, asked: list[str]) -> list[Any]:
    """How each room stands for me."""
    return [_summary(db, account, room) for room in asked]


def _summary(db: Reader, account: str, room: str) -> Summary:
    mark = store.read_seq(db, room, account)
    last = store.newest_kept(db, account, room)
    return Summary(
        room=room,
        head=journal.head(db, room),
        read_seq=mark,
        unread=store.unread(db, room, account, mark),
        last=last[0] if last else None,
        person=last[1] if last else None,
        member_count=rooms.member_count(db, room),
    )
