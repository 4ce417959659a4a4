"""What an account leaves behind: taken away, handed over, or gone with its room."""

from typing import Any

from appliance.features.messages import finding, store, timeline
from appliance.features.messages.actions import posting
from appliance.features.rooms.actions import FOREVER
from appliance.features.search import actions as search
from appliance.kernel import jobs, journal
from appliance.kernel.commands import forget_later
from appliance.kernel.transaction import Reader, Tx

WIPE = "messages.wipe"
LOOKED_AT = 5000
"""Messages in one read when those of one author are looked for."""
EXPORTED = 1000
"""Messages in one part of a download, of all authors: some of them may be long."""

forget = store.forget
said_by = timeline.said_by
heads_at = timeline.heads_at


def purge(tx: Tx, room: str, most: int) -> int:
    """Drop up to `most` messages of a room that is gone for good, and at last all else that is kept of it;
    returns how many were dropped."""
    for said in finding.first_of(tx, room, most):
        search.forget(tx, said)
    dropped = store.purge(tx, room, most)
    if not dropped:
        search.forget_room(tx, room)
    for device, client_id in dropped:
        forget_later(tx, device, client_id)
    return len(dropped)


def wipe(tx: Tx, account: str, room: str | None, *, actor: str = "") -> None:
    """Delete everything that the account has said so far, in a room or everywhere. A job does it soon, in
    small units; whoever is in a room sees each message go. `actor`: whose deed it is in the rooms' logs."""
    rooms = [room] if room is not None else timeline.rooms_of_author(tx, account)
    # How far, by place and not by time: what follows in the same millisecond stays.
    heads = {each: journal.head(tx, each) for each in rooms}
    payload = {"account": account, "rooms": heads, "actor": actor}
    jobs.enqueue(tx, WIPE, payload)


def bury_all(tx: Tx, messages: list[str], actor: str) -> None:
    """Leave tombstones of those that are still there."""
    for message_id in messages:
        found = timeline.message(tx, message_id)
        if found is not None and not found[0].deleted_at:
            posting.bury(tx, found[0], actor)


def export(db: Reader, account: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """For the download of one's own data, a part at a time: how far the account has read and its drafts, then
    what it said and did not delete, as it stands now, room by room. Returns lines, and what to give as
    `after` for the next part, empty at the end."""
    rooms = timeline.rooms_of_author(db, account)
    if not after:
        return [*_marks(db, account), *_drafts(db, account)], f"{rooms[0]} 0" if rooms else ""
    room, seq = after.split()
    mine, next_seq = said_by(db, account, room, int(seq), FOREVER, EXPORTED)
    lines = [_message(db, message_id) for message_id in mine]
    if next_seq is not None:
        return lines, f"{room} {next_seq}"
    later = [each for each in rooms if each > room]
    return lines, f"{later[0]} 0" if later else ""


def _message(db: Reader, message_id: str) -> dict[str, Any]:
    found = timeline.message(db, message_id)
    assert found is not None
    message = found[0]
    return {
        "kind": "message",
        "id": message.id,
        "room": message.room,
        "at": message.at,
        "content": message.content,
        "reply_to": message.reply_to,
        "edited_at": message.edited_at,
    }


def _marks(db: Reader, account: str) -> list[dict[str, Any]]:
    return [
        {"kind": "read_mark", "room": room, "read_seq": seq, "level": level, "muted_until": muted_until}
        for room, seq, level, muted_until in store.marks_of(db, account)
    ]


def _drafts(db: Reader, account: str) -> list[dict[str, Any]]:
    return [
        {"kind": "draft", "room": room, "text": draft.text, "at": draft.at}
        for room in store.drafted(db, account)
        if (draft := store.draft(db, room, account)) is not None
    ]
