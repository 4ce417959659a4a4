"""Allocations (RFC 8656, 3.2): what one client holds of the relay, and the way of its packets."""

from typing import NamedTuple, Protocol

from appliance.features.calls.stun.attributes import (
    IPV4,
    IPV6,
    Address,
    StunError,
    family_of,
    read_xor_address,
    xor_address,
)
from appliance.features.calls.stun.packets import channel_data, data_indication, read_channel_data, read_send
from appliance.features.calls.turn.credentials import Claim
from appliance.features.calls.turn.quotas import Usage
from appliance.features.calls.turn.switchboard import Switchboard
from appliance.kernel.clock import Clock

PERMITTED_S = 300.0
BOUND_S = 600.0
MOST_CHANNELS = 256
HEADERS = 32
"""Bytes that each packet takes on its line besides what is in it (IP, UDP, ChannelData): who sends nothing at
all ten thousand times has sent something."""

_NO_TRANSACTION = bytes(12)
"""Of an indication nobody is ever told anything, so nothing has to be told apart by it (RFC 8489, 6)."""


class Client(Protocol):
    """One client's five-tuple, as a transport has it. `address`: what it looks like from here; `stream`: it
    came over TCP, so the address is proven and ChannelData is padded; `allocation`: what it holds of us."""

    address: Address
    stream: bool
    allocation: "Allocation | None"

    def send(self, data: bytes) -> None:
        """An answer."""

    def pass_on(self, data: bytes) -> None:
        """Media, which may be dropped where there is no room."""

    def again(self, data: bytes) -> None:
        """Receive these bytes once more, as if they came now; nothing, where the client is gone."""

    def hold(self) -> None:
        """It has an allocation from now on."""

    def release(self) -> None:
        """It has none any more."""


class Figures:
    """What the relay did, for the metrics. `dropped`: packets by why."""

    __slots__ = ("bytes", "dropped", "packets", "refused")

    def __init__(self) -> None:
        self.packets = 0
        self.bytes = 0
        self.dropped: dict[str, int] = {}
        self.refused: dict[str, int] = {}

    def drop(self, why: str) -> None:
        self.dropped[why] = self.dropped.get(why, 0) + 1

    def refuse(self, code: int) -> None:
        self.refused[str(code)] = self.refused.get(str(code), 0) + 1


class Hub(NamedTuple):
    """What all allocations of a relay share."""

    clock: Clock
    board: Switchboard
    figures: Figures


class Channel:
    """A number in place of a peer's address."""

    __slots__ = ("number", "peer", "until")

    def __init__(self, number: int, peer: Address, until: float) -> None:
        self.number = number
        self.peer = peer
        self.until = until


