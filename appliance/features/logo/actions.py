"""What admins do about the community's logo."""

from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.logo import store
from appliance.features.logo.model import FORMS
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx


def change(tx: Tx, who: Who, images: list[bytes]) -> str:
    """Show these, in the order of FORMS, from now on; returns the logo's id."""
    logo = new_id(tx.now)
    store.put_images(tx, dict(zip(FORMS, images, strict=True)))
    auth.show_logo(tx, logo)
    audit.note(tx, who, "settings.change", "logo", detail="changed")
    return logo


def take_down(tx: Tx, who: Who) -> None:
    """Show the house's own again."""
    if not auth.logo(tx):
        return
    store.put_images(tx, {})
    auth.show_logo(tx, "")
    audit.note(tx, who, "settings.change", "logo", detail="removed")


def image(db: Reader, logo: str, form: str) -> bytes | None:
    """The PNG; None where the logo is another one by now."""
    return store.image(db, form) if logo and logo == auth.logo(db) else None
