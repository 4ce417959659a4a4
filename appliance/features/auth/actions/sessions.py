"""Signing in and out, and the devices of an account."""

from dataclasses import dataclass

import msgspec

from appliance.features.auth import rolls, store
from appliance.features.auth.actions.replay import DEVICES
from appliance.features.auth.model import (
    Device,
    DeviceKind,
    DevicesChanged,
    Me,
    tidy_display,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import fingerprint, new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

FORGET_DEVICE_MS = 90 * 86_400_000
"""As long as commands of a device are remembered, by which a repeat is told."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A browser that is about to be signed in with `token`."""

    name: str
    kind: DeviceKind
    token: str
    scopes: str = ""
    expires_at: int = 0


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
        for device in rolls.devices(db, who)
    ]
    return sorted(found, key=lambda device: -device.last_seen)


def _tell_devices(tx: Tx, account: str, device: str) -> None:
    seq = journal.append(tx, account, DEVICES, device, account)
    tx.emit(account, DevicesChanged(log=account, seq=seq))
