"""How accounts come to be."""

from dataclasses import dataclass

from appliance.config import Config
from appliance.features.auth import rolls, store
from appliance.features.auth.actions.community import check_sign_up, name_community, settings
from appliance.features.auth.actions.standing import changed
from appliance.features.auth.lookalikes import skeleton
from appliance.features.auth.model import (
    MIN_PASSWORD,
    Me,
    normal_name,
    tidy_display,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import CommunityRole
from appliance.kernel.transaction import Reader, Tx


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is about to be: `password` is already hashed, empty for none. `id` where it was promised
    before, to a passkey."""

    name: str
    display: str
    password: str
    id: str = ""


def check_name(name: str) -> str:
    """The name as it is stored; raises name_invalid."""
    normal = normal_name(name)
    if normal is None:
        raise Refusal("name_invalid", field="name")
    return normal


def check_password(password: str) -> None:
    """Raises password_short."""
    if len(password) < MIN_PASSWORD:
        raise Refusal("password_short", field="password")


def set_up(tx: Tx, community: str, account: NewAccount) -> Me:
    """Make the first account, an admin, and name the community; raises setup_done."""
    if rolls.any_account(tx):
        raise Refusal("setup_done")
    name_community(tx, community)
    return add_account(tx, account, role="admin")


def register(tx: Tx, config: Config, account: NewAccount, invite: str) -> Me:
    """Make an account for somebody who came by themselves or by an invitation. Whoever was invited is trusted
    at once; others are newcomers for a while."""
    check_sign_up(tx, config, invite)
    if not invite:
        newcomer_ms = settings(tx, config).newcomer_hours * 3_600_000
        return add_account(tx, account, trusted_at=tx.now + newcomer_ms)
    used = store.use_invite(tx, invite)
    if used is None:
        raise Refusal("invite_invalid", field="invite")
    return add_account(tx, account, role=used.role, invite=used.id)


def add_account(
    tx: Tx, account: NewAccount, *, role: CommunityRole = "member", invite: str = "", trusted_at: int = 0
) -> Me:
    """Make an account; raises name_invalid or name_taken."""
    name = check_name(account.name)
    if store.password_of(tx, name) is not None:
        raise Refusal("name_taken", field="name")
    me = Me(
        id=account.id or new_id(tx.now), name=name, display=tidy_display(account.display, name), role=role
    )
    store.add_account(tx, me, account.password, invite, trusted_at)
    store.put_skeletons(tx, me.id, skeleton(me.display), skeleton(name))
    journal.open_log(tx, me.id)
    return me


def add_guest(tx: Tx, display: str) -> Me:
    """Make an account for somebody who has none: nobody can sign in to it, only its first device is in."""
    account = new_id(tx.now)
    return add_account(tx, NewAccount(f"guest-{account}", display, "", account), role="guest")


def desk_of(db: Reader) -> str:
    """The account whose voice the staff has in support rooms; empty before the first of those."""
    return store.setting(db, "desk") or ""


def desk(tx: Tx) -> str:
    """The same, made where there is none yet. Nobody can sign in to it."""
    found = desk_of(tx)
    if not found:
        found = new_id(tx.now)
        add_account(tx, NewAccount(f"desk-{found}", "Support", "", found), role="desk")
        store.put_setting(tx, "desk", found)
    return found


def promote_guest(tx: Tx, config: Config, guest: str, account: NewAccount, invite: str) -> Me:
    """Make a member of a guest, under the same id; raises what `register` does, and forbidden for whom is no
    guest any more."""
    found = store.me(tx, guest)
    if found is None or found.role != "guest":
        raise Refusal("forbidden")
    check_sign_up(tx, config, invite)
    used = store.use_invite(tx, invite) if invite else None
    if invite and used is None:
        raise Refusal("invite_invalid", field="invite")
    name = check_name(account.name)
    if store.password_of(tx, name) is not None:
        raise Refusal("name_taken", field="name")
    newcomer_ms = 0 if used else settings(tx, config).newcomer_hours * 3_600_000
    store.promote_guest(
        tx,
        guest,
        name=name,
        display=tidy_display(account.display, name),
        password=account.password,
        role=used.role if used else "member",
        invite=used.id if used else "",
        trusted_at=tx.now + newcomer_ms if newcomer_ms else 0,
    )
    store.put_skeletons(tx, guest, skeleton(tidy_display(account.display, name)), skeleton(name))
    return changed(tx, guest)
