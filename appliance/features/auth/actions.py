"""What people do with accounts, devices and invites."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from appliance.config import Config
from appliance.features.auth import store
from appliance.features.auth.lookalikes import skeleton
from appliance.features.auth.model import (
    MIN_PASSWORD,
    Device,
    DeviceKind,
    DevicesChanged,
    Me,
    MeChanged,
    Settings,
    SettingsChanged,
    SignUp,
    normal_name,
    tidy_display,
)
from appliance.features.auth.settings import combine, written
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import fingerprint, new_code, new_id, new_secret
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Reader, Tx

ME = "me"
DEVICES = "devices"
FORGET_DEVICE_MS = 90 * 86_400_000
"""As long as commands of a device are remembered, by which a repeat is told."""

person = store.person
password_of = store.password_of
set_password = store.set_password
any_account = store.any_account
touch_devices = store.touch_devices
revoke_invite = store.revoke_invite
working_invite = store.working_invite
invite_of = store.invite_of
invites = store.invites
came_by = store.came_by
count_admins = store.count_admins
StoredInvite = store.StoredInvite
standing = store.standing
staff = store.staff
myself = store.me


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is about to be: `password` is already hashed, empty for none. `id` where it was promised
    before, to a passkey."""

    name: str
    display: str
    password: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A browser that is about to be signed in with `token`."""

    name: str
    kind: DeviceKind
    token: str
    scopes: str = ""
    expires_at: int = 0


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


def settings(db: Reader, config: Config) -> Settings:
    """What is set for the whole community."""
    return combine(store.settings(db), config)


def change_settings(tx: Tx, config: Config, changes: dict[str, str | bool | int]) -> Settings:
    """Set what is given by its name in Settings, and tell everybody who is here; raises setting_locked."""
    locked = settings(tx, config).locked
    for name, value in changes.items():
        if name in locked:
            raise Refusal("setting_locked", field=name)
        store.put_setting(tx, name, written(value))
    tx.broadcast(SettingsChanged())
    return settings(tx, config)


def name_community(tx: Tx, name: str) -> None:
    """Say what the community calls itself."""
    store.put_setting(tx, "name", " ".join(name.split())[:64])


def sign_up(db: Reader, config: Config) -> SignUp:
    """Who may register right now."""
    found = settings(db, config)
    quiet_ms = found.quiet_weeks * 7 * 86_400_000
    # Nobody is there to look after whoever comes in.
    if found.sign_up == "open" and quiet_ms and store.staff_seen(db) < db.now - quiet_ms:
        return "invite"
    return found.sign_up


def set_up(tx: Tx, community: str, account: NewAccount) -> Me:
    """Make the first account, an admin, and name the community; raises setup_done."""
    if store.any_account(tx):
        raise Refusal("setup_done")
    name_community(tx, community)
    return add_account(tx, account, role="admin")


def check_sign_up(db: Reader, config: Config, invite: str) -> None:
    """Raises setup_needed, sign_up_closed, invite_needed or invite_invalid for whom nobody let in."""
    if not store.any_account(db):
        raise Refusal("setup_needed")
    mode = sign_up(db, config)
    if mode == "closed":
        raise Refusal("sign_up_closed")
    if mode == "invite" and not invite:
        raise Refusal("invite_needed", field="invite")
    if invite and store.working_invite(db, invite) is None:
        raise Refusal("invite_invalid", field="invite")


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
    """Make a member of a guest, under the same id; raises what `register` does."""
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
    return _changed(tx, guest)


def change_role(tx: Tx, account: str, role: CommunityRole) -> Me:
    """Make somebody something else in the community. Their sockets come again, as what they are now. Raises
    not_found or last_admin."""
    found = store.me(tx, account)
    if found is None or found.role in ("guest", "desk"):
        raise Refusal("not_found", field="account")
    if found.role == "admin" and role != "admin" and store.count_admins(tx) < 2:
        raise Refusal("last_admin", field="role")
    store.set_role(tx, account, role)
    return _changed(tx, account)


def suspend(tx: Tx, account: str, until: int, why: str) -> None:
    """Sign an account out everywhere, and keep it out until then; 0 lifts it."""
    store.suspend(tx, account, until, why)
    if until:
        sign_out_everywhere(tx, account)


def silence(tx: Tx, account: str, until: int) -> None:
    """Let an account read but post nowhere until then; 0 lifts it."""
    store.silence(tx, account, until)
    _changed(tx, account, again=False)


def trust(tx: Tx, account: str) -> None:
    """A newcomer's limits end now."""
    store.trust(tx, account)


def require_trusted(db: Reader, who: Who) -> None:
    """Raises newcomer for whom nobody invited and nobody knows yet."""
    found = store.standing(db, who.account)
    if found is not None and found[0] == "member" and found[2] > db.now:
        raise Refusal("newcomer", retry_after_ms=found[2] - db.now)


def _changed(tx: Tx, account: str, *, again: bool = True) -> Me:
    """Tell an account what it is now; `again`: its sockets have to come again, since they remember."""
    me = store.me(tx, account)
    assert me is not None
    seq = journal.append(tx, account, ME, account, account)
    tx.emit(account, MeChanged(log=account, seq=seq, me=me))
    for device in store.devices_of(tx, account) if again else ():
        tx.hang_up(device, "resume")
    return me


def name_is_free_for_guest(db: Reader, display: str) -> bool:
    """Whether nobody could take a guest of this display name for a member."""
    looks = skeleton(display)
    return bool(looks) and not store.member_looks_like(db, looks)


