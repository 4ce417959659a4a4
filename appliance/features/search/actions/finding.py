"""What somebody is looking for, as far as they may see it."""

from itertools import islice

from appliance.features.auth.model import Person
from appliance.features.rooms.model import Room
from appliance.features.search import names, snippets, store
from appliance.features.search.actions.looking import Authored, Cursor, Look, Stretches, cursor_of, state_of
from appliance.features.search.actions.meaning import Asker, Meaning, understand
from appliance.features.search.matching import Spoken
from appliance.features.search.model import Found, Hit, Said, Search, Source
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader

BEST_OF = 500
MOST_NAMED = 5
LONGEST_NAME = 64

Results = tuple[list[Authored], Cursor | None]
"""A page, and where the next one begins if there is more."""


def search(db: Reader, who: Who, asked: Search, source: Source) -> Found:
    """Messages, and people and rooms by name; raises not_found for a room that one is not in."""
    stretches = store.stretches(db, who.account)
    if asked.room is not None:
        if asked.room not in stretches:
            raise Refusal("not_found", field="room")
        stretches = {asked.room: stretches[asked.room]}
    start = cursor_of(asked.cursor) if asked.cursor else Cursor(bool(asked.wide))
    asker = Asker(db, who, asked.utc_offset)
    meaning = understand(asker, asked)
    if not meaning.query.parts:
        return Found(hits=[], people=[], understood=[])
    found, more = _page(asker, source, asked, meaning, stretches, start)
    unsure = not asked.cursor and asked.wide is None and any(meaning.terms)
    if unsure and more is None and len(found) < asked.limit:
        wider = Cursor(wide=True)
        inside = _page(asker, source, asked, meaning, stretches, wider)
        if len(inside[0]) > len(found):
            start, (found, more) = wider, inside
    by_name = meaning.named if not asked.cursor and asked.names and asked.room is None else ""
    terms = meaning.wanted(wide=start.wide).terms
    return Found(
        hits=[_hit(said, terms) for said, _ in found],
        people=list({person.id: person for _, person in found}.values()),
        understood=meaning.understood,
        more=more is not None,
        cursor=str(more) if more else "",
        wide=start.wide,
        indexed_since=_indexed_since(db),
        named_people=_people_named(asker, by_name),
        named_rooms=_rooms_named(asker, by_name),
    )


def _page(
    asker: Asker, source: Source, asked: Search, meaning: Meaning, stretches: Stretches, start: Cursor
) -> Results:
    wanted = meaning.wanted(wide=start.wide)
    best = asked.order == "best"
    look = Look(asker.db, asker.who.account, source, wanted, stretches, Cursor(start.wide) if best else start)
    if best:
        worth = [(wanted.worth(each[0]), each[0].id, each) for _, each in islice(look.hits(), BEST_OF)]
        worth.sort(key=lambda one: one[:2], reverse=True)
        behind = start.shown + asked.limit
        shown = [each for _, _, each in worth[start.shown : behind]]
        return shown, Cursor(start.wide, shown=behind) if len(worth) > behind else None
    found = list(islice(look.hits(), asked.limit + 1))
    page = [each for _, each in found[: asked.limit]]
    if len(found) > asked.limit:
        place, (last, _) = found[asked.limit - 1]
        return page, Cursor(start.wide, place, last.id)
    return page, Cursor(start.wide, look.place) if look.tired else None


def _hit(said: Said, terms: list[Spoken]) -> Hit:
    marked = snippets.spans(said.text, terms)
    return Hit(
        message=said.id,
        room=said.room,
        seq=said.seq,
        author=said.author,
        at=said.at,
        snippet=snippets.snippet(said.text, marked),
        words=snippets.found_words(said.text, marked),
    )


def _indexed_since(db: Reader) -> int:
    state = state_of(db)
    if state is None:
        return db.now
    return store.lowest_at(db) if state.oldest else 0


def _people_named(asker: Asker, typed: str) -> list[Person]:
    if not typed or len(typed) > LONGEST_NAME:
        return []
    named = ((person, f"{person.display} {person.name} {mine}") for person, mine in asker.people)
    return names.best(typed, named, MOST_NAMED)


def _rooms_named(asker: Asker, typed: str) -> list[Room]:
    if not typed or len(typed) > LONGEST_NAME:
        return []
    public = not asker.who.guest
    rooms = asker.rooms + store.public_rooms(asker.db, asker.who.account) if public else asker.rooms
    return names.best(typed, ((room, room.name) for room, _ in rooms if room.name), MOST_NAMED)
