"""Addresses that exist only in here, and who answers at them."""

from collections import Counter
from collections.abc import Iterable
from os import urandom
from secrets import randbelow
from typing import NamedTuple, Protocol

from appliance.features.calls.stun.attributes import Address, family_of

FIRST_PORT = 49_152
PORTS = 16_384
RESERVED_FOR_S = 30.0
"""RFC 8656, 7.2: at least as long."""

_TRIES = 64


class Peer(Protocol):
    """Who answers at an address: an allocation, or whatever else in this process takes part in calls.
    `account`: whose it is, '' where it is nobody's."""

    account: str

    def receive(self, payload: bytes, source: Address) -> None:
        """A datagram came from the address `source`."""


class _Nobody:
    account = ""

    def receive(self, payload: bytes, source: Address) -> None:
        """Nobody is there yet."""


class Reservation(NamedTuple):
    """An address that waits for its owner (EVEN-PORT with its bit set)."""

    address: Address
    account: str
    until: float


class Switchboard:
    """One per relay. `peers` is read for each packet."""

    def __init__(self, hosts: Iterable[str]) -> None:
        """`hosts`: what the addresses look like from outside, at most one of each family. Whether they are
        right matters to nobody: each side of a call only ever sends them back to us."""
        self.peers: dict[Address, Peer] = {}
        self._hosts: dict[int, str] = {}
        self._in_use: Counter[str] = Counter()
        self._reserved: dict[bytes, Reservation] = {}
        self.rename(hosts)

    def rename(self, hosts: Iterable[str]) -> None:
        """New addresses look like this from now on; those that are in use stay."""
        self._hosts = {family_of(host): host for host in hosts}

    def has(self, family: int) -> bool:
        """Whether there are addresses of this family."""
        return family in self._hosts

    def knows(self, host: str) -> bool:
        """Whether anybody could answer there. All other hosts are outside, where nothing is ever sent."""
        return host in self._in_use or host in self._hosts.values()

    def lease(self, family: int, peer: Peer, *, even: bool = False, pair: bool = False) -> Address | None:
        """An address of its own for `peer`, which nobody can guess; None where all are taken. `even`: with an
        even port; `pair`: and the next one is free."""
        host = self._hosts[family]
        step = 2 if even else 1
        for number in range(_TRIES + PORTS // step):
            # By chance at first; when that fails for long, all of them in order.
            offset = randbelow(PORTS // step) if number < _TRIES else number - _TRIES
            address = (host, FIRST_PORT + offset * step)
            if address not in self.peers and not (pair and _next(address) in self.peers):
                self.seat(address, peer)
                return address
        return None

    def seat(self, address: Address, peer: Peer) -> None:
        """From now on `peer` answers at this address."""
        if address not in self.peers:
            self._in_use[address[0]] += 1
        self.peers[address] = peer

    def free(self, address: Address) -> None:
        """Nobody answers there any more."""
        if self.peers.pop(address, None) is not None:
            self._in_use[address[0]] -= 1
            if not self._in_use[address[0]]:
                del self._in_use[address[0]]

    # Pairs of ports (RFC 8656, 7.2 and 18.7)

    def reserve_next(self, address: Address, account: str, now: float) -> bytes:
        """Keep the port after this one, which is free, for whoever of this account comes with the token."""
        token, following = urandom(8), _next(address)
        self.seat(following, _Nobody())
        self._reserved[token] = Reservation(following, account, now + RESERVED_FOR_S)
        return token

    def redeem(self, token: bytes, account: str, now: float) -> Address | None:
        """The address that was kept for this account."""
        kept = self._reserved.get(token)
        if kept is None or kept.account != account or kept.until <= now:
            return None
        del self._reserved[token]
        return kept.address

    def reserved_for(self, account: str) -> int:
        """How many addresses are kept for this account."""
        return sum(kept.account == account for kept in self._reserved.values())

    def forget_reservations(self, now: float) -> None:
        """Those that nobody came for."""
        for token in [token for token, kept in self._reserved.items() if kept.until <= now]:
            self.free(self._reserved.pop(token).address)


def _next(address: Address) -> Address:
    return address[0], address[1] + 1
