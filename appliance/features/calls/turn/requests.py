"""What an authenticated client may ask for (RFC 8656, 7 to 10 and 12), and all allocations."""

from collections.abc import Callable, Iterable
from typing import Protocol

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import IPV4, IPV6, Address, family_of, xor_address
from appliance.features.calls.stun.message import Message, Method
from appliance.features.calls.stun.packets import FIRST_CHANNEL, LAST_CHANNEL
from appliance.features.calls.turn.allocations import Allocation, Client, Hub
from appliance.features.calls.turn.doorkeeper import Asker
from appliance.features.calls.turn.opening import Wish, read_wish
from appliance.features.calls.turn.quotas import Quotas, Usage
from appliance.features.calls.turn.refusals import REASONS, Refused

LIFETIME_S = 600
MOST_LIFETIME_S = 3600
SILENT_S = 6.0
"""What is in use says so at least this often, if only that it is still there (RFC 7675, 5.1: every 5 s, give
or take a fifth); without a sign for so long an address may be given to a way that is being looked for."""

KNOWN = frozenset(
    (
        stun.MAPPED_ADDRESS,
        stun.USERNAME,
        stun.MESSAGE_INTEGRITY,
        stun.ERROR_CODE,
        stun.UNKNOWN_ATTRIBUTES,
        stun.CHANNEL_NUMBER,
        stun.LIFETIME,
        stun.XOR_PEER_ADDRESS,
        stun.DATA,
        stun.REALM,
        stun.NONCE,
        stun.XOR_RELAYED_ADDRESS,
        stun.REQUESTED_ADDRESS_FAMILY,
        stun.EVEN_PORT,
        stun.REQUESTED_TRANSPORT,
        stun.DONT_FRAGMENT,
        stun.MESSAGE_INTEGRITY_SHA256,
        stun.XOR_MAPPED_ADDRESS,
        stun.RESERVATION_TOKEN,
    )
)
"""What a request may hold without being refused with 420. DONT-FRAGMENT is kept without doing anything: what
passes inside the process is never cut."""


class Sealed(Protocol):
    """Makes the bytes of a success of these attributes."""

    def __call__(self, *, attributes: Iterable[tuple[int, bytes]]) -> bytes: ...


Act = Callable[[Message, Client, Asker, Sealed], bytes]


