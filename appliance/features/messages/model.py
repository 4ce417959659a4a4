"""Messages: the words."""

from typing import Annotated

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Command, Event, Id, Lasting, LogEvent, Millis, Noun, Seq

PAGE = 20
MAX_PAGE = 100


class Text(msgspec.Struct, tag_field="type", tag="text", forbid_unknown_fields=True, frozen=True, gc=False):
    """Plain text in the Markdown subset that clients render: bold, italic, strike, code, code block,
    quote, list, links."""

    text: str


Content = Text
"""The tagged union of what a message may hold, by `type`. One more kind is one more member here;
nothing else may look inside."""


class Message(Noun, frozen=True):
    """One message as it stands now. `seq` is where it stands in its room, for ever; `rev` is the `seq`
    of its last change: of two versions the higher `rev` is the newer. A deleted message keeps its
    place: `content` is null and `deleted_at` is set. `client_id` lets the sender's own screens match
    it with what they still show as pending."""

    id: str
    room: str
    seq: int
    rev: int
    author: str
    at: Millis
    content: msgspec.Raw | None
    client_id: str = ""
    reply_to: str = ""
    edited_at: Millis = 0
    deleted_at: Millis = 0


class MessageChanged(LogEvent, tag="message", frozen=True):
    """A message was posted, edited or deleted (room log). `person` is its author as others see them."""

    message: Message
    person: Person


class ReadChanged(LogEvent, tag="read", frozen=True):
    """I have read `room` up to `read_seq` on one of my devices (account log); `unread` messages of
    others follow it (counted up to 1,000)."""

    room: str
    read_seq: int
    unread: int


class Summary(Event, tag="summary", frozen=True):
    """How a room stands for me: its log's head, what I have read, unread messages of others (counted
    up to 1,000), its newest message that is not deleted, with its author, and how many are in it."""

    room: str
    head: int
    read_seq: int
    unread: int
    last: Message | None = None
    person: Person | None = None
    member_count: int = 0


class Post(Lasting, tag="post", frozen=True):
    """Say something in a room. `content` is stored as the bytes received. Ack: `subject` is the id of
    the message, `seq` its place in the room."""

    room: Id
    content: msgspec.Raw
    reply_to: Id | None = None


class Edit(Lasting, tag="edit", frozen=True):
    """Replace the content of my own message. Ack: `seq` is its new `rev`."""

    message: Id
    content: msgspec.Raw


class Delete(Lasting, tag="delete", frozen=True):
    """Delete my own message, or any in a room that I own; a tombstone stays. Deleting twice counts as
    done."""

    message: Id


class Read(Command, tag="read", frozen=True):
    """I have read `room` up to `seq`; going backwards changes nothing."""

    room: Id
    seq: Seq


class Page(Noun, frozen=True):
    """`GET /api/rooms/{room}/messages`: a run of messages without holes, oldest first. Query: one of
    `before=<seq>`, `after=<seq>`, `around=<message id>`, or none for the newest; `limit` 1 to 100,
    default 20. `quoted`: messages outside the run that some in it reply to, as they stand now.
    `people`: authors of all of them. `head`: the log's position of which this page is a true picture."""

    room: str
    messages: list[Message]
    quoted: list[Message]
    people: list[Person]
    has_before: bool
    has_after: bool
    head: int
    read_seq: int
    unread: int


MAX_RAW = 6 * 8192 + 256
"""JSON may spell a byte as \\u0000, so the raw content may be this long before its text is."""

Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_PAGE)]
