"""The people and rooms that tests speak of. Plain data: each test brings on stage whom it needs.

Ada owns things, Bela and Chidi are members, Emre comes later. Dana is the outsider: she has an account and
is in no room but the kitchen, so she must never learn anything about the others.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with an account; `device` is what they sign in from, unless a test says otherwise."""

    name: str
    display: str
    password: str
    device: str = "a browser"


@dataclass(frozen=True, slots=True)
class Stage:
    """A room: `owner` made it, `members` came after, in this order."""

    name: str
    kind: Literal["public", "private"]
    owner: Player
    members: tuple[Player, ...] = ()
    topic: str = ""
    history: Literal["all", "joined"] = "all"


COMMUNITY = "Elm Street"

ADA = Player("ada", "Ada Lindqvist", "copper-kettle-on-the-stove")
BELA = Player("bela", "Béla Novák", "seven-geese-went-south")
CHIDI = Player("chidi", "Chidi Okafor 🌻", "rain.on.a.tin.roof", device="a phone")
EMRE = Player("emre", "Emre يلدز", "пароль-with-many-letters")
DANA = Player("dana", "Dana", "outside-looking-in-99")
"""The outsider."""

PEOPLE = (ADA, BELA, CHIDI, EMRE, DANA)

GARDEN = Stage("garden", "public", ADA, (BELA, CHIDI), topic="Beds, seeds and weather")
CELLAR = Stage("cellar", "private", ADA, (BELA,), topic="Not for everybody")
WORKSHOP = Stage("workshop", "private", BELA, (CHIDI,), history="joined")
"""Newcomers see here what is said from then on."""
KITCHEN = Stage("kitchen", "public", CHIDI, (DANA,))

ROOMS = (GARDEN, CELLAR, WORKSHOP, KITCHEN)

SAYINGS = (
    "The tomatoes are *ripe*. Who wants some?",
    "Me! Two kilos, if that is all right",
    "שלום, مرحبا, 你好 — all at once 👩‍👩‍👧‍👦",
    "> who wants some?\n\n1. Ada\n2. Béla",
    "`rm -rf /tmp/weeds` <script>alert('no')</script>",
    "z̷̡̛a̸l̶g̷o and a\u200bzero\u200bwidth space",
)
"""What they say when it does not matter what: each is a legal message that something once broke on."""
