"""Who may be talked to live."""

from appliance.features.calls import store
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader


def may_be_talked_to(db: Reader, room: str, account: str) -> str | None:
    """The other one of a direct message, if the account may write to them now, neither blocked the other, and
    they let it be seen that they are there."""
    standing = rooms.posting_standing(db, Who(account, ""), room)
    rooms.require_floor(standing, db.now)
    other = store.other_in(db, room, account) if standing.kind == "dm" else None
    if other is None or people.blocked_by(db, account, other) or people.blocked_by(db, other, account):
        return None
    return None if people.preferences(db, other).invisible else other
