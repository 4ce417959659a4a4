"""What an account is in the community, and what it may no longer, or not yet."""

from appliance.features.auth import rolls, store
from appliance.features.auth.actions.replay import ME
from appliance.features.auth.actions.sessions import sign_out_everywhere
from appliance.features.auth.model import (
    Me,
    MeChanged,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Reader, Tx


def change_role(tx: Tx, account: str, role: CommunityRole) -> Me:
    """Make somebody something else in the community. Their sockets come again, as what they are now, and
    those of their invites end that they could no longer make. Raises not_found or last_admin."""
    found = store.me(tx, account)
    if found is None or found.role in ("guest", "desk"):
        raise Refusal("not_found", field="account")
    if found.role == "admin" and role != "admin" and rolls.count_admins(tx) < 2:
        raise Refusal("last_admin", field="role")
    store.set_role(tx, account, role)
    if role != "admin":
        store.revoke_invites_of(tx, account, but_for_members=role == "moderator")
    return changed(tx, account)


def suspend(tx: Tx, account: str, until: int, why: str) -> None:
    """Sign an account out everywhere, and keep it out until then, with those whom it invited and who did not
    come yet; 0 lifts it."""
    store.suspend(tx, account, until, why)
    if until:
        store.revoke_invites_of(tx, account, but_for_members=False)
        sign_out_everywhere(tx, account)


def silence(tx: Tx, account: str, until: int) -> None:
    """Let an account read but post nowhere until then; 0 lifts it."""
    store.silence(tx, account, until)
    changed(tx, account, again=False)


def trust(tx: Tx, account: str) -> None:
    """A newcomer's limits end now."""
    store.trust(tx, account)


def require_trusted(db: Reader, who: Who) -> None:
    """Raises newcomer for whom nobody invited and nobody knows yet."""
    found = rolls.standing(db, who.account)
    if found is not None and found[0] == "member" and found[2] > db.now:
        raise Refusal("newcomer", retry_after_ms=found[2] - db.now)


def changed(tx: Tx, account: str, *, again: bool = True) -> Me:
    """Tell an account what it is now; `again`: its sockets have to come again, since they remember."""
    me = store.me(tx, account)
    assert me is not None
    seq = journal.append(tx, account, ME, account, account)
    tx.emit(account, MeChanged(log=account, seq=seq, me=me))
    for device in store.devices_of(tx, account) if again else ():
        tx.hang_up(device, "resume")
    return me
