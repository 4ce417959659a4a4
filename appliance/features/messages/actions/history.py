"""Pages of history, what is for me, and a look into a room before joining."""

from dataclasses import dataclass

import msgspec

from appliance.features.messages import counting, store, timeline
from appliance.features.messages.actions.listening import heard
from appliance.features.messages.actions.reading import require
from appliance.features.messages.model import PAGE, Mentioned, Message, Page, Preview
from appliance.features.messages.timeline import Authored
from appliance.features.rooms import actions as rooms
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader

newest_at = store.newest_at


@dataclass(frozen=True, slots=True)
class Place:
    """Which run of a room's history: below `before`, above `after`, around a message or a position, or the
    newest."""

    before: int | None = None
    after: int | None = None
    around: str | None = None
    around_seq: int | None = None
    limit: int = 20


def page(db: Reader, who: Who, room: str, place: Place) -> Page:
    """A run of messages without holes, oldest first, as one reader's snapshot has it."""
    standing = require(db, who, room)
    run, has_before, has_after = _run(db, who, room, place, standing.head)
    held = {message.id for message, _ in run}
    missing = {message.reply_to for message, _ in run if message.reply_to} - held
    quoted = timeline.seen_of(db, who.account, sorted(missing))
    people = {person.id: person for _, person in (*run, *quoted)}
    unread, mentions = counting.tally(db, standing)
    return Page(
        room=room,
        messages=[message for message, _ in run],
        quoted=[message for message, _ in quoted],
        people=list(people.values()),
        has_before=has_before,
        has_after=has_after,
        head=standing.head,
        read_seq=standing.read_seq,
        unread=unread,
        mentions=mentions,
        heard=heard(db, who.account, room, [message for message, _ in run]),
    )


def _run(db: Reader, who: Who, room: str, place: Place, newest: int) -> tuple[list[Authored], bool, bool]:
    most, me = place.limit, who.account
    if place.around is not None:
        target = timeline.seen(db, me, place.around)
        if target is None or target[0].room != room:
            raise Refusal("not_found", field="around")
        return _around(db, me, room, target[0].seq, most)
    if place.around_seq is not None:
        return _around(db, me, room, place.around_seq, most)
    if place.after is not None:
        run = timeline.after(db, me, room, place.after, most + 1)
        return run[:most], bool(timeline.before(db, me, room, place.after + 1, 1)), len(run) > most
    edge = newest + 1 if place.before is None else place.before
    run = timeline.before(db, me, room, edge, most + 1)
    more = bool(timeline.after(db, me, room, edge - 1, 1)) if place.before is not None else False
    return (run[1:], True, more) if len(run) > most else (run, False, more)


def _around(db: Reader, me: str, room: str, seq: int, most: int) -> tuple[list[Authored], bool, bool]:
    """Half of it below `seq`, and from there on the other."""
    below = timeline.before(db, me, room, seq, most // 2 + 1)
    above = timeline.after(db, me, room, seq - 1, most - most // 2 + 1)
    older, newer = len(below) > most // 2, len(above) > most - most // 2
    return [*below[older:], *above[: most - most // 2]], older, newer


def newest(db: Reader, account: str, room: str) -> Message | None:
    """The newest message that is not deleted, of those that the account may see."""
    found = timeline.newest_kept(db, account, room)
    return found[0] if found else None


def mentioned(db: Reader, who: Who, before: str, limit: int) -> Mentioned:
    """What is for me, in all my rooms."""
    found = timeline.mentioned(db, who.account, before, limit + 1)
    return Mentioned(
        messages=[message for message, _ in found[:limit]],
        people=list({person.id: person for _, person in found[:limit]}.values()),
        more=len(found) > limit,
    )


def preview(db: Reader, who: Who, room: str) -> Preview:
    """A look into a public room; raises not_found where one could not join."""
    found = rooms.public_room(db, who, room)
    if found.archived_at:
        raise Refusal("not_found", field="room")
    newest = timeline.newest_of_all(db, room, PAGE) if found.history == "all" else []
    shown = {message.id for message, _ in newest}
    return Preview(
        messages=[
            # What only members are to know: who is named, and what lies outside.
            msgspec.structs.replace(
                message,
                client_id="",
                mentions=[],
                everyone=False,
                reply_to=message.reply_to if message.reply_to in shown else "",
            )
            for message, _ in newest
        ],
        people=list({person.id: person for _, person in newest}.values()),
        member_count=found.member_count,
    )
