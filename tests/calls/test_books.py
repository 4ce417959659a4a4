"""Whatever is asked, in whatever order: nothing is raised, and the books balance."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Method
from appliance.features.calls.turn.switchboard import Peer
from tests.calls import vectors
from tests.calls.phones import HOST, HOST_V6, TRANSPORT_UDP, Exchange, Phone

NAMES = ("ada", "ada", "ben", "eve")

numbers = some.sampled_from(
    [
        stun.LIFETIME,
        stun.REQUESTED_ADDRESS_FAMILY,
        stun.ADDITIONAL_ADDRESS_FAMILY,
        stun.EVEN_PORT,
        stun.RESERVATION_TOKEN,
        stun.CHANNEL_NUMBER,
        stun.XOR_PEER_ADDRESS,
        stun.DONT_FRAGMENT,
        0x7001,
        0x9001,
    ]
)
values = some.one_of(
    some.sampled_from(
        [
            stun.leading_byte(1),
            stun.leading_byte(2),
            stun.number32(0),
            stun.number32(700),
            stun.even_port(True),
            stun.channel_number(0x4001),
            stun.xor_address((HOST, 50_000), bytes(12)),
            stun.xor_address((HOST_V6, 50_000), bytes(12)),
            stun.xor_address(("127.0.0.1", 22), bytes(12)),
        ]
    ),
    some.binary(max_size=20),
)
asked = some.lists(some.tuples(numbers, values), max_size=3)
methods = some.sampled_from(
    [Method.ALLOCATE, Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND]
)
raw = some.one_of(
    some.binary(max_size=60),
    some.sampled_from([vectors.REQUEST, vectors.LONG_TERM]),
    some.binary(max_size=40).map(lambda rest: b"\x40\x01" + rest),
    some.binary(max_size=40).map(lambda rest: b"\x00\x16" + rest),
)
steps = some.one_of(
    some.tuples(some.just("ask"), methods, asked),
    some.tuples(some.just("raw"), raw),
    some.tuples(some.just("wait"), some.sampled_from([1.0, 29.0, 31.0, 299.0, 601.0, 3601.0, 86_401.0])),
    some.tuples(some.just("sweep")),
    some.tuples(some.just("lose")),
    some.tuples(some.just("relay")),
)


def balance(exchange: Exchange, phones: list[Phone]) -> None:
    """What each part remembers must agree with what the others do."""
    held: dict[Peer, set[stun.Address]] = {}
    for address, peer in exchange.turn.board.peers.items():
        held.setdefault(peer, set()).add(address)
    people: Counter[str] = Counter()
    for name, phone in zip(NAMES, phones, strict=True):
        assert phone.held == (phone.allocation is not None)
        if phone.allocation is not None:
            assert held.pop(phone.allocation) == set(phone.allocation.relayed.values())
            people[name] += len(phone.allocation.relayed)
    kept = exchange.turn.board._reserved
    assert {address for addresses in held.values() for address in addresses} == {
        each.address for each in kept.values()
    }
    for name in set(NAMES):
        assert exchange.turn._quotas.of(name).held == people[name]
        assert people[name] + exchange.turn.board.reserved_for(name) <= 4
    assert exchange.turn.board._in_use == Counter(host for host, _ in exchange.turn.board.peers)


@given(some.lists(some.tuples(some.integers(0, 3), steps), max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_books_balance_whatever_is_asked(script: list[tuple[int, tuple[object, ...]]]) -> None:
    exchange = Exchange(allocations=4, bytes_a_day=500)
    phones = [exchange.phone(name).sign_in() for name in NAMES]
    for who, step in script:
        phone = phones[who]
        match step:
            case ("ask", int(method), list(attributes)):
                wanted = [TRANSPORT_UDP, *attributes] if method == Method.ALLOCATE else attributes
                answer = phone.ask(method, *wanted)
                phone.nonce = answer.first(stun.NONCE) or phone.nonce
            case ("raw", bytes(data)):
                phone.say(data)
            case ("wait", float(seconds)):
                exchange.clock.advance(seconds)
            case ("sweep",):
                exchange.turn.sweep()
            case ("lose",):
                exchange.turn.lose(phone)
            case ("relay",):
                for other in phones:
                    for peer in list(other.allocation.relayed.values()) if other.allocation else []:
                        phone.permit(peer)
                        phone.send_to(peer, bytes(60))
        balance(exchange, phones)
