"""What one began to write, on all one's devices."""

from appliance.features.messages import store, timeline
from appliance.features.messages.actions.reading import require
from appliance.features.messages.model import Draft, DraftChanged, SaveDraft
from appliance.kernel import jobs, journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

DRAFT = "draft"
TIDY = "messages.tidy"
TIDY_MS = 3_600_000


class Drafts:
    """The verbs that need a limit from the configuration."""

    def __init__(self, text_bytes: int) -> None:
        self._text_bytes = text_bytes

    def save(self, tx: Tx, who: Who, command: SaveDraft) -> Outcome:
        """Keep a draft, or forget it."""
        standing = require(tx, who, command.room)
        if len(command.text.encode()) > self._text_bytes:
            raise Refusal("text_too_long", field="text", limit="text_bytes")
        held = own(tx, who.account, command.room, standing.joined_at)
        if not command.text.strip():
            if held is not None:
                _drop(tx, who, command.room)
            return Outcome(command.room)
        if command.reply_to is not None:
            quoted = timeline.seen(tx, who.account, command.reply_to)
            if quoted is None or quoted[0].room != command.room:
                raise Refusal("not_found", field="reply_to")
        new = Draft(command.text, command.reply_to or "", tx.now, who.device)
        if held is None or (held.text, held.reply_to, held.device) != (new.text, new.reply_to, new.device):
            store.keep_draft(tx, command.room, who.account, new)
            if held is None:
                jobs.enqueue(tx, TIDY, {}, key=TIDY, delay_ms=TIDY_MS)
            _tell(tx, who.account, command.room, new)
        return Outcome(command.room)


def used(tx: Tx, who: Who, room: str, text: str) -> None:
    """Forget the draft that became a message: the device's own, or one that says the same. A message that
    waited in an outbox must not take away what was written elsewhere since."""
    held = store.draft(tx, room, who.account)
    if held is not None and (held.device == who.device or held.text.strip() == text.strip()):
        _drop(tx, who, room)


def tidy(tx: Tx) -> int | None:
    """Drop the drafts of rooms that their owners left since; returns when to look again, None for never."""
    return TIDY_MS if store.drop_stale_drafts(tx) else None


def own(db: Reader, account: str, room: str, joined_at: int) -> Draft | None:
    """A member's draft; one from before they joined (again) is as good as gone."""
    held = store.draft(db, room, account)
    return held if held is not None and held.at >= joined_at else None


def event(account: str, room: str, seq: int, draft: Draft | None) -> DraftChanged:
    """A draft, or that there is none, as an event at `seq` of its owner's log."""
    if draft is None:
        return DraftChanged(log=account, seq=seq, room=room, text="")
    return DraftChanged(
        log=account,
        seq=seq,
        room=room,
        text=draft.text,
        reply_to=draft.reply_to,
        at=draft.at,
        device=draft.device,
    )


def _drop(tx: Tx, who: Who, room: str) -> None:
    store.drop_draft(tx, room, who.account)
    _tell(tx, who.account, room, Draft("", "", tx.now, who.device))


def _tell(tx: Tx, account: str, room: str, draft: Draft) -> None:
    seq = journal.append(tx, account, DRAFT, room, account)
    tx.emit(account, event(account, room, seq, draft))
