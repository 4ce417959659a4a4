"""What is reported, and what moderators of the community do about it."""

from appliance.features.audit import actions as audit
from appliance.features.audit.model import MOST_ENTRIES, Action, AuditEntry, AuditLog
from appliance.features.auth import actions as auth
from appliance.features.messages import actions as messages
from appliance.features.moderation import store
from appliance.features.moderation.model import (
    REPORTS,
    FileReport,
    Reports,
    ReportsChanged,
    ResolveReport,
    Silence,
    Suspend,
    WipeMember,
)
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.model import FOR_EVER
from appliance.features.support import actions as support
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx


def file_report(tx: Tx, who: Who, command: FileReport) -> Outcome:
    """Tell the moderators of a message or a person."""
    if (command.message is None) == (command.person is None):
        raise Refusal("bad_request", text="Report a message or a person.")
    person, room, message, evidence = command.person or "", "", "", None
    if command.message is not None:
        found = messages.visible(tx, who, command.message)
        person, room, message = found.author, found.room, found.id
        evidence = bytes(found.content) if found.content is not None else None
    subject = auth.person(tx, person)
    if subject is None or subject.gone or person == who.account or not _may_know(tx, who, person, room):
        raise Refusal("not_found", field="message" if message else "person")
    earlier = store.same(tx, who.account, person, message)
    if earlier is not None:
        return Outcome(earlier)
    note = command.note.strip()
    made = new_id(tx.now)
    store.add(tx, store.NewReport(made, who.account, person, room, message, evidence, command.reason, note))
    _tell_staff(tx)
    return Outcome(made)


def _may_know(db: Reader, who: Who, person: str, room: str) -> bool:
    """Guests know only the people of their rooms."""
    if not who.guest or room:
        return True
    mine = set(rooms.rooms_of(db, who.account))
    return not mine.isdisjoint(rooms.rooms_of(db, person))


def refuse_links(tx: Tx, who: Who, links: int) -> None:
    """Newcomers send none; raises newcomer."""
    if links:
        raise Refusal("newcomer", field="content")


def reports(db: Reader, who: Who, *, resolved: bool, before: str) -> Reports:
    """The queue, or what was done. Moderators do not see what is said of themselves, nor the names of rooms
    that not everybody finds."""
    about = "" if who.admin else who.account
    found = store.reports(db, resolved=resolved, before=before, but=about, hidden=who.admin, most=REPORTS + 1)
    return Reports(reports=found[:REPORTS], open=store.count_open(db, but=about), more=len(found) > REPORTS)


def resolve(tx: Tx, who: Who, report: str, verdict: ResolveReport) -> None:
    """Close a report; raises not_found when there is none that is open, and forbidden for a moderator whom it
    is about."""
    found = store.open_one(tx, report)
    if found is None:
        raise Refusal("not_found", field="report")
    person, message = found
    if person == who.account and not who.admin:
        raise Refusal("forbidden", field="report", text="Somebody else has to look at what is said of you.")
    if verdict.delete_message and message:
        messages.take_down(tx, who, message)
        audit.note(tx, who, "message.delete", person, detail=message)
    store.resolve(tx, report, who.account, verdict.outcome, verdict.resolution)
    audit.note(tx, who, "report.resolve", person, detail=f"{verdict.outcome} {verdict.resolution}".strip())
    _tell_staff(tx)


def suspend(tx: Tx, who: Who, account: str, wanted: Suspend) -> None:
    """Keep an account out; raises not_found, forbidden or last_admin."""
    _require_below(tx, who, account)
    until = wanted.until or FOR_EVER
    if until <= tx.now:
        raise Refusal("bad_request", field="until", text="This time is over already.")
    auth.suspend(tx, account, until, wanted.reason)
    support.stand_down(tx, account)
    audit.note(tx, who, "account.suspend", account, detail=wanted.reason)
    if wanted.wipe:
        messages.wipe(tx, account, None)
        audit.note(tx, who, "account.wipe", account, detail=wanted.reason)


def lift_suspension(tx: Tx, who: Who, account: str) -> None:
    """Let an account in again."""
    _require_below(tx, who, account)
    auth.suspend(tx, account, 0, "")
    audit.note(tx, who, "account.unsuspend", account)


def silence(tx: Tx, who: Who, account: str, wanted: Silence) -> None:
    """Let an account read but not post, or lift that."""
    _require_below(tx, who, account)
    auth.silence(tx, account, wanted.until)
    action: Action = "account.mute" if wanted.until > tx.now else "account.unmute"
    audit.note(tx, who, action, account, detail=wanted.reason)


def trust(tx: Tx, who: Who, account: str) -> None:
    """Lift a newcomer's limits."""
    if auth.standing(tx, account) is None:
        raise Refusal("not_found", field="account")
    auth.trust(tx, account)
    audit.note(tx, who, "account.trust", account)


def wipe_member(tx: Tx, who: Who, command: WipeMember) -> Outcome:
    """Delete what somebody wrote in a room, by and by; whoever may ban may do this."""
    rooms.require_over(tx, who, command.room, command.person, "ban")
    messages.wipe(tx, command.person, command.room)
    audit.note(tx, who, "room.wipe", command.person, room=command.room)
    return Outcome(command.room, journal.head(tx, command.room))


def audit_log(db: Reader, who: Who, *, before: str, subject: str, actor: str) -> AuditLog:
    """What was done by power, newest first. Only admins learn the names of rooms that not everybody finds."""
    rows = audit.entries(db, before=before, subject=subject, actor=actor, most=MOST_ENTRIES + 1)
    entries = [
        AuditEntry(
            id=row[0],
            at=row[1],
            actor=auth.person(db, row[2]) if row[2] else None,
            action=row[3],
            subject=row[4],
            person=auth.person(db, row[4]),
            room=row[5],
            room_name=store.room_name(db, row[5] or row[4], hidden=who.admin),
            detail=row[6],
        )
        for row in rows[:MOST_ENTRIES]
    ]
    return AuditLog(entries=entries, more=len(rows) > MOST_ENTRIES)


def _require_below(db: Reader, who: Who, account: str) -> None:
    """Nobody judges an admin or themselves, and only admins judge moderators."""
    found = auth.standing(db, account)
    if found is None or found[0] == "desk":
        raise Refusal("not_found", field="account")
    if account == who.account or found[0] == "admin" or (found[0] == "moderator" and not who.admin):
        raise Refusal("forbidden", field="account")


def _tell_staff(tx: Tx) -> None:
    for account in auth.staff(tx):
        standing = auth.standing(tx, account)
        about = "" if standing is not None and standing[0] == "admin" else account
        tx.emit(account, ReportsChanged(open=store.count_open(tx, but=about)))


forget = store.forget
count_about = store.count_about
