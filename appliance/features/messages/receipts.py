"""Receipts in a room: what each member has, who shows it, and what one of them may see of it."""

from collections import Counter
from dataclasses import dataclass, field

from appliance.features.messages.model import SMALL_ROOM, Mark, ReceiptsChanged, Step
from appliance.kernel.transaction import Reader

MOST_STEPS = 100


class Holdings:
    """What devices hold beyond what is written down: memory only, until that is done."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, int]] = {}

    def note(self, room: str, account: str, seq: int) -> bool:
        """A device of the account holds everything up to `seq`; whether that is news."""
        held = self._rooms.setdefault(room, {})
        if seq <= held.get(account, 0):
            return False
        held[account] = seq
        return True

    def of(self, room: str) -> dict[str, int]:
        """By account."""
        return dict(self._rooms.get(room, ()))

    def all(self) -> list[tuple[str, str, int]]:
        """(room, account, seq) of all of it."""
        return [(room, account, seq) for room, held in self._rooms.items() for account, seq in held.items()]

    def forget(self, written: list[tuple[str, str, int]]) -> None:
        """This is written down now; what rose meanwhile stays."""
        for room, account, seq in written:
            held = self._rooms.get(room, {})
            if held.get(account) == seq:
                del held[account]
                if not held:
                    del self._rooms[room]


@dataclass(slots=True)
class _Place:
    """How far one voice of the room is. `shows`: lets others see it."""

    delivered: int
    read: int
    shows: bool


@dataclass(slots=True)
class RoomMarks:
    """All marks of a room at one moment. `places`: by voice, because the staff of a support room counts as
    one; `voices`: under which each member stands there; `sees`: members who show theirs, and so see those of
    others; `blocks`: pairs (who, whom); `steps`, `shown`: how many show theirs, by place and in all, once
    they are counted."""

    room: str
    places: dict[str, _Place] = field(default_factory=dict)
    voices: dict[str, str] = field(default_factory=dict)
    sees: set[str] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    shown: int = 0

    def seen_by(self, account: str) -> ReceiptsChanged:
        """What a member may see; nothing where they do not show theirs."""
        if account not in self.sees:
            return ReceiptsChanged(room=self.room)
        mine = self.voices[account]
        if len(self.places) > SMALL_ROOM:
            return self._counted(self.places[mine])
        marks = [
            Mark(person=voice, delivered=at.delivered, read=at.read)
            for voice, at in self.places.items()
            if at.shows and voice != mine and (voice, account) not in self.blocks
        ]
        return ReceiptsChanged(room=self.room, marks=marks)

    def _counted(self, mine: _Place) -> ReceiptsChanged:
        # Counted once for all who look; at each one's own place there is one less.
        if not self.steps:
            read = Counter(at.read for at in self.places.values() if at.shows)
            self.steps = [Step(seq=seq, count=read[seq]) for seq in sorted(read, reverse=True)]
            self.shown = read.total()
        others = [
            Step(seq=step.seq, count=step.count - 1) if step.seq == mine.read else step
            for step in self.steps
            if step.count > 1 or step.seq != mine.read
        ]
        return ReceiptsChanged(room=self.room, steps=others[:MOST_STEPS], others=self.shown - 1)

    def same_for(self, account: str) -> object:
        """Members for whom this is equal see the same, so that it is made once for all of them."""
        if account not in self.sees:
            return None
        return self.places[self.voices[account]].read if len(self.places) > SMALL_ROOM else account


def read_marks(db: Reader, room: str, held: dict[str, int]) -> RoomMarks:
    """The marks of a room; `held`: by account, what their devices hold beyond what is written down."""
    found = RoomMarks(room)
    rows = db.rows(
        "SELECT m.account, coalesce(v.account, m.account), max(m.joined_seq, coalesce(k.seq, 0)),"
        " coalesce(k.delivered, 0), coalesce(p.receipts, 1), l.head"
        " FROM members m JOIN logs l ON l.log = m.room"
        " LEFT JOIN read_marks k ON k.room = m.room AND k.account = m.account"
        " LEFT JOIN voices v ON v.room = m.room AND m.role = 'staff'"
        " LEFT JOIN preferences p ON p.account = m.account WHERE m.room = :room",
        room=room,
    )
    for account, voice, read, delivered, shows, head in rows:
        most = max(read, min(head, max(delivered, held.get(account, 0))))
        place = found.places.setdefault(voice, _Place(0, 0, False))
        place.read, place.delivered = max(place.read, read), max(place.delivered, most)
        # The desk is a member too, and shows how far it is whatever those of the staff chose.
        place.shows = place.shows or bool(shows)
        found.voices[account] = voice
        if shows:
            found.sees.add(account)
    if len(found.places) <= SMALL_ROOM:
        found.blocks = set(
            db.rows(
                "SELECT b.account, b.blocked FROM members m CROSS JOIN blocks b ON b.account = m.account"
                " JOIN members o ON o.room = m.room AND o.account = b.blocked WHERE m.room = :room",
                room=room,
            )
        )
    return found


def news(db: Reader, account: str, positions: dict[str, int]) -> list[tuple[str, int]]:
    """(room, seq) of those `positions` of a device that say more of what was delivered than is written down,
    in rooms where somebody is shown it."""
    rows = db.rows(
        "SELECT m.room, coalesce(k.delivered, 0) FROM members m JOIN rooms r ON r.id = m.room"
        " LEFT JOIN read_marks k ON k.room = m.room AND k.account = m.account"
        " WHERE m.account = :account AND r.member_count <= :most",
        account=account,
        most=SMALL_ROOM,
    )
    return [(room, positions[room]) for room, known in rows if positions.get(room, 0) > known]
