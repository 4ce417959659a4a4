"""Credits: the words."""

from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Body, ClientId, Id, Lasting, LogEvent, Millis, Noun

ENTRIES = 50
Amount = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Note = Annotated[str, msgspec.Meta(max_length=140)]
CreditKind = Literal["start", "grant", "gift"]


class CreditEntry(Noun, frozen=True):
    """One line of my ledger. `amount` is what it added (or took, when negative). `other`: who gave or got it;
    null for what everybody begins with. `message`: what it was given for, if I may see that."""

    id: str
    at: Millis
    amount: int
    kind: CreditKind
    other: Person | None = None
    message: str = ""
    room: str = ""
    note: str = ""


class Ledger(Noun, frozen=True):
    """`GET /api/credits?before=<id>`: what I have, and my entries, newest first, at most 50."""

    balance: int
    entries: list[CreditEntry]
    more: bool


class CreditsChanged(LogEvent, tag="credits", frozen=True):
    """What I have changed (account log). `by`: who gave me something just now; null otherwise."""

    balance: int
    amount: int = 0
    by: Person | None = None
    message: str = ""
    note: str = ""


class Gift(Lasting, tag="gift", frozen=True):
    """Give credits of mine to `person`, perhaps for a `message` of theirs that I may see. Raises
    credits_short, forbidden where they blocked me, and newcomer for a `note` from one. Ack: `subject` is the
    entry's id."""

    person: Id
    amount: Amount
    message: Id | None = None
    note: Note = ""


class Grant(Body, frozen=True):
    """`POST /api/accounts/{account}/credits` (admins): add to what somebody has, or take from it, not below
    nothing. A repeat with the same `client_id` counts once."""

    client_id: ClientId
    amount: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
    note: Note = ""


class Balance(Noun, frozen=True):
    """Answer to a grant: what the account has now."""

    balance: int
