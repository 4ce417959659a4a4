"""What people do with accounts, devices and invites."""

from dataclasses import dataclass
from typing import Any

import msgspec

from appliance.features.auth import store
from appliance.features.auth.model import (
    MIN_PASSWORD,
    Device,
    DeviceKind,
    DevicesChanged,
    Invite,
    Me,
    MeChanged,
    SignUp,
    normal_name,
    tidy_display,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import fingerprint, new_code, new_id
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Reader, Tx

ME = "me"
DEVICES = "devices"
DEFAULT_SIGN_UP: SignUp = "invite"
SIGN_UPS: dict[str, SignUp] = {"open": "open", "invite": "invite", "closed": "closed"}

person = store.person
people = store.people
invite_works = store.invite_works
password_of = store.password_of
set_password = store.set_password
any_account = store.any_account
touch_devices = store.touch_devices
drop_invite = store.drop_invite


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is about to be: `password` is already hashed."""

    name: str
    display: str
    password: str


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


def community_name(db: Reader) -> str:
    """What the community calls itself."""
    return store.setting(db, "community") or "SafeVoice"


def name_community(tx: Tx, name: str) -> None:
    """Say what the community calls itself."""
    store.put_setting(tx, "community", " ".join(name.split())[:64] or "SafeVoice")


def sign_up(db: Reader, locked: str) -> SignUp:
    """Who may register: what the configuration says, else what was set in the app."""
    chosen = locked or store.setting(db, "sign_up")
    # A word that a newer version set, and this one does not know, must not open the door.
    return SIGN_UPS.get(chosen or "", DEFAULT_SIGN_UP)


def set_up(tx: Tx, community: str, account: NewAccount) -> Me:
    """Make the first account, an admin, and name the community; raises setup_done."""
    if store.any_account(tx):
        raise Refusal("setup_done")
    name_community(tx, community)
    return add_account(tx, account, role="admin")


def check_sign_up(db: Reader, locked: str, invite: str) -> None:
    """Raises setup_needed, sign_up_closed, invite_needed or invite_invalid for whom nobody let in."""
    if not store.any_account(db):
        raise Refusal("setup_needed")
    mode = sign_up(db, locked)
    if mode == "closed":
        raise Refusal("sign_up_closed")
    if mode == "invite" and not invite:
        raise Refusal("invite_needed", field="invite")
    if invite and not store.invite_works(db, invite):
        raise Refusal("invite_invalid", field="invite")


def register(tx: Tx, locked: str, account: NewAccount, invite: str) -> Me:
    """Make an account for somebody who came by themselves or by an invitation."""
    check_sign_up(tx, locked, invite)
    if invite and not store.use_invite(tx, invite):
        raise Refusal("invite_invalid", field="invite")
    return add_account(tx, account)


def add_account(tx: Tx, account: NewAccount, *, role: CommunityRole = "member") -> Me:
    """Make an account; raises name_invalid or name_taken."""
    name = check_name(account.name)
    if store.password_of(tx, name) is not None:
        raise Refusal("name_taken", field="name")
    me = Me(id=new_id(tx.now), name=name, display=tidy_display(account.display, name), role=role)
    store.add_account(tx, me, account.password)
    journal.open_log(tx, me.id)
    return me


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


def revoke(tx: Tx, who: Who, device: str) -> None:
    """End one of my own devices' session and close its sockets; raises not_found."""
    if store.owner_of_device(tx, device) != who.account:
        raise Refusal("not_found", field="device")
    store.end_sessions(tx, device)
    tx.hang_up(device)
    _tell_devices(tx, who.account, device)


def devices(db: Reader, who: Who, connected: frozenset[str]) -> list[Device]:
    """One's own devices, last seen first; those in `connected` are seen right now."""
    found = [
        msgspec.structs.replace(device, last_seen=db.now) if device.id in connected else device
        for device in store.devices(db, who)
    ]
    return sorted(found, key=lambda device: -device.last_seen)


def invite(tx: Tx, who: Who, public_url: str, *, uses: int, days: int) -> Invite:
    """Make a link that lets `uses` people register within `days`."""
    made, code = new_id(tx.now), new_code()
    expires_at = tx.now + days * 86_400_000
    store.add_invite(tx, made, code, who.account, uses, expires_at)
    return Invite(
        id=made,
        url=f"{public_url}/invite/{code}",
        uses_left=uses,
        expires_at=expires_at,
        created_at=tx.now,
    )


def invites(db: Reader, public_url: str) -> list[Invite]:
    """The links that still work."""
    return [
        Invite(
            id=row[0],
            url=f"{public_url}/invite/{row[1]}",
            uses_left=row[2],
            expires_at=row[3],
            created_at=row[4],
        )
        for row in store.invites(db)
    ]


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