def work_out_skeletons(tx: Tx, *, most: int = 200) -> int:
    """Of accounts that were made before there were any; returns how many."""
    found = store.without_skeletons(tx, most)
    for account, display, name in found:
        store.put_skeletons(tx, account, skeleton(display), skeleton(name))
    return len(found)


def change_me(tx: Tx, account: str, **changes: str | int) -> int:
    """Change how an account presents itself (fields of Me) and tell its own devices; returns their log's seq.
    The rooms are to be told by whoever knows them (rooms.retell_person)."""
    held = store.me(tx, account)
    if held is None:
        raise Refusal("not_found")
    changed = msgspec.structs.replace(held, **changes)
    store.put_me(tx, changed)
    store.put_skeletons(tx, account, skeleton(changed.display), skeleton(changed.name))
    seq = journal.append(tx, account, ME, account, account)
    tx.emit(account, MeChanged(log=account, seq=seq, me=changed))
    return seq


def forget(tx: Tx, account: str) -> None:
    """Leave nothing of an account but a row without a name. Its sessions end, its sockets close."""
    sign_out_everywhere(tx, account)
    store.erase(tx, account)


def clear_log(tx: Tx, account: str) -> None:
    """Nobody will ask what changed for the account."""
    journal.clear_log(tx, account)


def sign_in(tx: Tx, account: str, device: NewDevice) -> tuple[Me, str]:
    """Start a session on a new device; returns the account and the device's id."""
    me = store.me(tx, account)
    if me is None:
        raise Refusal("wrong_credentials")
    device_id = new_id(tx.now)
    name = tidy_display(device.name, "Unknown device")
    store.add_device(
        tx, device_id, account, name, device.kind, fingerprint(device.token), device.scopes, device.expires_at
    )
    _tell_devices(tx, account, device_id)
    return me, device_id


def authenticate(db: Reader, token: str) -> Who | None:
    """Whose session this token is."""
    return store.session(db, fingerprint(token))


def on_device(db: Reader, device: str) -> Who | None:
    """Who is signed in on this device."""
    return store.session_on(db, device)


def rename_device(tx: Tx, who: Who, device: str, name: str) -> None:
    """Call one of my own devices something else; raises not_found."""
    if store.owner_of_device(tx, device) != who.account:
        raise Refusal("not_found", field="device")
    store.rename_device(tx, device, tidy_display(name, "Unknown device"))
    _tell_devices(tx, who.account, device)


def forget_devices(tx: Tx, *, most: int) -> int:
    """Drop what is left of devices that were revoked long ago; returns how many they were."""
    return store.forget_devices(tx, tx.now - FORGET_DEVICE_MS, most)


def known_secret(db: Reader, name: str) -> str:
    """A secret of this server, or nothing where it was never asked for."""
    return store.setting(db, name) or ""


def own_secret(tx: Tx, name: str) -> str:
    """A random secret of this server, made when it is first asked for."""
    found = store.setting(tx, name)
    if found is None:
        found = new_secret()
        store.put_setting(tx, name, found)
    return found


def revoke(tx: Tx, who: Who, device: str) -> None:
    """End one of my own devices' session and close its sockets; raises not_found."""
    if store.owner_of_device(tx, device) != who.account:
        raise Refusal("not_found", field="device")
    store.end_sessions(tx, device)
    tx.hang_up(device)
    _tell_devices(tx, who.account, device)


def sign_out_everywhere(tx: Tx, account: str, *, but: str = "") -> None:
    """End every session of the account and close its sockets; not those of the device `but`."""
    for device in store.devices_of(tx, account):
        if device != but:
            store.end_sessions(tx, device)
            tx.hang_up(device)
    _tell_devices(tx, account, but or account)


def devices(db: Reader, who: Who, connected: frozenset[str]) -> list[Device]:
    """One's own devices, last seen first; those in `connected` are seen right now."""
    found = [
        msgspec.structs.replace(device, last_seen=db.now) if device.id in connected else device
        for device in store.devices(db, who)
    ]
    return sorted(found, key=lambda device: -device.last_seen)


def invite(
    tx: Tx,
    who: Who,
    *,
    uses: int,
    days: int,
    role: Literal["moderator", "member"] = "member",
    rooms: tuple[str, ...] = (),
    note: str = "",
) -> StoredInvite:
    """Make a link that lets `uses` people register within `days`."""
    made = StoredInvite(
        id=new_id(tx.now),
        code=new_code(),
        creator=who.account,
        uses=uses,
        uses_left=uses,
        expires_at=tx.now + days * 86_400_000,
        created_at=tx.now,
        role=role,
        rooms=rooms,
        note=" ".join(note.split()),
    )
    store.add_invite(tx, made)
    return made


def _tell_devices(tx: Tx, account: str, device: str) -> None:
    seq = journal.append(tx, account, DEVICES, device, account)
    tx.emit(account, DevicesChanged(log=account, seq=seq))


# Replay


def whole(db: Reader, account: str) -> list[MeChanged]:
    """Myself, for a client that knows nothing."""
    return load_me(db, account, account, [(account, journal.head(db, account))])


def load_me(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """My account as it stands."""
    me = store.me(db, account)
    return [MeChanged(log=log, seq=seq, me=me) for _, seq in subjects if me is not None]


def load_devices(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """That the list of devices changed, once however often it did."""
    return [DevicesChanged(log=log, seq=max(seq for _, seq in subjects))]
