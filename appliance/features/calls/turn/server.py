"""The relay as a whole: what comes from a client, and who answers it (RFC 8656, 5 to 12)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from appliance.features.calls.stun.attributes import (
    FINGERPRINT,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    UNKNOWN_ATTRIBUTES,
    XOR_MAPPED_ADDRESS,
    StunError,
    unknown_attributes,
    xor_address,
)
from appliance.features.calls.stun.message import Kind, Message, Method, build, parse
from appliance.features.calls.stun.packets import SEND_INDICATION
from appliance.features.calls.turn.allocations import Client, Figures, Hub
from appliance.features.calls.turn.doorkeeper import Asker, Doorkeeper, Standing
from appliance.features.calls.turn.quotas import Quotas
from appliance.features.calls.turn.refusals import Refused
from appliance.features.calls.turn.requests import KNOWN, Requests
from appliance.features.calls.turn.switchboard import Switchboard
from appliance.kernel.clock import Clock

REALM = "safevoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`secret`: what passwords are made with; `hosts`: what relayed addresses look like, at most one of each
    family; `allocations`, `bytes_a_day` and `packets_a_second` of one person, 0 for no limit."""

    secret: str
    hosts: tuple[str, ...] = ("192.0.2.1",)
    realm: str = REALM
    allocations: int = 10
    bytes_a_day: int = 0
    packets_a_second: int = 0


class Turn:
    """`receive` takes each packet of a client; what comes of it goes out by `Client.send` and `pass_on`."""

    def __init__(self, clock: Clock, rules: Rules, standing: Standing = lambda device, then: True) -> None:
        self.figures = Figures()
        self.board = Switchboard(rules.hosts)
        self._quotas = Quotas(clock, rules.allocations, rules.bytes_a_day, rules.packets_a_second)
        self._doorkeeper = Doorkeeper(clock, rules.realm, rules.secret, standing)
        self._requests = Requests(Hub(clock, self.board, self.figures), self._quotas)
        self._clock = clock

    def receive(self, data: bytes, client: Client) -> None:
        """One datagram, or one packet of a stream."""
        allocation = client.allocation
        # Media first: it is nearly all that comes.
        if allocation is not None and data:
            if data[0] & 0xC0 == 0x40:
                allocation.send_on_channel(data)
                return
            if data[:2] == SEND_INDICATION:
                allocation.send_indicated(data)
                return
        try:
            message = parse(data)
        except StunError:
            self.figures.drop("malformed")
            return
        # Indications are never answered, and nobody owes us answers.
        if message.kind is Kind.REQUEST:
            self._answer(message, client)

    def _answer(self, message: Message, client: Client) -> None:
        if message.method == Method.BINDING:
            self._reflect(message, client)
            return
        act = self._requests.of(message.method)
        if act is None:
            return
        key = b""
        try:
            asker = self._doorkeeper.admit(message, client)
            if asker is None:
                return
            key = asker.key
            reply = self._carry_out(act, message, client, asker)
        except (Refused, StunError) as error:
            refused = error if isinstance(error, Refused) else Refused(400)
            self.figures.refuse(refused.code)
            if key or self._doorkeeper.may_answer(client):
                client.send(_built(message, Kind.ERROR, refused.attributes, key))
            return
        if reply:
            client.send(reply)

    def _carry_out(
        self,
        act: Callable[..., bytes],
        message: Message,
        client: Client,
        asker: Asker,
    ) -> bytes:
        _refuse_strange(message)
        return act(message, client, asker, partial(_built, message, Kind.SUCCESS, key=asker.key))

    def _reflect(self, message: Message, client: Client) -> None:
        """BINDING (RFC 8489, 3): what the client looks like from here; anybody may ask."""
        if not self._doorkeeper.may_answer(client):
            return
        try:
            _refuse_strange(message)
        except Refused as refused:
            self.figures.refuse(refused.code)
            client.send(_built(message, Kind.ERROR, refused.attributes, b""))
            return
        mapped = (XOR_MAPPED_ADDRESS, xor_address(client.address, message.transaction))
        client.send(_built(message, Kind.SUCCESS, (mapped,), b""))

    # From outside

    def lose(self, client: Client) -> None:
        """The client's connection is gone, and with it what it held (RFC 8656, 3.1)."""
        if client.allocation is not None:
            self._requests.end(client.allocation)

    def end_device(self, device: str) -> None:
        """Whoever is on this device may not use the relay any more."""
        self._requests.end_device(device)

    def sweep(self) -> None:
        """Let go of whatever has expired; each is refused from its very moment on, swept or not."""
        self._requests.sweep()
        self._quotas.forget_idle()

    def close(self) -> None:
        """End everything."""
        self._requests.end_all()

    def rename(self, hosts: Iterable[str]) -> None:
        """Relayed addresses look like this from now on."""
        self.board.rename(hosts)

    @property
    def allocations(self) -> int:
        """How many there are."""
        return len(self._requests)


def _refuse_strange(message: Message) -> None:
    strange = message.not_among(KNOWN)
    if strange:
        raise Refused(420, (UNKNOWN_ATTRIBUTES, unknown_attributes(strange)))


def _built(message: Message, kind: Kind, attributes: Iterable[tuple[int, bytes]], key: bytes) -> bytes:
    """An answer to the message, sealed and marked in the way it was itself."""
    sha256 = MESSAGE_INTEGRITY_SHA256 in message.seals
    return build(
        message.method,
        kind,
        message.transaction,
        attributes,
        key=key,
        seal=MESSAGE_INTEGRITY_SHA256 if sha256 else MESSAGE_INTEGRITY,
        fingerprint=message.first(FINGERPRINT) is not None,
    )
