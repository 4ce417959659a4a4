"""The logo in its forms."""

from appliance.kernel.transaction import Reader, Tx


def image(db: Reader, form: str) -> bytes | None:
    found: bytes | None = db.value("SELECT image FROM logo_forms WHERE form = :form", form=form)
    return found


def put_images(tx: Tx, images: dict[str, bytes]) -> None:
    """These, and no others."""
    tx.run("DELETE FROM logo_forms")
    for form, each in images.items():
        tx.run("INSERT INTO logo_forms (form, image) VALUES (:form, :image)", form=form, image=each)
