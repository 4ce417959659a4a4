"""Support rooms: the words."""

from typing import Annotated

import msgspec

from appliance.features.auth.model import Person
from appliance.features.messages.model import Message
from appliance.wire.codec import Event, Id, Lasting, Millis, Noun

OPEN_TICKETS = 3
"""So many conversations one person may have open at once."""

Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Ticket(Noun, frozen=True):
    """One conversation with the staff, as the staff sees it. `waiting_since`: when the asker wrote what
    nobody answered yet; 0: nobody waits. `assignee`: who looks after it; null: nobody yet. `mine`: I am in
    it."""

    room: str
    subject: str
    asker: Person
    opened_at: Millis
    waiting_since: Millis = 0
    closed_at: Millis = 0
    assignee: Person | None = None
    mine: bool = False
    last: Message | None = None


class Tickets(Noun, frozen=True):
    """`GET /api/support/queue?closed=1` (staff): who waits longest first, then the others; with `closed`
    those that are closed, newest first. At most 200."""

    tickets: list[Ticket]


class MyTicket(Noun, frozen=True):
    """One of my own conversations with the staff."""

    room: str
    subject: str
    opened_at: Millis
    closed_at: Millis = 0


class MyTickets(Noun, frozen=True):
    """`GET /api/support`: my own, newest first."""

    tickets: list[MyTicket]


class QueueChanged(Event, tag="queue", frozen=True):
    """For the staff: the queue changed; load it again if it is shown. `waiting`: conversations in which
    somebody waits for an answer."""

    waiting: int


class AskForHelp(Lasting, tag="ask_for_help", frozen=True):
    """Open a conversation with the staff. Ack: `subject` is its room. Raises tickets_full."""

    about: Subject


class AssignTicket(Lasting, tag="assign_ticket", frozen=True):
    """Give a conversation to `person` of the staff (null: to nobody). They enter its room, unseen by the
    asker; who had it before leaves. Staff only."""

    room: Id
    person: Id | None = None


class CloseTicket(Lasting, tag="close_ticket", frozen=True):
    """It is done; by the staff or the asker. Nobody posts any more until it is opened again."""

    room: Id


class ReopenTicket(Lasting, tag="reopen_ticket", frozen=True):
    """It is not done after all; by the staff or the asker."""

    room: Id
