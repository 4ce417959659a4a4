"""Who asks: the long-term credentials of RFC 8489, 9.2, over names that expire."""

import hmac
from collections.abc import Callable
from ipaddress import IPv6Address
from typing import NamedTuple

from appliance.features.calls.stun.attributes import NONCE, REALM, USERNAME, StunError, read_text
from appliance.features.calls.stun.message import Message, long_term_key
from appliance.features.calls.turn.allocations import Client
from appliance.features.calls.turn.credentials import Claim, password_of, read
from appliance.features.calls.turn.nonces import Nonces
from appliance.features.calls.turn.refusals import Refused
from appliance.kernel.clock import Clock
from appliance.kernel.limits import Limiter

UNPROVEN_PER_SECOND = 20
UNPROVEN_BURST = 100
"""Answers to an address that has not proven that it is its own: enough for an office behind one address, and
too few for anybody to be flooded with by somebody who pretends to be them."""

Standing = Callable[[str, Callable[[], None]], bool | None]
"""`standing(device, then)`: whether somebody is still signed in on the device. None where that must be looked
up first: then `then` is called once it is known."""


class Asker(NamedTuple):
    """Whose request it is, and what the answer is to be sealed with."""

    username: str
    claim: Claim
    key: bytes


class Doorkeeper:
    """One per relay."""

    def __init__(self, clock: Clock, realm: str, secret: str, standing: Standing) -> None:
        self.realm = realm
        self._clock = clock
        self._secret = secret
        self._standing = standing
        self._nonces = Nonces(clock)
        self._unproven = Limiter(clock, UNPROVEN_PER_SECOND, 1, UNPROVEN_BURST)

    def may_answer(self, client: Client) -> bool:
        """Whether one more answer may go to an address that anybody could have put into a packet."""
        return client.stream or not self._unproven.take(neighbourhood(client.address[0]))

    def admit(self, message: Message, client: Client) -> Asker | None:
        """Who asks; None where that is looked up first and the request comes again by itself. Raises Refused
        or StunError."""
        if not message.seals:
            raise self._challenge(401, client)
        username, realm, nonce = (message.first(number) for number in (USERNAME, REALM, NONCE))
        if username is None or realm is None or nonce is None:
            raise Refused(400)
        if not self._nonces.good(_text(nonce), client.address):
            raise self._challenge(438, client)
        name = _text(username)
        claim = read(name)
        if claim is None or not hmac.compare_digest(realm, self.realm.encode()):
            raise self._challenge(401, client)
        key = long_term_key(name, self.realm, password_of(self._secret, name))
        if not message.sealed_by(key):
            raise self._challenge(401, client)
        if claim.expires_at <= self._clock.now_ms() and not _goes_on(client, name):
            raise self._challenge(401, client)
        stands = self._standing(claim.device, lambda: client.again(message.raw))
        if stands is None:
            return None
        if not stands:
            raise self._challenge(401, client)
        return Asker(name, claim, key)

    def _challenge(self, code: int, client: Client) -> Refused:
        nonce = self._nonces.give(client.address).encode()
        return Refused(code, (REALM, self.realm.encode()), (NONCE, nonce))


def _goes_on(client: Client, username: str) -> bool:
    """A call that began in time does not end because the key does."""
    return client.allocation is not None and client.allocation.username == username


def _text(value: bytes) -> str:
    try:
        return read_text(value)
    except StunError:
        raise Refused(400) from None


def neighbourhood(host: str) -> str:
    """Of IPv6 the network that one customer has, within which an address is changed at will."""
    if ":" not in host:
        return host
    return IPv6Address(host.partition("%")[0]).exploded[:19]
