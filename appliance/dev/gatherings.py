"""Rooms that the admin of the demo community has not joined, and a group that they are in: for pictures."""

from collections.abc import Callable

import msgspec

from appliance.dev.office import person
from appliance.features.messages.actions import Messages
from appliance.features.messages.model import Post, Text
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import CreateRoom, StartGroup
from appliance.kernel.transaction import Tx

MINUTE = 60_000

DARKROOM = ("Darkroom", "📷", "Red light on means knock. Bring your own negatives.")
WALKERS = ("Sunday Walkers", "🥐", "Slow, short, with a bakery at the end.")
NOT_JOINED = (DARKROOM, WALKERS)
FRIENDS = ("walter", "priya", "tomasz", "camille")

WALKED = (
    ("noor", "Nine kilometres. The map said six, the map has never been to Lower Wick."),
    ("tomasz", "The bakery had *three* kinds of poppy seed. I counted twice."),
    ("camille", "My boots are now a pond. Same time next week?"),
    ("noor", "Same time. Meet at the gate, **eight sharp**, whoever is late buys."),
)
PLANNED = (
    ("priya", "So: cake Thursday, surprise at six, and nobody tells Jonas."),
    ("walter", "I have told nobody. I have barely told myself."),
)


def gathered(end: int, admin: str) -> Callable[[Tx], None]:
    """Everything of this page, up to `end` (ms since the epoch)."""

    def unit(tx: Tx) -> None:
        for number, (name, icon, topic) in enumerate(NOT_JOINED):
            # Not within one millisecond: the newer one stands first.
            tx.now += 1
            wanted = CreateRoom(client_id=f"not-joined-{number:08}", name=name, icon=icon, topic=topic)
            made = Rooms(100).create(tx, person(tx, "noor"), wanted)
            for friend in FRIENDS[number:]:
                who = person(tx, friend)
                Rooms(100).admit(tx, made.subject, who.account, "member", actor=who.account)
            if name == WALKERS[0]:
                _talk(tx, made.subject, WALKED, end - 420 * MINUTE)
        tx.now = end - 80 * MINUTE
        people = [person(tx, name).account for name in ("walter", "priya")]
        group = StartGroup(client_id="cake-on-thursday-01", people=people)
        opened = Rooms(100).start_group(tx, person(tx, admin), group)
        _talk(tx, opened.subject, PLANNED, end - 70 * MINUTE)

    return unit


def _talk(tx: Tx, room: str, said: tuple[tuple[str, str], ...], begin: int) -> None:
    now = tx.now
    for number, (name, text) in enumerate(said):
        tx.now = begin + number * 3 * MINUTE
        content = msgspec.Raw(msgspec.json.encode(Text(text)))
        post = Post(client_id=f"gathered-{room[:12]}-{number:04}", room=room, content=content)
        Messages(8192).post(tx, person(tx, name), post)
    tx.now = now
