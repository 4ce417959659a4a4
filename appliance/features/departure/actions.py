"""What somebody does who goes."""

from collections.abc import Callable
from typing import Any

from appliance.features.access import actions as access
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.calls import actions as calls
from appliance.features.credits import actions as credits
from appliance.features.departure import store
from appliance.features.joining import actions as joining
from appliance.features.media import actions as media
from appliance.features.messages import actions as messages
from appliance.features.moderation import actions as moderation
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.features.signin import actions as signin
from appliance.features.support import actions as support
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

Lines = list[dict[str, Any]]
Export = Callable[[Reader, str, str], tuple[Lines, str]]
"""(db, account, after) -> (lines, where to go on): a part of what a feature keeps, small enough for one
short read. `after` is empty at the beginning, and what comes back is at the end. A line says its `kind`."""


def _at_once(read: Callable[[Reader, str], Lines]) -> Export:
    return lambda db, account, after: (read(db, account), "")


EXPORTS: tuple[Export, ...] = (
    _at_once(store.kept),
    _at_once(people.export),
    _at_once(calls.export),
    messages.export,
    credits.export,
)
"""Everything that one takes along. A feature that keeps something of people joins in here, and below."""


def part(source: Export, account: str, after: str, db: Reader) -> tuple[Lines, str]:
    """One part of one source."""
    return source(db, account, after)


def delete_account(tx: Tx, who: Who, *, keep_messages: bool) -> None:
    """Leave nothing of an account but what it said, or not even that; raises last_admin."""
    account, me = who.account, auth.myself(tx, who.account)
    if me is None:
        raise Refusal("not_found")
    if me.role == "admin" and auth.count_admins(tx) < 2:
        raise Refusal("last_admin")
    audit.note(tx, who, "account.delete", account)
    # What others see of it while it can still be said who it was.
    calls.forget(tx, account)
    support.forget(tx, who)
    joining.forget(tx, account)
    for forget in (signin.forget, access.forget_identities, moderation.forget, people.forget, media.forget):
        forget(tx, account)
    # From here on it has no name, so that whatever is told of it says that it is gone.
    auth.forget(tx, account)
    _leave_rooms(tx, account)
    messages.forget(tx, account)
    if not keep_messages:
        messages.wipe(tx, account, None, actor=account)
    auth.clear_log(tx, account)


def _leave_rooms(tx: Tx, account: str) -> None:
    for room in rooms.rooms_of(tx, account):
        found = rooms.room(tx, room)
        if found is None:
            continue
        if found.kind == "dm":
            # The other one keeps the conversation, and sees whom it was with: nobody any more.
            rooms.put_away(tx, room, archived=True, actor=account)
            continue
        rooms.dismiss(tx, room, account, "left", actor=account)
    rooms.retell_person(tx, account)
    rooms.forget(tx, account)
