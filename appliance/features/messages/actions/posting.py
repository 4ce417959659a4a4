"""Saying something, changing it, taking it back."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person
from appliance.features.media import actions as media
from appliance.features.messages import finding, store, timeline
from appliance.features.messages.actions import drafts, reading
from appliance.features.messages.model import (
    MAX_RAW,
    CallEntry,
    Content,
    Delete,
    Edit,
    Message,
    MessageChanged,
    Post,
    Text,
    Voice,
    links_in,
    words_in,
)
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.model import PostingStanding
from appliance.features.search import actions as search
from appliance.kernel import journal
from appliance.kernel.commands import Outcome, forget_later
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from appliance.wire.decode import decode

MESSAGE = "message"
MOST_LEVELS = 64
"""Of the picture of what was said aloud."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What later features add to posting. `newcomers`: (tx, who, number of links in the text), asked about
    those whose `trusted_at` lies ahead, raises a refusal for what they are too new for. `support`: (tx,
    room), told of each post in a support room."""

    newcomers: list[Callable[[Tx, Who, int], None]] = field(default_factory=list)
    support: list[Callable[[Tx, str], None]] = field(default_factory=list)


_content: msgspec.json.Decoder[Content] = msgspec.json.Decoder(Content)


class Messages:
    """The verbs that need a limit from the configuration."""

    def __init__(self, text_bytes: int, hooks: Hooks | None = None) -> None:
        self._text_bytes = text_bytes
        self._hooks = hooks or Hooks()

    def check(self, raw: msgspec.Raw) -> tuple[bytes, Text | Voice]:
        """The content's bytes, once they are known to be of a kind that people say, and within the limit; and
        what they say."""
        received = bytes(raw)
        if len(received) > max(MAX_RAW, 6 * self._text_bytes + 256):
            raise Refusal("text_too_long", field="content", limit="text_bytes")
        try:
            content = decode(_content, received)
        except msgspec.DecodeError as error:
            raise Refusal("content_unknown", field="content") from error
        if isinstance(content, Voice):
            _require_waveform(content.waveform)
            return received, content
        # That somebody called says the server alone.
        if not isinstance(content, Text):
            raise Refusal("content_unknown", field="content")
        if not content.text.strip():
            raise Refusal("text_empty", field="content")
        if len(content.text.encode()) > self._text_bytes:
            raise Refusal("text_too_long", field="content", limit="text_bytes")
        return received, content

    def post(self, tx: Tx, who: Who, command: Post) -> Outcome:
        """Say something in a room."""
        received, content = self.check(command.content)
        standing = rooms.posting_standing(tx, who, command.room)
        self._require_floor(tx, who, standing, words_in(content))
        if command.everyone and not rooms.may(standing.role, standing.kind, "mention_everyone"):
            raise Refusal("forbidden", field="everyone")
        if command.reply_to is not None:
            quoted = timeline.seen(tx, who.account, command.reply_to)
            if quoted is None or quoted[0].room != command.room:
                raise Refusal("not_found", field="reply_to")
        if standing.slow_s:
            _wait_for_turn(tx, who, command.room, standing)
        author = standing.person if standing.role != "staff" else _speaker(tx, standing, command.room)
        message_id = new_id(tx.now)
        seq = journal.take(tx, command.room)
        message = Message(
            id=message_id,
            room=command.room,
            seq=seq,
            rev=seq,
            author=author.id,
            at=tx.now,
            content=msgspec.Raw(received),
            client_id=command.client_id,
            reply_to=command.reply_to or "",
            mentions=_named(tx, command.room, seq, command.mentions) if command.mentions else [],
            everyone=command.everyone,
        )
        store.add(tx, message, who.device)
        search.put(tx)
        tx.emit(command.room, MessageChanged(log=command.room, seq=seq, message=message, person=author))
        if isinstance(content, Voice):
            media.show(tx, who, content.file, command.room, seq)
        else:
            drafts.used(tx, who, command.room, content.text)
        if standing.kind == "support":
            for told in self._hooks.support:
                told(tx, command.room)
        return Outcome(message_id, seq, kept=True)

    def edit(self, tx: Tx, who: Who, command: Edit) -> Outcome:
        """Replace the content of one's own message, and who is named in it."""
        received, content = self.check(command.content)
        message = visible(tx, who, command.message)
        standing = rooms.posting_standing(tx, who, message.room)
        if message.author != _speaker(tx, standing, message.room).id:
            raise Refusal("forbidden", field="message")
        if message.deleted_at:
            raise Refusal("message_deleted", field="message")
        # What was said aloud stays as it was said.
        said = finding.said(message)
        if said is None or not isinstance(content, Text):
            raise Refusal("forbidden", field="message", text="This entry cannot be changed.")
        self._require_floor(tx, who, standing, content.text)
        rev = journal.append(tx, message.room, MESSAGE, message.id, who.account)
        named = _named(tx, message.room, message.seq, command.mentions)
        store.rewrite(tx, message.id, received, named, rev)
        edited = finding.said(msgspec.structs.replace(message, content=command.content, mentions=named))
        assert edited is not None
        search.change(tx, said, edited)
        before, now = set(message.mentions), set(named)
        store.unname(tx, message, before - now)
        store.name(tx, message, now - before)
        tell(tx, message.id, rev)
        _recount(tx, message, before ^ now)
        return Outcome(message.id, rev)

    def _require_floor(self, tx: Tx, who: Who, standing: PostingStanding, text: str) -> None:
        rooms.require_floor(standing, tx.now)
        if standing.trusted_at > tx.now:
            for check in self._hooks.newcomers:
                check(tx, who, links_in(text))


