"""What a device missed, as it stands now."""

from typing import Any

from appliance.features.messages import counting, store, timeline
from appliance.features.messages.actions import drafts, listening, reading
from appliance.features.messages.model import AttentionChanged, MessageChanged, Summary
from appliance.kernel import journal
from appliance.kernel.transaction import Reader


def load_messages(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """Messages that were posted, edited or deleted, as they stand now."""
    seqs = dict(subjects)
    return [
        MessageChanged(log=log, seq=seqs[message.id], message=message, person=person)
        for message, person in timeline.seen_of(db, account, list(seqs))
    ]


def load_reads(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """How far I have read on another device. Of rooms that I left, nothing is mine to know."""
    return [
        reading.changed(db, standing, seq)
        for room, seq in subjects
        if (standing := store.standing(db, room, account)) is not None
    ]


def load_attention(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """What I want to be told of."""
    return [
        AttentionChanged(log=account, seq=seq, room=room, level=found[0], muted_until=found[1])
        for room, seq in subjects
        if (found := reading.attention(db, account, room)) is not None
    ]


def load_drafts(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """What I began to write on another device, or that it is gone."""
    return [
        drafts.event(account, room, seq, drafts.own(db, account, room, standing.joined_at))
        for room, seq in subjects
        if (standing := store.standing(db, room, account)) is not None
    ]


def whole(db: Reader, account: str) -> list[Any]:
    """All that is not as it is by itself, for a client that knows nothing."""
    seq = journal.head(db, account)
    return [
        *load_attention(db, account, account, [(room, seq) for room in store.chosen(db, account)]),
        *load_drafts(db, account, account, [(room, seq) for room in store.drafted(db, account)]),
        *listening.whole(db, account, seq),
    ]


def summaries(db: Reader, account: str, asked: list[str]) -> list[Any]:
    """How each room stands for me."""
    return [_summary(db, account, room) for room in asked]


def _summary(db: Reader, account: str, room: str) -> Summary:
    standing = store.standing(db, room, account)
    assert standing is not None
    unread, mentions = counting.tally(db, standing)
    last = timeline.newest_kept(db, account, room)
    return Summary(
        room=room,
        head=standing.head,
        read_seq=standing.read_seq,
        unread=unread,
        mentions=mentions,
        marked_unread=standing.marked_unread,
        level=standing.level,
        muted_until=standing.muted_until,
        last=last[0] if last else None,
        person=last[1] if last else None,
        member_count=standing.member_count,
    )
