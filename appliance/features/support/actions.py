"""What people and the staff do in support rooms."""

from appliance.config import Config
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.messages import actions as messages
from appliance.features.rooms import actions as rooms
from appliance.features.support import store
from appliance.features.support.model import (
    OPEN_TICKETS,
    AskForHelp,
    AssignTicket,
    CloseTicket,
    MyTicket,
    MyTickets,
    QueueChanged,
    ReopenTicket,
    Ticket,
    Tickets,
)
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

MOST = 200


class Support:
    """The verb that needs a limit from the configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def ask(self, tx: Tx, who: Who, command: AskForHelp) -> Outcome:
        """Open a conversation with the staff."""
        if store.count_open(tx, who.account) >= OPEN_TICKETS:
            raise Refusal("tickets_full", limit="open_tickets")
        desk = auth.desk(tx)
        halls = rooms.Rooms(self._config.limits.room_members)
        opened = rooms.start_support(tx, halls, who, command.about, desk)
        messages.speak_as(tx, opened.subject, desk)
        found = rooms.room(tx, opened.subject)
        store.add(tx, opened.subject, who.account, found.name if found else "")
        tell_staff(tx)
        return opened


def assign(tx: Tx, who: Who, command: AssignTicket) -> Outcome:
    """Give a conversation to somebody of the staff, or to nobody; the asker notices nothing."""
    ticket = _require_ticket(tx, who, command.room, staff=True)
    taker = command.person or ""
    if taker and taker not in auth.staff(tx):
        raise Refusal("not_found", field="person")
    if taker != ticket.assignee:
        if ticket.assignee:
            rooms.leave_unseen(tx, command.room, ticket.assignee)
        if taker and rooms.role_of(tx, command.room, taker) is None:
            rooms.enter_unseen(tx, command.room, taker)
        store.assign(tx, command.room, taker)
        audit.note(tx, who, "support.assign", taker, room=command.room)
        tell_staff(tx)
    return Outcome(command.room, journal.head(tx, command.room))


def close(tx: Tx, who: Who, command: CloseTicket) -> Outcome:
    """It is done: all may still read, and nobody posts."""
    ticket = _require_ticket(tx, who, command.room)
    if not ticket.closed_at:
        store.close(tx, command.room, tx.now)
        rooms.put_away(tx, command.room, archived=True, actor=_voice(tx, who, ticket))
        if who.account != ticket.asker:
            audit.note(tx, who, "support.close", command.room, room=command.room)
        tell_staff(tx)
    return Outcome(command.room, journal.head(tx, command.room))


def reopen(tx: Tx, who: Who, command: ReopenTicket) -> Outcome:
    """It is not done after all."""
    ticket = _require_ticket(tx, who, command.room)
    if ticket.closed_at:
        store.close(tx, command.room, 0)
        rooms.put_away(tx, command.room, archived=False, actor=_voice(tx, who, ticket))
        if who.account != ticket.asker:
            audit.note(tx, who, "support.reopen", command.room, room=command.room)
        tell_staff(tx)
    return Outcome(command.room, journal.head(tx, command.room))


def queue(db: Reader, who: Who, *, closed: bool) -> Tickets:
    """The conversations, as the staff sees them."""
    desk = auth.desk_of(db)
    found = store.queue(db, desk, closed=closed, most=MOST)
    return Tickets(tickets=[_ticket(db, who, stored) for stored in found])


def mine(db: Reader, who: Who) -> MyTickets:
    """My own conversations with the staff."""
    return MyTickets(
        tickets=[
            MyTicket(room=room, subject=subject, opened_at=opened, closed_at=closed)
            for room, subject, opened, closed in store.of_asker(db, who.account, MOST)
        ]
    )


def tell_staff(tx: Tx) -> None:
    """Tell everybody of the staff that the queue changed."""
    event = QueueChanged(waiting=store.count_waiting(tx, auth.desk_of(tx)))
    for account in auth.staff(tx):
        tx.emit(account, event)


def said(tx: Tx, room: str) -> None:
    """Something was said in a support room."""
    tell_staff(tx)


def stand_down(tx: Tx, account: str) -> None:
    """Somebody is no longer of the staff: what they looked after waits for somebody else."""
    for room in store.assigned_to(tx, account):
        rooms.leave_unseen(tx, room, account)
        store.assign(tx, room, "")
    tell_staff(tx)


def forget(tx: Tx, who: Who) -> None:
    """Somebody goes for good: what they asked is over, and what they looked after waits for somebody else."""
    for ticket in mine(tx, who).tickets:
        close(tx, who, CloseTicket(client_id="", room=ticket.room))
    stand_down(tx, who.account)


purge_room = store.purge


def _ticket(db: Reader, who: Who, stored: store.StoredTicket) -> Ticket:
    last = messages.newest_kept(db, stored.asker, stored.room)
    return Ticket(
        room=stored.room,
        subject=stored.subject,
        asker=_person(db, stored.asker),
        opened_at=stored.opened_at,
        waiting_since=0 if stored.closed_at else stored.waiting_since,
        closed_at=stored.closed_at,
        assignee=_person(db, stored.assignee) if stored.assignee else None,
        mine=rooms.role_of(db, stored.room, who.account) is not None,
        last=last[0] if last else None,
    )


def _person(db: Reader, account: str) -> Person:
    return auth.person(db, account) or Person(id=account, name="", display="", gone=True)


def _require_ticket(db: Reader, who: Who, room: str, *, staff: bool = False) -> store.StoredTicket:
    """A conversation that is one's own, or any for the staff; else not_found."""
    found = store.ticket(db, room, auth.desk_of(db))
    may = found is not None and (who.staff or (found.asker == who.account and not staff))
    if found is None or not may:
        raise Refusal("not_found", field="room")
    return found


def _voice(db: Reader, who: Who, ticket: store.StoredTicket) -> str:
    """Who seems to have done it: the asker never learns which of the staff did."""
    return who.account if who.account == ticket.asker else auth.desk_of(db)
