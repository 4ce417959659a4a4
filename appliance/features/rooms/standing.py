"""Whether somebody may post in a room right now, of one read: what comes beside the permission table."""

from appliance.features.auth.model import as_person, person_columns
from appliance.features.rooms.model import FOR_EVER, PostingStanding
from appliance.features.rooms.permissions import may
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader


def posting_standing(db: Reader, who: Who, room: str) -> PostingStanding:
    """What a post needs to know of its author and the room, in one read; raises not_found."""
    row = db.row(
        f"SELECT {person_columns}, m.role, r.kind, r.posting, r.slow_s, r.archived_at + r.deleted_at > 0,"
        " m.muted_until, a.muted_until, a.trusted_at FROM members m JOIN accounts a ON a.id = m.account"
        " JOIN rooms r ON r.id = m.room WHERE m.room = :room AND m.account = :account",
        room=room,
        account=who.account,
    )
    if row is None:
        raise Refusal("not_found", field="room")
    # By place: this is done for every message.
    return PostingStanding(as_person(row, db.now), *row[-8:])


def require_floor(standing: PostingStanding, now: int) -> None:
    """Raises forbidden, room_archived, posting_closed or muted for whom may not post now. Slow mode holds for
    everybody without `post_freely`; whoever keeps the messages knows when one last posted."""
    role, kind = standing.role, standing.kind
    if not may(role, kind, "post"):
        raise Refusal("forbidden")
    if standing.archived:
        raise Refusal("room_archived", field="room")
    if standing.posting == "moderators" and not may(role, kind, "post_freely"):
        raise Refusal("posting_closed", field="room")
    until = max(standing.muted_until, standing.silenced_until)
    if until > now:
        raise Refusal("muted", field="room", retry_after_ms=until - now if until < FOR_EVER else 0)
