"""TURN clients on lines made of memory: what they send is there at once, unless their line loses it."""

from collections.abc import Callable
from random import Random

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import Address
from appliance.features.calls.stun.message import Kind, Message, Method, build, long_term_key, parse
from appliance.features.calls.stun.packets import channel_data, read_channel_data
from appliance.features.calls.turn.allocations import Allocation
from appliance.features.calls.turn.credentials import issue
from appliance.features.calls.turn.server import REALM, Rules, Turn
from appliance.kernel.clock import HandClock

SECRET = "a secret that only the server knows"
HOST = "192.0.2.1"
HOST_V6 = "2001:db8::1"
RETRIES = 7
RETRY_S = 0.5

TRANSPORT_UDP = (stun.REQUESTED_TRANSPORT, stun.leading_byte(stun.UDP))


class Exchange:
    """A relay on a clock that is moved by hand, and whoever calls."""

    def __init__(
        self,
        *,
        hosts: tuple[str, ...] = (HOST, HOST_V6),
        allocations: int = 10,
        bytes_a_day: int = 0,
        packets_a_second: int = 0,
    ) -> None:
        self.clock = HandClock()
        self.standing: dict[str, bool | None] = {}
        self.waiting: list[Callable[[], None]] = []
        rules = Rules(
            secret=SECRET,
            hosts=hosts,
            allocations=allocations,
            bytes_a_day=bytes_a_day,
            packets_a_second=packets_a_second,
        )
        self.turn = Turn(self.clock, rules, self._stands)
        self.phones = 0

    def _stands(self, device: str, then: Callable[[], None]) -> bool | None:
        stands = self.standing.get(device, True)
        if stands is None:
            self.waiting.append(then)
        return stands

    def phone(self, name: str = "ada", *, stream: bool = False, loss: float = 0.0, seed: int = 1) -> "Phone":
        """Somebody on a line of their own."""
        self.phones += 1
        address = ("198.51.100.7", 40_000 + self.phones)
        return Phone(self, name, address, stream=stream, loss=loss, seed=seed)


