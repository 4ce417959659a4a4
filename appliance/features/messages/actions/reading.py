"""How far one has read, and what one wants to be told of: equal on all one's devices."""

from collections.abc import Callable

from appliance.features.messages import counting, store
from appliance.features.messages.model import (
    Attention,
    AttentionChanged,
    MarkUnread,
    Read,
    ReadChanged,
    SetAttention,
    Standing,
)
from appliance.features.people import actions as people
from appliance.features.people.model import Block, Unblock
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

READ = "read"
ATTENTION = "attention"
RECEIPTS = "receipts"
"""Hinted at with the id of each room in which a mark moved."""


def require(db: Reader, who: Who, room: str) -> Standing:
    """How the room stands for one; raises not_found for whom is not in it."""
    standing = store.standing(db, room, who.account)
    if standing is None:
        raise Refusal("not_found", field="room")
    return standing


def read(tx: Tx, who: Who, command: Read) -> Outcome:
    """Move one's read mark forward; the room is no longer put aside."""
    standing = require(tx, who, command.room)
    if command.seq > standing.head:
        raise Refusal("seq_ahead", field="seq")
    if command.seq <= standing.read_seq and not standing.marked_unread:
        return Outcome(command.room, command.seq)
    store.mark_read(tx, command.room, who.account, command.seq)
    seq = max(command.seq, standing.read_seq)
    _tell(tx, standing._replace(read_seq=seq, marked_unread=False))
    tx.hint(RECEIPTS, command.room)
    return Outcome(command.room, command.seq)


def mark_unread(tx: Tx, who: Who, command: MarkUnread) -> Outcome:
    """Put a room aside as unread."""
    standing = require(tx, who, command.room)
    if not standing.marked_unread:
        store.put_aside(tx, command.room, who.account, standing.head)
        _tell(tx, standing._replace(marked_unread=True))
    return Outcome(command.room)


def recount(tx: Tx, account: str, room: str, seq: int) -> None:
    """What stands at `seq` counts otherwise now: tell a member who has not read it what is left."""
    standing = store.standing(tx, room, account)
    if standing is not None and standing.read_seq < seq:
        _tell(tx, standing)


def _tell(tx: Tx, standing: Standing) -> None:
    seq = journal.append(tx, standing.account, READ, standing.room, standing.account)
    tx.emit(standing.account, changed(tx, standing, seq))


def changed(db: Reader, standing: Standing, seq: int) -> ReadChanged:
    """How far a member has read, as an event at `seq` of their log."""
    unread, mentions = counting.tally(db, standing)
    return ReadChanged(
        log=standing.account,
        seq=seq,
        room=standing.room,
        read_seq=standing.read_seq,
        unread=unread,
        mentions=mentions,
        marked_unread=standing.marked_unread,
    )


def set_attention(tx: Tx, who: Who, command: SetAttention) -> Outcome:
    """Choose what one wants to be told of in a room."""
    standing = require(tx, who, command.room)
    until = command.muted_until if command.muted_until > tx.now else 0
    if (standing.level, standing.muted_until) != (command.level, until):
        store.set_attention(tx, command.room, who.account, command.level, until)
        seq = journal.append(tx, who.account, ATTENTION, command.room, who.account)
        event = AttentionChanged(
            log=who.account, seq=seq, room=command.room, level=command.level, muted_until=until
        )
        tx.emit(who.account, event)
    return Outcome(command.room)


def attention(db: Reader, account: str, room: str) -> tuple[Attention, int] | None:
    """(level, muted until or 0) of a member; None for everybody else."""
    standing = store.standing(db, room, account)
    return None if standing is None else (standing.level, standing.muted_until)


def block(tx: Tx, who: Who, command: Block) -> Outcome:
    """Hear nothing more from somebody: what they said is no longer unread."""
    return _recounted(tx, who, command.person, lambda: people.block(tx, who, command))


def unblock(tx: Tx, who: Who, command: Unblock) -> Outcome:
    """Hear from somebody again: what they said since I read counts."""
    return _recounted(tx, who, command.person, lambda: people.unblock(tx, who, command))


def _recounted(tx: Tx, who: Who, person: str, act: Callable[[], Outcome]) -> Outcome:
    shared = counting.rooms_that_know(tx, who.account, person)
    standings = [found for room in shared if (found := store.standing(tx, room, who.account))]
    before = [counting.tally(tx, standing) for standing in standings]
    outcome = act()
    for standing, held in zip(standings, before, strict=True):
        tx.hint(RECEIPTS, standing.room)
        if counting.tally(tx, standing) != held:
            _tell(tx, standing)
    return outcome
