"""Messages: the words."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Command, Event, Id, Lasting, LogEvent, Millis, Noun, Seq

PAGE = 20
MAX_PAGE = 100
MAX_MENTIONS = 50
MOST_MENTIONED = 50
UNREAD_CAP = 1000
SMALL_ROOM = 20
"""Members up to which each one's receipts are shown; above, they are counted."""

MOST_VOICE_MS = 330_000
"""Clients stop after five minutes; the rest is for their clocks."""

Attention = Literal["all", "mentions", "nothing"]
"""What one wants to be told of in a room."""
LEVELS: dict[str, Attention] = {"all": "all", "mentions": "mentions", "nothing": "nothing"}
Mentions = Annotated[list[Id], msgspec.Meta(max_length=MAX_MENTIONS)]


class Text(msgspec.Struct, tag_field="type", tag="text", forbid_unknown_fields=True, frozen=True, gc=False):
    """Plain text in the Markdown subset that clients render: bold, italic, strike, code, code block,
    quote, list, links."""

    text: str


class CallEntry(
    msgspec.Struct, tag_field="type", tag="call", forbid_unknown_fields=True, frozen=True, gc=False
):
    """A call that is over, as the room remembers it: its author called. Only the server writes it, and nobody
    changes it; its author may delete it. `outcome`: how it ended; `duration_ms`: from the answer on, 0 where
    nobody answered."""

    video: bool
    outcome: Literal["answered", "declined", "cancelled", "missed", "busy", "failed"]
    duration_ms: int = 0


class Voice(msgspec.Struct, tag_field="type", tag="voice", forbid_unknown_fields=True, frozen=True, gc=False):
    """Something said aloud. `file`: of mine, uploaded by `POST /api/media`, in no other message. `waveform`:
    base64 of up to 64 bytes, each the loudness of an equal part of it, 0 to 255. It is never edited."""

    file: Id
    duration_ms: Annotated[int, msgspec.Meta(ge=1, le=MOST_VOICE_MS)]
    waveform: Annotated[str, msgspec.Meta(max_length=88)]


Content = Text | CallEntry | Voice
"""The tagged union of what a message may hold, by `type`. One more kind is one more member here;
nothing else may look inside."""


