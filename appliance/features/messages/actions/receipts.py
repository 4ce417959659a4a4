"""How far the members of a room are, as they may know it of each other."""

from appliance.features.messages import receipts, store
from appliance.features.messages.actions.reading import require
from appliance.features.messages.model import SMALL_ROOM, Receipts
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

marks = receipts.read_marks
news = receipts.news


def keep_delivered(tx: Tx, held: list[tuple[str, str, int]]) -> None:
    """Write down (room, account, seq) of what devices hold."""
    for room, account, seq in held:
        store.keep_delivered(tx, room, account, seq, SMALL_ROOM)


def of_room(db: Reader, who: Who, room: str, held: dict[str, int]) -> Receipts:
    """What one may know of a room that one is in; `held`: see `marks`."""
    require(db, who, room)
    return Receipts(receipts=marks(db, room, held).seen_by(who.account))
