"""What somebody is looking for, as far as they may see it."""

from itertools import islice

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.model import Room
from appliance.features.search import names, snippets, store
from appliance.features.search.actions.looking import Cursor, Look, Seen, cursor_of, state_of
from appliance.features.search.actions.meaning import Asker, understand
from appliance.features.search.matching import Spoken
from appliance.features.search.model import Found, Hit, Said, Search, Source
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader

BEST_OF = 300
MOST_NAMED = 5
LONGEST_NAME = 64

Results = tuple[list[Seen], Cursor | None]
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

    def look(begin: Cursor) -> Look:
        wanted = meaning.wanted(wide=begin.wide)
        # The best are sorted anew for each page.
        first = Cursor(begin.wide) if asked.order == "best" else begin
        return Look(db, who.account, source, wanted, stretches, first)

    found, more = _page(look(start), asked, start)
    unsure = not asked.cursor and asked.wide is None and meaning.terms
    if unsure and more is None and len(found) < asked.limit:
        wider = Cursor(wide=True)
        if look(wider).finds_inside():
            inside = _page(look(wider), asked, wider)
            if len(inside[0]) > len(found):
                start, (found, more) = wider, inside
    by_name = meaning.named if not asked.cursor and asked.names and asked.room is None else ""
    terms = meaning.wanted(wide=start.wide).terms
    return Found(
        hits=[_hit(each.said, terms) for each in found],
        people=list({each.person.id: each.person for each in found}.values()),
        understood=meaning.understood,
        more=more is not None,
        cursor=str(more) if more else "",
        wide=start.wide,
        indexed_since=_indexed_since(db),
        named_people=_people_named(asker, by_name),
        named_rooms=_rooms_named(asker, by_name),
    )


def _page(look: Look, asked: Search, start: Cursor) -> Results:
    if asked.order == "best":
        seen = sorted(
            islice(look.hits(), BEST_OF),
            key=lambda each: (look.wanted.worth(each.text), each.said.id),
            reverse=True,
        )
        behind = start.shown + asked.limit
        return seen[start.shown : behind], Cursor(start.wide, shown=behind) if len(seen) > behind else None
    found = list(islice(look.hits(), asked.limit + 1))
    page = found[: asked.limit]
    if len(found) > asked.limit:
        return page, Cursor(start.wide, page[-1].place, page[-1].said.id)
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
    named = ((person, " ".join(all_names)) for person, *all_names in asker.people)
    found = (auth.person(asker.db, one) for one in names.best(typed, named, MOST_NAMED))
    return [person for person in found if person is not None]


def _rooms_named(asker: Asker, typed: str) -> list[Room]:
    if not typed or len(typed) > LONGEST_NAME:
        return []
    named = [(room, name) for room, name, _ in asker.rooms]
    if not asker.who.guest:
        named += store.public_rooms(asker.db, asker.who.account)
    found = (rooms.room(asker.db, one) for one in names.best(typed, named, MOST_NAMED))
    return [room for room in found if room is not None]