class Standing(NamedTuple):
    """How a room stands for one of its members, of one read. `voice`: under whose account they speak, their
    own for all but the staff of a support room."""

    room: str
    account: str
    voice: str
    head: int
    member_count: int
    joined_at: Millis
    read_seq: int
    marked_unread: bool
    level: Attention
    muted_until: Millis


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody began to write in a room; see DraftChanged."""

    text: str
    reply_to: str
    at: Millis
    device: str


class Message(Noun, frozen=True):
    """One message as it stands now. `seq` is where it stands in its room, for ever; `rev` is the `seq` of its
    last change: of two versions the higher `rev` is the newer. A deleted message keeps its place: `content`
    is null and `deleted_at` is set. `quiet`: it counts as nothing unread, for nobody. `client_id` lets the
    sender's own screens match it with what they still show as pending. `mentions`: members who are named in
    it; `everyone`: it is for the whole room, which its tombstone still says, so that clients can count."""

    id: str
    room: str
    seq: int
    rev: int
    author: str
    at: Millis
    content: msgspec.Raw | None
    client_id: str = ""
    reply_to: str = ""
    mentions: list[str] = msgspec.field(default_factory=list)
    everyone: bool = False
    quiet: bool = False
    edited_at: Millis = 0
    deleted_at: Millis = 0


class MessageChanged(LogEvent, tag="message", frozen=True):
    """A message was posted, edited or deleted (room log). `person` is its author as others see them."""

    message: Message
    person: Person


class ReadChanged(LogEvent, tag="read", frozen=True):
    """How far I have read `room`, or what I have still to read there, changed (account log): `unread`
    messages of others follow `read_seq` (counted up to 1,000; of people whom I blocked none counts),
    `mentions` of them are for me. `marked_unread`: I put it aside to come back to. Also sent to whom an edit
    or a deletion names, or no longer names, in a message that they have not read."""

    room: str
    read_seq: int
    unread: int
    mentions: int = 0
    marked_unread: bool = False


class AttentionChanged(LogEvent, tag="attention", frozen=True):
    """What I want to be told of in `room` (account log). `muted_until`: nothing until then, whatever `level`
    says; 0 when not muted."""

    room: str
    level: Attention
    muted_until: Millis = 0


class DraftChanged(LogEvent, tag="draft", frozen=True):
    """What I began to write in `room` on one of my devices (account log); an empty text: nothing any more.
    `at`: when; of two drafts the later one holds. `device`: where it was written."""

    room: str
    text: str
    reply_to: str = ""
    at: Millis = 0
    device: str = ""


class Summary(Event, tag="summary", frozen=True):
    """How a room stands for me: its log's head, what I have read, unread messages of others (counted
    up to 1,000) and how many of them mention me, its newest message that is not deleted, with its author, how
    many are in it, and what I want to be told of there."""

    room: str
    head: int
    read_seq: int
    unread: int
    mentions: int = 0
    marked_unread: bool = False
    level: Attention = "all"
    muted_until: Millis = 0
    last: Message | None = None
    person: Person | None = None
    member_count: int = 0


class Post(Lasting, tag="post", frozen=True):
    """Say something in a room. `content` is stored as the bytes received. Ack: `subject` is the id of
    the message, `seq` its place in the room. `mentions`: people named in it; who is not in the room is left
    out. `everyone`: for the whole room (moderators and owners)."""

    room: Id
    content: msgspec.Raw
    reply_to: Id | None = None
    mentions: Mentions = msgspec.field(default_factory=list)
    everyone: bool = False


class Edit(Lasting, tag="edit", frozen=True):
    """Replace the content of my own message, and who is named in it; whether it is for the whole room stays
    as it was. Ack: `seq` is its new `rev`."""

    message: Id
    content: msgspec.Raw
    mentions: Mentions = msgspec.field(default_factory=list)


class Delete(Lasting, tag="delete", frozen=True):
    """Delete my own message, or any in a room that I own or moderate; a tombstone stays. Deleting twice
    counts as done."""

    message: Id


class Read(Command, tag="read", frozen=True):
    """I have read `room` up to `seq`; going backwards changes nothing."""

    room: Id
    seq: Seq


class MarkUnread(Lasting, tag="mark_unread", frozen=True):
    """Put `room` aside as unread on all my devices; the next `read` takes that back."""

    room: Id


class SetAttention(Lasting, tag="set_attention", frozen=True):
    """What I want to be told of in `room`; `muted_until` 0 for not muted."""

    room: Id
    level: Attention
    muted_until: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0


class SaveDraft(Command, tag="save_draft", frozen=True):
    """Keep what I began to write in `room` for my other devices; an empty text forgets it. The last one to
    arrive holds. A post forgets a draft of its own device, and one of the same text; whoever posts what
    another device began, and changed it, forgets that draft themselves."""

    room: Id
    text: Annotated[str, msgspec.Meta(max_length=65_536)]
    reply_to: Id | None = None


class Delivered(Command, tag="delivered", frozen=True):
    """This device holds everything of these rooms up to `seq`. Sent at most once a second, and only for rooms
    of up to 20: in larger ones nobody is shown it. `hello` says the same by its positions."""

    marks: Annotated[dict[Id, Seq], msgspec.Meta(max_length=200)]


class Mark(Noun, frozen=True):
    """How far one member is: `delivered` reached a device of theirs, `read` was on a screen. What was said
    before somebody joined counts as both."""

    person: str
    delivered: int
    read: int


class Step(Noun, frozen=True):
    """`count` members have read exactly up to `seq`."""

    seq: int
    count: int


class ReceiptsChanged(Event, tag="receipts", frozen=True):
    """How far the others are in a room that I have on screen, at most once a second; all of it each time. In
    rooms of up to 20 `marks` has one for each other member who shows receipts, and did not block me. In
    larger ones `steps` counts them, newest first (at most 100 steps), and `others` is how many there are.
    Nothing of either when I do not show mine."""

    room: str
    marks: list[Mark] = msgspec.field(default_factory=list)
    steps: list[Step] = msgspec.field(default_factory=list)
    others: int = 0


class Receipts(Noun, frozen=True):
    """`GET /api/rooms/{room}/receipts`: the same at the moment of asking."""

    receipts: ReceiptsChanged


class Mentioned(Noun, frozen=True):
    """`GET /api/mentions?before=<message id>&limit=`: messages that are for me, newest first, at most 50 at
    once; only of rooms that I am in, and only what I may see."""

    messages: list[Message]
    people: list[Person]
    more: bool


class Preview(Noun, frozen=True):
    """`GET /api/rooms/{room}/preview`: a public room before joining: its newest messages, oldest first; none
    where newcomers see only what is said from then on."""

    messages: list[Message]
    people: list[Person]
    member_count: int


class Heard(Noun, frozen=True):
    """A voice message that was listened to: by me, where somebody else sent it; by `count` others who let it
    be seen, where I did."""

    message: str
    count: int = 0


class ListenedChanged(LogEvent, tag="listened", frozen=True):
    """A voice message in `room` was listened to (account log): by me, where somebody else sent it; by `count`
    others who let it be seen, where I did."""

    room: str
    message: str
    count: int = 0


class Listen(Lasting, tag="listen", frozen=True):
    """I listened to a voice message of somebody else. Its author learns of it, as of receipts: where both
    show theirs, and I did not block them. Listening twice counts once."""

    message: Id


class Page(Noun, frozen=True):
    """`GET /api/rooms/{room}/messages`: a run of messages without holes, oldest first. Query: one of
    `before=<seq>`, `after=<seq>`, `around=<message id>`, `around_seq=<seq>` (the first that I did not read,
    say), or none for the newest; `limit` 1 to 100, default 20. `quoted`: messages outside the run that some
    in it reply to, as they stand now. `people`: authors of all of them. `heard`: voice messages
    of the run. `head`: the log's position of which this page is a true picture."""

    room: str
    messages: list[Message]
    quoted: list[Message]
    people: list[Person]
    has_before: bool
    has_after: bool
    head: int
    read_seq: int
    unread: int
    mentions: int = 0
    heard: list[Heard] = msgspec.field(default_factory=list)


MAX_RAW = 6 * 8192 + 256
"""JSON may spell a byte as \\u0000, so the raw content may be this long before its text is."""

Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_PAGE)]

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def words_in(content: Content) -> str:
    """What it says in letters; nothing where it does not."""
    return content.text if isinstance(content, Text) else ""


def links_in(text: str) -> int:
    """How many links a text holds, as clients would make them."""
    return len(_LINK.findall(text))