def delete(tx: Tx, who: Who, command: Delete) -> Outcome:
    """Take a message back: its author, or whoever may do so in the room."""
    message = visible(tx, who, command.message)
    standing = rooms.posting_standing(tx, who, message.room)
    own = message.author == _speaker(tx, standing, message.room).id
    if not own and not rooms.may(standing.role, standing.kind, "delete_any"):
        raise Refusal("forbidden", field="message")
    if message.deleted_at:
        return Outcome(message.id, message.rev)
    if not own:
        audit.note(tx, who, "message.delete", message.author, room=message.room, detail=message.id)
    return Outcome(message.id, bury(tx, message, who.account))


def visible(db: Reader, who: Who, message_id: str) -> Message:
    """A message in a room that one is in now, in a stretch that one may see; else raises not_found."""
    found = timeline.seen(db, who.account, message_id)
    if found is None:
        raise Refusal("not_found", field="message")
    rooms.require_member(db, who, found[0].room)
    return found[0]


def is_voice(message: Message) -> bool:
    """Whether it was said aloud."""
    return message.content is not None and isinstance(_content.decode(message.content), Voice)


def take_down(tx: Tx, who: Who, message_id: str) -> None:
    """Delete a message wherever it is, for whom the community lets do so; the caller has made sure of that.
    Nothing where it is gone already."""
    found = timeline.message(tx, message_id)
    if found is not None and not found[0].deleted_at:
        bury(tx, found[0], who.account)


def bury(tx: Tx, message: Message, actor: str) -> int:
    """Leave a tombstone, and tell everybody who may see it; returns its rev."""
    rev = journal.append(tx, message.room, MESSAGE, message.id, actor)
    forget_later(tx, *store.bury(tx, message, rev))
    said = finding.said(message)
    if said is not None:
        search.forget(tx, said)
    else:
        media.let_go(tx, message.room, message.seq)
    tell(tx, message.id, rev)
    _recount(tx, message, set(message.mentions))
    return rev


def note_call(tx: Tx, room: str, caller: Person, entry: CallEntry, *, quiet: bool) -> int:
    """Write a call that is over into the room's log, as something of the caller's; `quiet`: nobody has it
    unread. Returns its seq. Whether the caller may still post there is not asked: it happened."""
    seq = journal.take(tx, room)
    message = Message(
        id=new_id(tx.now),
        room=room,
        seq=seq,
        rev=seq,
        author=caller.id,
        at=tx.now,
        content=msgspec.Raw(msgspec.json.encode(entry)),
        quiet=quiet,
    )
    store.add(tx, message, "")
    tx.emit(room, MessageChanged(log=room, seq=seq, message=message, person=caller))
    return seq


def speak_as(tx: Tx, room: str, account: str) -> None:
    """From now on what members of role `staff` say in this room is `account`'s, and nobody sees whose it was.
    The messages' devices still tell."""
    store.set_voice(tx, room, account)


def tell(tx: Tx, message_id: str, seq: int) -> None:
    """Tell those who may see it how a message stands now."""
    found = timeline.message(tx, message_id)
    assert found is not None
    message, person = found
    event = MessageChanged(log=message.room, seq=seq, message=message, person=person)
    rooms.tell_who_may_see(tx, message.room, message.seq, event)


def _require_waveform(waveform: str) -> None:
    try:
        levels = base64.b64decode(waveform, validate=True)
    except ValueError as error:
        raise Refusal("content_unknown", field="content") from error
    if not 0 < len(levels) <= MOST_LEVELS:
        raise Refusal("content_unknown", field="content")


def _recount(tx: Tx, message: Message, people: set[str]) -> None:
    # Who does not hold the message cannot know from its new state that the old one named them. After the
    # event of the message itself, because what this says is not to be counted again.
    if message.everyone:
        return
    for account in sorted(people - {message.author}):
        reading.recount(tx, account, message.room, message.seq)


def _speaker(db: Reader, standing: PostingStanding, room: str) -> Person:
    """Whose what somebody says there is."""
    voice = store.voice_of(db, room) if standing.role == "staff" else None
    person = auth.person(db, voice) if voice else None
    return person or standing.person


def _named(db: Reader, room: str, seq: int, mentions: list[str]) -> list[str]:
    """Those of `mentions` who may see what stands at `seq`, each once."""
    return [account for account in dict.fromkeys(mentions) if store.may_be_named(db, room, seq, account)]


def _wait_for_turn(tx: Tx, who: Who, room: str, standing: PostingStanding) -> None:
    """Slow mode: raises slow_mode for whom it is too soon, else counts this time."""
    if rooms.may(standing.role, standing.kind, "post_freely"):
        return
    wait = store.posted_at(tx, room, who.account) + 1000 * standing.slow_s - tx.now
    if wait > 0:
        raise Refusal("slow_mode", retry_after_ms=wait)
    store.note_posted(tx, room, who.account)
