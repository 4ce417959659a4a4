"""What is done with the audit log: writing. Reading it needs the names of rooms, so it stands further up."""

from appliance.features.audit import store
from appliance.features.audit.model import Action
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

MOST_DETAIL = 500

entries = store.entries


def note(tx: Tx, who: Who | None, action: Action, subject: str, *, room: str = "", detail: str = "") -> None:
    """Write down a deed of power in the transaction that carries it out; `who` None: the server itself."""
    store.add(tx, who.account if who else "", action, subject, room, detail[:MOST_DETAIL])
