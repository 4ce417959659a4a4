"""Links by which people register."""

from typing import Literal

from appliance.features.auth import store
from appliance.features.auth.model import (
    StoredInvite,
)
from appliance.kernel.ids import new_code, new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx


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