class Requests:
    """One per relay. Each verb returns the answer's bytes, or raises Refused or StunError."""

    def __init__(self, hub: Hub, quotas: Quotas) -> None:
        self._hub = hub
        self._quotas = quotas
        self._now = hub.clock.monotonic
        self._board = hub.board
        self._all: set[Allocation] = set()
        self._acts: dict[int, Act] = {
            Method.ALLOCATE: self._allocate,
            Method.REFRESH: self._refresh,
            Method.CREATE_PERMISSION: self._permit,
            Method.CHANNEL_BIND: self._bind,
        }

    def of(self, method: int) -> Act | None:
        """The verb of a method, if it has one."""
        return self._acts.get(method)

    def __len__(self) -> int:
        return len(self._all)

    # The verbs

    def _allocate(self, message: Message, client: Client, asker: Asker, sealed: Sealed) -> bytes:
        present = self._present(client)
        if present is not None:
            # The answer was lost on its way: it is given once more, or the client would never hear of it.
            if present.transaction == message.transaction and present.username == asker.username:
                return present.answer
            raise Refused(437)
        wish, account = read_wish(message), asker.claim.account
        usage = self._quotas.of(account)
        more = len(wish.families) + wish.reserve + self._board.reserved_for(account)
        if self._quotas.spent(usage) or not self._makes_room(usage, asker, 1 if wish.token else more):
            raise Refused(486)
        made = Allocation(self._hub, client, asker.username, asker.claim, usage)
        extras = self._lease(made, wish, account, usage)
        made.until = self._now() + wish.lifetime(LIFETIME_S, MOST_LIFETIME_S)
        made.transaction = message.transaction
        made.answer = sealed(
            attributes=(
                *(
                    (stun.XOR_RELAYED_ADDRESS, xor_address(address, message.transaction))
                    for address in made.relayed.values()
                ),
                (stun.LIFETIME, stun.number32(round(made.until - self._now()))),
                (stun.XOR_MAPPED_ADDRESS, xor_address(client.address, message.transaction)),
                *extras,
            )
        )
        self._all.add(made)
        client.allocation = made
        client.hold()
        return made.answer

    def _makes_room(self, usage: Usage, asker: Asker, more: int) -> bool:
        """Whether so many more addresses can be had. A browser takes five or six for one call, uses one of
        them, and takes as many again with each change of its network; a tab that died left its own behind. So
        those that are not in use go: of the device that asks first, and those that were silent longest."""
        if not self._quotas.full(usage, more):
            return True
        silent_since = self._now() - SILENT_S
        theirs = [each for each in self._all if each.usage is usage and each.heard_at <= silent_since]
        device = asker.claim.device
        for allocation in sorted(theirs, key=lambda each: (each.device != device, each.heard_at)):
            self.end(allocation)
            if not self._quotas.full(usage, more):
                return True
        return False

    def _lease(self, made: Allocation, wish: Wish, account: str, usage: Usage) -> list[tuple[int, bytes]]:
        """Give it its addresses; what else the answer has to say."""
        extras: list[tuple[int, bytes]] = []
        for family in wish.families:
            address = self._address(made, wish, family, account)
            if address is not None:
                made.relayed[family] = address
                usage.held += 1
            elif family == wish.families[0]:
                raise Refused(508 if wish.token or self._board.has(family) else 440)
            else:
                code = 508 if self._board.has(family) else 440
                value = stun.address_error_code(family, code, REASONS[code])
                extras.append((stun.ADDRESS_ERROR_CODE, value))
        if wish.reserve:
            first = made.relayed[wish.families[0]]
            extras.append((stun.RESERVATION_TOKEN, self._board.reserve_next(first, account, self._now())))
        return extras

    def _address(self, made: Allocation, wish: Wish, family: int, account: str) -> Address | None:
        if wish.token:
            address = self._board.redeem(wish.token, account, self._now())
            if address is not None:
                self._board.seat(address, made)
            return address
        if not self._board.has(family):
            return None
        return self._board.lease(family, made, even=wish.even, pair=wish.reserve)

    def _refresh(self, message: Message, client: Client, asker: Asker, sealed: Sealed) -> bytes:
        allocation = self._own(client, asker)
        wish = read_wish(message, refresh=True)
        seconds = wish.lifetime(LIFETIME_S, MOST_LIFETIME_S)
        if wish.family and not allocation.has(wish.family):
            raise Refused(443)
        if seconds:
            allocation.until = self._now() + seconds
        elif wish.family and len(allocation.relayed) > 1:
            self._drop(allocation, wish.family)
        else:
            self.end(allocation)
        return sealed(attributes=((stun.LIFETIME, stun.number32(seconds)),))

    def _permit(self, message: Message, client: Client, asker: Asker, sealed: Sealed) -> bytes:
        allocation = self._own(client, asker)
        peers = message.addresses(stun.XOR_PEER_ADDRESS)
        if not peers:
            raise Refused(400)
        # All of them or none (RFC 8656, 10.2).
        for peer in peers:
            self._check_peer(allocation, peer)
        for peer in peers:
            allocation.permit(peer)
        return sealed(attributes=())

    def _bind(self, message: Message, client: Client, asker: Asker, sealed: Sealed) -> bytes:
        allocation = self._own(client, asker)
        value, peer = message.first(stun.CHANNEL_NUMBER), message.address(stun.XOR_PEER_ADDRESS)
        if value is None or peer is None:
            raise Refused(400)
        number = stun.read_channel_number(value)
        # RFC 8656 leaves only half of the numbers of RFC 5766; clients still use all of them.
        if not FIRST_CHANNEL <= number <= LAST_CHANNEL or not allocation.may_bind(number, peer):
            raise Refused(400)
        self._check_peer(allocation, peer)
        if not allocation.has_room(number):
            raise Refused(508)
        allocation.bind(number, peer)
        return sealed(attributes=())

    def _check_peer(self, allocation: Allocation, peer: Address) -> None:
        if not allocation.has(family_of(peer[0])):
            raise Refused(443)
        if not self._board.knows(peer[0]):
            raise Refused(403)

    def _own(self, client: Client, asker: Asker) -> Allocation:
        allocation = self._present(client)
        if allocation is None:
            raise Refused(437)
        if allocation.username != asker.username:
            raise Refused(441)
        allocation.heard_at = self._now()
        return allocation

    def _present(self, client: Client) -> Allocation | None:
        """What the client holds, if its time is not over."""
        allocation = client.allocation
        if allocation is not None and allocation.until <= self._now():
            self.end(allocation)
            return None
        return allocation

    # Ending

    def end(self, allocation: Allocation) -> None:
        """It is over, and its addresses are free."""
        if allocation not in self._all:
            return
        self._all.discard(allocation)
        allocation.until = 0.0
        self._give_back(allocation)
        allocation.client.allocation = None
        allocation.client.release()

    def _give_back(self, allocation: Allocation) -> None:
        for family in (IPV4, IPV6):
            if allocation.has(family):
                self._drop(allocation, family)

    def _drop(self, allocation: Allocation, family: int) -> None:
        self._board.free(allocation.relayed.pop(family))
        allocation.usage.held -= 1

    def end_device(self, device: str) -> None:
        """Those of one device."""
        for allocation in [each for each in self._all if each.device == device]:
            self.end(allocation)

    def end_all(self) -> None:
        """All of them."""
        for allocation in list(self._all):
            self.end(allocation)

    def sweep(self) -> None:
        """Those whose time is over, and what is over in those that stay."""
        now = self._now()
        for allocation in list(self._all):
            if allocation.until <= now:
                self.end(allocation)
            else:
                allocation.forget_expired()
        self._board.forget_reservations(now)
