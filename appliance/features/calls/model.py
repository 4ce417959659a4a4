"""Calls: the words."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from appliance.features.auth.model import Person
from appliance.wire.codec import Command, Event, Id, Lasting, Millis, Noun

RING_S = 45
GONE_S = 30
SIGNAL_BYTES = 16_384

PageId = Annotated[str, msgspec.Meta(min_length=16, max_length=40, pattern="^[0-9A-Za-z_-]+$")]
"""Minted by a page: one of its lives, or the seat that it keeps over them."""

Signal = Annotated[str, msgspec.Meta(min_length=1, max_length=SIGNAL_BYTES)]

CallState = Literal["ringing", "active", "ended"]
CallOutcome = Literal["", "answered", "declined", "cancelled", "missed", "busy", "failed"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A call as the database has it. `hidden`: the callee hears nothing of it, because they blocked the
    caller, who is not told that, or were in another call; `seen_at`: when both pages were last known to
    be here together, 0 for never."""

    id: str
    room: str
    caller: str
    callee: str
    video: bool
    hidden: bool
    state: CallState
    outcome: CallOutcome
    caller_seat: str
    caller_device: str
    callee_seat: str
    callee_device: str
    began_at: Millis
    answered_at: Millis
    seen_at: Millis
    ended_at: Millis

    def seat_of(self, account: str) -> tuple[str, str]:
        """(page, device) of one of the two; empty where there is none."""
        if account == self.caller:
            return self.caller_seat, self.caller_device
        return self.callee_seat, self.callee_device

    def other(self, account: str) -> str:
        """The one on the other side."""
        return self.callee if account == self.caller else self.caller

    def concerns(self, account: str) -> bool:
        """Whether the account is to know of it."""
        return account == self.caller or (account == self.callee and not self.hidden)

    def ends(self, account: str, refused: "CallOutcome" = "missed") -> "CallOutcome":
        """What it is called when the account leaves it now; `refused`: when it is the callee, at whom it
        rings."""
        if self.state == "active":
            return "answered" if self.seen_at else "failed"
        return "cancelled" if account == self.caller else refused


@dataclass(frozen=True, slots=True)
class Moved:
    """A call as a transaction left it, with both people as others see them then, by their ids."""

    kept: Kept
    people: dict[str, Person]


# The relay


class IceServer(Noun, frozen=True):
    """A server that helps calls to connect, as RTCPeerConnection takes it. In `urls`, `{host}` stands for the
    host that the client itself reached SafeVoice by, if it stands there at all."""

    urls: list[str]
    username: str
    credential: str


class RelayKeys(Event, tag="relay_keys", frozen=True):
    """What this device needs to use the relay, until `expires_at`; a call that began before then goes on.
    `servers` is empty where there is no relay. Both sides of a call need one: who is relayed can only be
    reached by whoever is relayed as well."""

    servers: list[IceServer]
    expires_at: Millis


class AskRelay(Command, tag="ask_relay", frozen=True):
    """Ask for `relay_keys`, for this device."""


# The relay's self-test

RelayWayState = Literal["ok", "here", "bad", "unknown"]


class RelayWay(Noun, frozen=True):
    """One way to the relay. `name`: short and stable; `state`: `here` works on this machine only, and not at
    the address that clients are given; `unknown`: not tried yet. `code`: what is wrong, empty where it
    works; `detail`: what was said of it, in English; `ms`: from the first packet to hello, where it works."""

    name: str
    kind: Literal["udp", "tcp", "tls"]
    url: str
    state: RelayWayState
    code: str = ""
    detail: str = ""
    ms: int = 0


class RelayTest(Noun, frozen=True):
    """`GET /api/admin/relay` and `POST /api/admin/relay/test` (admins): how the relay does, as a client finds
    it. `relay`: whose it is; `host`: the name at which it was tried, empty where nobody said which it is;
    `ran_at`: 0 where it was not tried yet; `code`: `broken` where the test itself failed; `every_s`: 0 where
    it is only tried when somebody asks."""

    relay: Literal["own", "external", "no"]
    host: str
    running: bool
    ran_at: Millis
    every_s: int
    ways: list[RelayWay]
    code: str = ""
    detail: str = ""


# Ringing


class Call(Noun, frozen=True):
    """A call between the two people of a direct message, as it stands now. `seat`: the page of my account
    that is in it; empty while it rings at me, and where none ever was. `outcome`: empty until it has ended;
    `failed` is a call that was answered, and whose two pages were never here together."""

    id: str
    room: str
    caller: str
    callee: str
    video: bool
    state: CallState
    began_at: Millis
    seat: str = ""
    outcome: CallOutcome = ""
    answered_at: Millis = 0
    ended_at: Millis = 0


