"""What is set for the whole community, and what the server keeps to itself."""

from appliance.config import Config
from appliance.features.auth import rolls, store
from appliance.features.auth.model import (
    Settings,
    SettingsChanged,
    SignUp,
    is_visible,
    one_line,
)
from appliance.features.auth.settings import combine, written
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Reader, Tx


def settings(db: Reader, config: Config) -> Settings:
    """What is set for the whole community."""
    return combine(store.settings(db), config)


def change_settings(tx: Tx, config: Config, changes: dict[str, str | bool | int]) -> Settings:
    """Set what is given by its name in Settings, and tell everybody who is here; raises setting_locked."""
    locked = settings(tx, config).locked
    for name, value in changes.items():
        if name in locked:
            raise Refusal("setting_locked", field=name)
        kept = one_line(value) if isinstance(value, str) else value
        if name == "name" and not is_visible(str(kept)):
            raise Refusal("bad_request", field="name", text="A community needs a name.")
        store.put_setting(tx, name, written(kept))
    tx.broadcast(SettingsChanged())
    return settings(tx, config)


def name_community(tx: Tx, name: str) -> None:
    """Say what the community calls itself."""
    store.put_setting(tx, "name", one_line(name)[:64])


def logo(db: Reader) -> str:
    """The id of the community's logo; empty where the house's own stands."""
    return store.setting(db, "logo") or ""


def show_logo(tx: Tx, logo: str) -> None:
    """Show this one, which `logo` keeps, or none, and tell everybody who is here."""
    store.put_setting(tx, "logo", logo)
    tx.broadcast(SettingsChanged())


def sign_up(db: Reader, config: Config) -> SignUp:
    """Who may register right now."""
    found = settings(db, config)
    quiet_ms = found.quiet_weeks * 7 * 86_400_000
    # Nobody is there to look after whoever comes in.
    if found.sign_up == "open" and quiet_ms and rolls.staff_seen(db) < db.now - quiet_ms:
        return "invite"
    return found.sign_up


def check_sign_up(db: Reader, config: Config, invite: str) -> None:
    """Raises setup_needed, sign_up_closed, invite_needed or invite_invalid for whom nobody let in."""
    if not rolls.any_account(db):
        raise Refusal("setup_needed")
    mode = sign_up(db, config)
    if mode == "closed":
        raise Refusal("sign_up_closed")
    if mode == "invite" and not invite:
        raise Refusal("invite_needed", field="invite")
    if invite and rolls.working_invite(db, invite) is None:
        raise Refusal("invite_invalid", field="invite")


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
