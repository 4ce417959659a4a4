"""The index follows what is said.

What is posted is not put into the index at once: it has an id above all that the index knows, so a search
reads it where it stands, and a worker takes it in with others, since a hundred at once cost a third of one by
one. What changes or goes is taken out in the transaction that changes it, by whoever still knows the old
words.
"""

from typing import NamedTuple

from appliance.features.search import lines, store
from appliance.features.search.model import VERSION, Said, Source
from appliance.features.search.store import State
from appliance.kernel import jobs
from appliance.kernel.house import House
from appliance.kernel.ids import first_id
from appliance.kernel.transaction import Reader, Tx

PUT = "search.put"
INDEX = "search.index"
COMPACT = "search.compact"
COMPACT_AFTER_MS = 3_600_000

SOURCE = "search_source"


class Taken(NamedTuple):
    """`words`, `numbers`: what the index knows now; `more`: there is more to take in."""

    more: bool
    words: set[str]
    numbers: dict[str, int]


NOTHING = Taken(False, set(), {})


class Known:
    """Words and short numbers that the index has for certain, so that hardly any is looked up: those that
    come often, and so come again."""

    def __init__(self, most: int = 80_000) -> None:
        self._most = most
        self._young: set[str] = set()
        self._old: set[str] = set()
        self.numbers: dict[str, int] = {}

    def missing(self, words: set[str]) -> set[str]:
        return words - self._young - self._old

    def add(self, taken: Taken) -> None:
        """What was committed."""
        self.numbers |= taken.numbers
        self._young |= taken.words
        # What was not met for that long is forgotten.
        if len(self._young) > self._most:
            self._young, self._old, self.numbers = set(), self._young, {}

    def drop(self, words: set[str]) -> None:
        self._young -= words
        self._old -= words


def set_source(house: House, source: Source) -> None:
    """Where messages come from."""
    house.of_feature[SOURCE] = source


def source_of(house: House) -> Source:
    found: Source = house.of_feature[SOURCE]
    return found


def put(tx: Tx) -> None:
    """Something was said."""
    tx.wake(PUT)


def change(tx: Tx, before: Said, after: Said) -> None:
    """A message says something else now."""
    place = _place(tx, before)
    if place is None:
        return
    was, is_now = _lines(tx, before, after)
    store.rewrite(tx, place, was, is_now)
    store.add_words(tx, lines.worth_keeping([is_now.split()]))
    _compact_later(tx)


def forget(tx: Tx, said: Said) -> None:
    """A message is gone; call it with what it said."""
    place = _place(tx, said)
    if place is not None:
        store.remove(tx, place, *_lines(tx, said))
        _compact_later(tx)


def forget_room(tx: Tx, room: str) -> None:
    """A room of which all messages are gone."""
    store.drop_key(tx, room)


def _place(db: Reader, said: Said) -> int | None:
    found = store.state(db)
    # What another version put there cannot be taken out by this one's words; all of it goes anyway.
    if found is None or found.version != VERSION:
        return None
    return store.place_of(db, said)


def _lines(tx: Tx, *all_said: Said) -> list[str]:
    ids = set().union(*(lines.ids(said) for said in all_said))
    numbers = store.number_all(tx, ids)
    return [lines.line(said, numbers) for said in all_said]


def _compact_later(tx: Tx) -> None:
    jobs.enqueue(tx, COMPACT, {}, key=COMPACT, delay_ms=COMPACT_AFTER_MS)


# The worker's


def begin(tx: Tx, source: Source) -> bool:
    """Make sure that there is an index of this version; whether what was said before is still to be taken in.
    One of another version is emptied: whatever was said is then before. So is one that misses what was
    written into the past (a demo community, what was brought from elsewhere)."""
    found = store.state(tx)
    if found is None or found.version != VERSION or _misses(tx, source, found):
        if found is not None:
            store.clear(tx)
        start = first_id(tx.now)
        found = State(VERSION, start, start)
        store.set_state(tx, found)
    elif found.newest > first_id(tx.now):
        # The clock was far ahead once. What is said from now on must not stand below what was looked at; what
        # is looked at twice is there already.
        store.set_state(tx, found._replace(newest=first_id(tx.now)))
    if found.oldest:
        jobs.enqueue(tx, INDEX, {}, key=INDEX)
    return bool(found.oldest)


def _misses(db: Reader, source: Source, state: State) -> bool:
    """Whether the first or the last message that should be in the index is not."""
    if state.oldest:
        return False
    ends = source.newer(db, "", state.newest, 1)[0] + source.older(db, state.newest, 1)[0]
    return any(store.place_of(db, each) is None for each in ends)


def fold(tx: Tx, source: Source, known: Known, most: int) -> Taken:
    """Take in what was said since. `known`: words that the index has for certain."""
    found = store.state(tx)
    if found is None or found.version != VERSION:
        return NOTHING
    # More may still come in this millisecond, and stand between what is there.
    said, last = source.newer(tx, found.newest, first_id(tx.now), most)
    if last is None:
        return NOTHING
    _, highest = store.ends(tx)
    taken = _take_in(tx, said, [highest + 1 + i for i in range(len(said))], known)
    store.set_state(tx, found._replace(newest=last))
    return taken._replace(more=True)


def fill(tx: Tx, source: Source, known: Known, most: int) -> Taken:
    """Take in what was said before there was an index, the newest first."""
    found = store.state(tx)
    if found is None or found.version != VERSION or not found.oldest:
        return NOTHING
    said, last = source.older(tx, found.oldest, most)
    lowest, _ = store.ends(tx)
    # In the order in which the index likes to get them.
    places = [lowest - len(said) + i for i in range(len(said))]
    taken = _take_in(tx, said[::-1], places, known)
    store.set_state(tx, found._replace(oldest=last or ""))
    return taken._replace(more=last is not None)


def _take_in(tx: Tx, said: list[Said], places: list[int], known: Known) -> Taken:
    ids = set().union(*(lines.ids(each) for each in said))
    new = store.number_all(tx, ids - known.numbers.keys())
    numbers = known.numbers | new
    cut = [lines.parts(each, numbers) for each in said]
    rows = [(place, numbers[each.room], each) for place, each in zip(places, said, strict=True)]
    # Words first: what comes after an insertion into the index makes SQLite write that down before its time.
    words = lines.worth_keeping(cut)
    store.add_words(tx, known.missing(words))
    store.add(tx, rows, [" ".join(each) for each in cut])
    return Taken(False, words, new)