class CallChanged(Event, tag="call", frozen=True):
    """A call of mine rings, was answered, or has ended; every socket of both people hears it. `person`: the
    other one. Whoever sees it `active` with a seat that is not their own stops ringing: it was answered
    elsewhere."""

    call: Call
    person: Person


class OpenCall(Noun, frozen=True):
    """One of `calls`: the fields of `call`."""

    call: Call
    person: Person


class Calls(Event, tag="calls", frozen=True):
    """All my calls that have not ended, which is none or one. A call that a client still shows and that is
    not here has ended."""

    calls: list[OpenCall]


class CallSignal(Event, tag="call_signal", frozen=True):
    """What the page of the other side says to this one; `instance` is which life of it."""

    call: str
    instance: str
    signal: str


class CallPeer(Event, tag="call_peer", frozen=True):
    """The page of the other side is here (again), in this life of it, or went. Another `instance` than before
    knows nothing of what was said to the former one. One that is here again in the same life may have missed
    what was said meanwhile."""

    call: str
    here: bool
    instance: str = ""


class CallTaken(Event, tag="call_taken", frozen=True):
    """Another page came with this page's seat (somebody doubled the tab, or opened it anew): this one is out
    of the call."""

    call: str


class Ring(Lasting, tag="ring", frozen=True):
    """Call the other one of a direct message. `seat`: this page. Ack: `subject` is the id of the call, which
    may have ended already (`busy`). Where the other one rings here at the same moment, this answers that
    call, and `subject` is its id. Not to be kept for later: what nobody waits for must not ring."""

    room: Id
    video: bool
    seat: PageId


class AnswerCall(Lasting, tag="answer_call", frozen=True):
    """Take a call that rings at me, on this page. Of several devices one wins; the others are refused with
    `call_elsewhere`."""

    call: Id
    seat: PageId


class DeclineCall(Lasting, tag="decline_call", frozen=True):
    """Do not take a call that rings at me; it ends for all my devices. Declining twice counts as done. Where
    it is refused with `storage_full` or `storage_busy` it is over for both all the same: say it again."""

    call: Id


class HangUpCall(Lasting, tag="hang_up", frozen=True):
    """End a call of mine; the caller's before it was answered is `cancelled`. Twice counts as done. Where it
    is refused with `storage_full` or `storage_busy` it is over for both all the same: say it again, so that
    it is written."""

    call: Id


class AskCalls(Command, tag="ask_calls", frozen=True):
    """Ask for `calls`."""


class CallHere(Command, tag="call_here", frozen=True):
    """This socket is that seat's from now on: said after the ack of `ring` or `answer_call`, and after each
    reconnect. Answered with `call_peer` of how the other side is; the other side hears one too."""

    call: Id
    seat: PageId
    instance: PageId


class SendSignal(Command, tag="call_signal", frozen=True):
    """Say something to the page of the other side: passed on as it is, never stored. Refused with
    `call_peer_away` while it is not here: say it again when `call_peer` says that it is."""

    call: Id
    instance: PageId
    signal: Signal


class BeginTalk(Command, tag="begin_talk", frozen=True):
    """I hold a button and talk in a direct message. `talk`: minted by this page. Who has it in front of them
    hears `talk_begun`; where nobody does, I hear `talk_ended`. One at a time; nothing of it is kept."""

    room: Id
    talk: PageId


class SayInTalk(Command, tag="talk_signal", frozen=True):
    """Say something to the other page of a talk. Of the pages that heard `talk_begun` the first one to say
    something listens, and the others hear `talk_ended`."""

    talk: PageId
    signal: Signal


class EndTalk(Command, tag="end_talk", frozen=True):
    """A talk of mine is over, or I do not want to listen."""

    talk: PageId


class TalkBegun(Event, tag="talk_begun", frozen=True):
    """The other one of a direct message, which this page has on screen, talks to me. A page that can be heard
    answers by a first `talk_signal`."""

    talk: str
    room: str


class TalkSignal(Event, tag="talk_signal", frozen=True):
    """What the other page of a talk says."""

    talk: str
    signal: str


class TalkEnded(Event, tag="talk_ended", frozen=True):
    """A talk is over, or never came to be: nobody listens, or another page does."""

    talk: str
