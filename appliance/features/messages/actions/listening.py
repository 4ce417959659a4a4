"""Who listened to what was said aloud: known on all one's devices, and to the author as receipts are."""

from appliance.features.messages import store, timeline
from appliance.features.messages.actions import posting
from appliance.features.messages.actions.reading import require
from appliance.features.messages.model import Heard, Listen, ListenedChanged, Message
from appliance.features.people import actions as people
from appliance.features.rooms import actions as rooms
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

LISTENED = "listened"
MOST_WHOLE = 100
"""Of what one listened to, told to a device that begins anew; pages of history tell the rest."""


def listen(tx: Tx, who: Who, command: Listen) -> Outcome:
    """Note that somebody listened to a voice message of somebody else."""
    message = posting.visible(tx, who, command.message)
    if message.deleted_at:
        raise Refusal("message_deleted", field="message")
    if not posting.is_voice(message):
        raise Refusal("content_unknown", field="message")
    own = message.author in (who.account, require(tx, who, message.room).voice)
    if not own and store.note_listened(tx, message, who.account):
        _tell(tx, who.account, message, who.account)
        if rooms.role_of(tx, message.room, message.author) and _count(tx, message):
            _tell(tx, message.author, message, who.account)
    return Outcome(message.id)


def heard(db: Reader, account: str, room: str, run: list[Message]) -> list[Heard]:
    """Which of a run of a room's messages were listened to, as far as it is the account's to know."""
    mine = [message.seq for message in run if message.author == account]
    theirs = [message.seq for message in run if message.author != account]
    found = dict.fromkeys(store.listened(db, account, room, theirs), 0) if theirs else {}
    # Only the author counts them: else a page would grow with all who listened, for all who read.
    counts = store.listeners(db, account, room, mine) if mine else []
    if counts and people.preferences(db, account).receipts:
        found |= counts
    return [Heard(message=message, count=count) for message, count in found.items()]


def load_listened(
    db: Reader, account: str, log: str, subjects: list[tuple[str, int]]
) -> list[ListenedChanged]:
    """What was listened to."""
    seqs = dict(subjects)
    return [
        _changed(log, seqs[message.id], message, found[0])
        for message, _ in timeline.seen_of(db, account, list(seqs))
        if (found := heard(db, account, message.room, [message]))
    ]


def whole(db: Reader, account: str, seq: int) -> list[ListenedChanged]:
    """What I listened to last."""
    return load_listened(
        db, account, account, [(each, seq) for each in store.newest_listened(db, account, MOST_WHOLE)]
    )


def _tell(tx: Tx, account: str, message: Message, actor: str) -> None:
    seq = journal.append(tx, account, LISTENED, message.id, actor)
    found = heard(tx, account, message.room, [message])
    tx.emit(account, _changed(account, seq, message, found[0]))


def _count(db: Reader, message: Message) -> int:
    return sum(each.count for each in heard(db, message.author, message.room, [message]))


def _changed(log: str, seq: int, message: Message, heard: Heard) -> ListenedChanged:
    return ListenedChanged(log=log, seq=seq, room=message.room, message=message.id, count=heard.count)