class Allocation:
    """Times are of the monotonic clock. `relayed`: by family, the addresses at which others reach the client;
    `answer` and `transaction`: of the request that made it, for whoever did not hear the answer;
    `heard_at`: when the client last asked for something or sent it."""

    def __init__(self, hub: Hub, client: Client, username: str, claim: Claim, usage: Usage) -> None:
        self.client = client
        self.username = username
        self.account = claim.account
        self.device = claim.device
        self.usage = usage
        self.until = 0.0
        self.heard_at = hub.clock.monotonic()
        self.relayed: dict[int, Address] = {}
        self.transaction = b""
        self.answer = b""
        self._figures = hub.figures
        self._peers = hub.board.peers
        self._now = hub.clock.monotonic
        self._permitted: dict[str, float] = {}
        self._by_number: dict[int, Channel] = {}
        self._by_peer: dict[Address, Channel] = {}

    # What the client asks for

    def permit(self, peer: Address) -> None:
        """Let packets from there in, for five minutes (RFC 8656, 10.2). A permission is for a host, and here
        everybody has the same; so it is for whoever holds that address, at all of theirs (some browsers name
        only one), and only where it is nobody's by now for the host."""
        there = self._peers.get(peer)
        self._permitted[peer[0] if there is None else there.account] = self._now() + PERMITTED_S

    def _permits(self, peer: Address, now: float) -> bool:
        there, until = self._peers.get(peer), self._permitted.get
        return (there is not None and until(there.account, 0.0) > now) or until(peer[0], 0.0) > now

    def may_bind(self, number: int, peer: Address) -> bool:
        """Whether this number can stand for this peer (RFC 8656, 12.2)."""
        now = self._now()
        ours, theirs = self._by_number.get(number), self._by_peer.get(peer)
        taken = ours is not None and ours.until > now and ours.peer != peer
        elsewhere = theirs is not None and theirs.until > now and theirs.number != number
        return not taken and not elsewhere

    def has_room(self, number: int) -> bool:
        """Whether one more channel can be bound."""
        return number in self._by_number or len(self._by_number) < MOST_CHANNELS

    def bind(self, number: int, peer: Address) -> None:
        """Let this number stand for this peer, for ten minutes, and let packets from it in."""
        self._unbind(self._by_number.get(number))
        self._unbind(self._by_peer.get(peer))
        channel = Channel(number, peer, self._now() + BOUND_S)
        self._by_number[number] = self._by_peer[peer] = channel
        self.permit(peer)

    def _unbind(self, channel: Channel | None) -> None:
        if channel is not None:
            self._by_number.pop(channel.number, None)
            self._by_peer.pop(channel.peer, None)

    def forget_expired(self) -> None:
        """Let go of permissions and channels whose time is over."""
        now = self._now()
        for whose in [whose for whose, until in self._permitted.items() if until <= now]:
            del self._permitted[whose]
        for channel in [channel for channel in self._by_number.values() if channel.until <= now]:
            self._unbind(channel)

    # The way of packets

    def send_on_channel(self, data: bytes) -> None:
        """The client's ChannelData goes to its peer (RFC 8656, 12.6)."""
        try:
            number, payload = read_channel_data(data)
        except StunError:
            self._figures.drop("malformed")
            return
        channel, now = self._by_number.get(number), self._now()
        if channel is None or channel.until <= now:
            self._figures.drop("unbound")
            return
        self._pass_on(payload, channel.peer, now)

    def send_indicated(self, data: bytes) -> None:
        """The client's SEND indication goes to its peer (RFC 8656, 11.2)."""
        try:
            value, payload = read_send(data)
            peer = read_xor_address(value, data[8:20])
        except StunError:
            self._figures.drop("malformed")
            return
        now = self._now()
        if not self._permits(peer, now):
            self._figures.drop("not permitted")
            return
        self._pass_on(payload, peer, now)

    def _pass_on(self, payload: bytes, peer: Address, now: float) -> None:
        size = len(payload)
        self.heard_at = now
        usage, source = self.usage, self.relayed.get(IPV6 if ":" in peer[0] else IPV4)
        if self.until <= now or source is None:
            self._figures.drop("expired")
            return
        usage.at_once -= 1
        if usage.at_once < 0 and not usage.refills(now):
            self._figures.drop("rate")
            return
        usage.left -= size + HEADERS
        if usage.left < 0 and not usage.renews(now):
            self._figures.drop("quota")
            return
        target = self._peers.get(peer)
        if target is None:
            self._figures.drop("nobody")
            return
        self._figures.packets += 1
        self._figures.bytes += size
        target.receive(payload, source)

    def receive(self, payload: bytes, source: Address) -> None:
        """A datagram came to the relayed address: on to the client (RFC 8656, 11.3 and 12.7)."""
        now = self._now()
        if self.until <= now:
            self._figures.drop("expired")
            return
        if not self._permits(source, now):
            self._figures.drop("not permitted")
            return
        client, channel = self.client, self._by_peer.get(source)
        if channel is not None and channel.until > now:
            client.pass_on(channel_data(channel.number, payload, padded=client.stream))
        else:
            peer = xor_address(source, _NO_TRANSACTION)
            client.pass_on(data_indication(peer, payload, _NO_TRANSACTION))

    def has(self, family: int) -> bool:
        """Whether it has an address of this family."""
        return family in self.relayed

    def reaches(self, peer: Address) -> bool:
        """Whether it has an address of the peer's family (RFC 8656, 10.2)."""
        return family_of(peer[0]) in self.relayed
