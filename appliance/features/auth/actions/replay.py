"""What an account's own log says of it."""

from typing import Any

from appliance.features.auth import store
from appliance.features.auth.model import (
    DevicesChanged,
    MeChanged,
)
from appliance.kernel import journal
from appliance.kernel.transaction import Reader

ME = "me"
DEVICES = "devices"


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