class Phone:
    """A client of the relay, and its side of the line (a `Client`, as the relay knows it). `loss`: the share
    of packets that do not arrive, either way."""

    def __init__(
        self,
        exchange: Exchange,
        name: str,
        address: Address,
        *,
        stream: bool = False,
        loss: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.exchange = exchange
        self.address = address
        self.stream = stream
        self.allocation: Allocation | None = None
        self.held = 0
        self.heard: list[bytes] = []
        self.nonce = b""
        self.sealed = True
        self._random = Random(seed)
        self._loss = loss
        self.credentials = issue(SECRET, name, f"{name}-phone", exchange.clock.now_ms())

    # As the relay knows it

    def send(self, data: bytes) -> None:
        if self._random.random() >= self._loss:
            self.heard.append(data)

    def pass_on(self, data: bytes) -> None:
        self.send(data)

    def again(self, data: bytes) -> None:
        self.exchange.turn.receive(data, self)

    def hold(self) -> None:
        self.held += 1

    def release(self) -> None:
        self.held -= 1

    # As its owner does

    def say(self, data: bytes) -> None:
        """Put a packet on the line."""
        if self._random.random() >= self._loss:
            self.exchange.turn.receive(data, self)

    def request(self, method: int, *attributes: tuple[int, bytes]) -> bytes:
        """The bytes of a request, sealed as far as the client knows how."""
        values = list(attributes)
        key = b""
        if self.nonce and self.sealed:
            name = self.credentials.username
            values += [
                (stun.USERNAME, name.encode()),
                (stun.REALM, REALM.encode()),
                (stun.NONCE, self.nonce),
            ]
            key = long_term_key(name, REALM, self.credentials.password)
        return build(method, Kind.REQUEST, self._random.randbytes(12), values, key=key)

    def answer_to(self, request: bytes) -> Message | None:
        """Send it, and once more each half second until there is an answer (RFC 8489, 6.2.1)."""
        for _ in range(RETRIES):
            self.heard.clear()
            self.say(request)
            for data in self.heard:
                if data[0] < 0x40 and data[8:20] == request[8:20]:
                    return parse(data)
            self.exchange.clock.advance(RETRY_S)
        return None

    def ask(self, method: int, *attributes: tuple[int, bytes]) -> Message:
        """Send a request and hear the answer."""
        answer = self.answer_to(self.request(method, *attributes))
        assert answer is not None, "no answer came"
        return answer

    def sign_in(self) -> "Phone":
        """Learn the nonce by being refused once."""
        self.nonce = b""
        refused = self.ask(Method.ALLOCATE, TRANSPORT_UDP)
        assert code_of(refused) == 401
        self.nonce = refused.first(stun.NONCE) or b""
        return self

    def allocate(self, *attributes: tuple[int, bytes]) -> Address:
        """Sign in and get an address."""
        answer = self.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, *attributes)
        assert answer.kind is Kind.SUCCESS, code_of(answer)
        relayed = answer.address(stun.XOR_RELAYED_ADDRESS)
        assert relayed is not None
        return relayed

    def permit(self, *peers: Address) -> int:
        """0, or the code of the refusal."""
        transaction = bytes(12)
        values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, transaction)) for peer in peers]
        return code_of(self._fixed(Method.CREATE_PERMISSION, transaction, values))

    def bind(self, number: int, peer: Address) -> int:
        """0, or the code of the refusal."""
        transaction = bytes(12)
        values = [
            (stun.CHANNEL_NUMBER, stun.channel_number(number)),
            (stun.XOR_PEER_ADDRESS, stun.xor_address(peer, transaction)),
        ]
        return code_of(self._fixed(Method.CHANNEL_BIND, transaction, values))

    def refresh(self, seconds: int | None = None, *attributes: tuple[int, bytes]) -> Message:
        """Ask for more time."""
        asked = () if seconds is None else ((stun.LIFETIME, stun.number32(seconds)),)
        return self.ask(Method.REFRESH, *asked, *attributes)

    def send_to(self, peer: Address, payload: bytes) -> None:
        """A SEND indication."""
        transaction = self._random.randbytes(12)
        values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, transaction)), (stun.DATA, payload)]
        self.say(build(Method.SEND, Kind.INDICATION, transaction, values))

    def send_on(self, number: int, payload: bytes) -> None:
        """ChannelData."""
        self.say(channel_data(number, payload, padded=self.stream))

    def media(self) -> list[tuple[int | Address, bytes]]:
        """What came from peers: (channel or address, payload); then it is forgotten."""
        found: list[tuple[int | Address, bytes]] = []
        for data in self.heard:
            if data[0] >= 0x40:
                found.append(read_channel_data(data))
            else:
                message = parse(data)
                if message.method == Method.DATA:
                    peer, payload = message.address(stun.XOR_PEER_ADDRESS), message.first(stun.DATA)
                    assert peer is not None
                    assert payload is not None
                    found.append((peer, payload))
        self.heard.clear()
        return found

    def _fixed(self, method: int, transaction: bytes, values: list[tuple[int, bytes]]) -> Message:
        # Addresses of IPv6 are mixed with the transaction's id, so it has to be known before.
        message = parse(self.request(method))
        sealed = build(
            method,
            Kind.REQUEST,
            transaction,
            [*values, *((n, v) for n, v in message.attributes if n != stun.MESSAGE_INTEGRITY)],
            key=long_term_key(self.credentials.username, REALM, self.credentials.password),
        )
        answer = self.answer_to(sealed)
        assert answer is not None
        return answer


def code_of(answer: Message) -> int:
    """0 for a success, else the error's."""
    value = answer.first(stun.ERROR_CODE)
    return 0 if value is None else stun.read_error_code(value)[0]


def called(exchange: Exchange, *, stream: bool = False) -> tuple[Phone, Address, Phone, Address]:
    """Ada and Ben, both with an address, each letting the other in."""
    ada, ben = exchange.phone("ada", stream=stream), exchange.phone("ben", stream=stream)
    from_ada, from_ben = ada.allocate(), ben.allocate()
    assert (ada.permit(from_ben), ben.permit(from_ada)) == (0, 0)
    return ada, from_ada, ben, from_ben
