"""Moderation: the words."""

from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Body, Event, Id, Lasting, Millis, Noun

REPORTS = 50
ReportReason = Literal["spam", "abuse", "violence", "sexual", "illegal", "other"]
Verdict = Literal["dismissed", "acted"]
Why = Annotated[str, msgspec.Meta(max_length=300)]
UntilMs = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class FileReport(Lasting, tag="file_report", kw_only=True, frozen=True):
    """Tell the moderators of a message that I may see, or of a person. Ack: `subject` is the report's id;
    reporting the same again while it is open finds that report."""

    message: Id | None = None
    person: Id | None = None
    reason: ReportReason
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class FiledReport(Noun, frozen=True):
    """What somebody reported. `content`: of the message, as it was then; null once the report is resolved,
    and for a person. `message_deleted`: it is gone meanwhile. `earlier`: resolved reports about the same
    person on which something was done."""

    id: str
    at: Millis
    reporter: Person
    person: Person
    reason: ReportReason
    note: str = ""
    room: str = ""
    room_name: str = ""
    message: str = ""
    content: msgspec.Raw | None = None
    message_deleted: bool = False
    earlier: int = 0
    resolved_at: Millis = 0
    resolver: Person | None = None
    outcome: Verdict | Literal[""] = ""
    resolution: str = ""


class Reports(Noun, frozen=True):
    """`GET /api/reports?resolved=1&before=<id>` (staff): open ones, oldest first, or with `resolved` those
    that are done, newest first; at most 50. `open`: how many wait."""

    reports: list[FiledReport]
    open: int
    more: bool


class ReportsChanged(Event, tag="reports", frozen=True):
    """For the staff: a report came or was resolved. `open`: how many wait."""

    open: int


class ResolveReport(Body, frozen=True):
    """`POST /api/reports/{report}/resolve` (staff). `delete_message`: the reported one, wherever it is."""

    outcome: Verdict
    resolution: Why = ""
    delete_message: bool = False


class Suspend(Body, frozen=True):
    """`POST /api/accounts/{account}/suspend` (staff; nobody suspends an admin, and only admins a moderator):
    sign the account out everywhere and keep it out `until` then (0: for ever). `wipe`: delete everything it
    ever wrote, by and by."""

    reason: Why
    until: UntilMs = 0
    wipe: bool = False


class Silence(Body, frozen=True):
    """`POST /api/accounts/{account}/mute` (staff): let it read but post nowhere `until` then; 0 lifts it."""

    until: UntilMs
    reason: Why = ""


class WipeMember(Lasting, tag="wipe_member", frozen=True):
    """Delete everything that `person` wrote in `room`, by and by (see the permission table: like a ban)."""

    room: Id
    person: Id
