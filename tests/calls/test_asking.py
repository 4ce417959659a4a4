"""What the relay gives to whom, and what it says where it does not."""

import pytest

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Message, Method
from appliance.features.calls.turn.credentials import issue
from tests.calls.phones import HOST, HOST_V6, SECRET, TRANSPORT_UDP, Exchange, called, code_of

FAMILY_V6 = (stun.REQUESTED_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
BOTH = (stun.ADDITIONAL_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
PAIR = (stun.EVEN_PORT, stun.even_port(True))


def lifetime(answer: Message) -> int:
    return stun.read_number32(answer.first(stun.LIFETIME) or b"")


# ALLOCATE


def test_an_allocation_says_its_address_how_long_and_what_the_client_looks_like() -> None:
    exchange = Exchange()
    ada = exchange.phone().sign_in()
    answer = ada.ask(Method.ALLOCATE, TRANSPORT_UDP)
    relayed = answer.address(stun.XOR_RELAYED_ADDRESS)
    assert relayed is not None
    assert relayed[0] == HOST
    assert 49_152 <= relayed[1] <= 65_535
    assert answer.address(stun.XOR_MAPPED_ADDRESS) == ada.address
    assert lifetime(answer) == 600
    assert ada.held == 1


def test_an_allocation_that_was_not_heard_of_is_told_again_and_another_one_is_refused() -> None:
    exchange = Exchange()
    ada = exchange.phone().sign_in()
    request = ada.request(Method.ALLOCATE, TRANSPORT_UDP)
    first = ada.answer_to(request)
    exchange.clock.advance(20)
    second = ada.answer_to(request)
    assert first is not None
    assert second is not None
    assert first.raw == second.raw
    assert exchange.turn.allocations == 1
    assert code_of(ada.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 437


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ((), 400),
        (((stun.REQUESTED_TRANSPORT, b"\x11"),), 400),
        (((stun.REQUESTED_TRANSPORT, stun.leading_byte(6)),), 442),
        ((TRANSPORT_UDP, (stun.REQUESTED_ADDRESS_FAMILY, stun.leading_byte(3))), 440),
        ((TRANSPORT_UDP, FAMILY_V6, BOTH), 400),
        ((TRANSPORT_UDP, (stun.ADDITIONAL_ADDRESS_FAMILY, stun.leading_byte(1))), 400),
        ((TRANSPORT_UDP, PAIR, BOTH), 400),
        ((TRANSPORT_UDP, (stun.RESERVATION_TOKEN, bytes(8)), FAMILY_V6), 400),
        ((TRANSPORT_UDP, (stun.RESERVATION_TOKEN, bytes(8)), PAIR), 400),
        ((TRANSPORT_UDP, (stun.RESERVATION_TOKEN, bytes(7))), 400),
        ((TRANSPORT_UDP, (stun.RESERVATION_TOKEN, bytes(8))), 508),
        ((TRANSPORT_UDP, (stun.LIFETIME, bytes(3))), 400),
        ((TRANSPORT_UDP, (stun.DONT_FRAGMENT, b""), (stun.SOFTWARE, b"x")), 0),
    ],
)
def test_a_wish_is_granted_or_refused_as_the_standard_says(
    attributes: tuple[tuple[int, bytes], ...], code: int
) -> None:
    exchange = Exchange()
    ada = exchange.phone().sign_in()
    assert code_of(ada.ask(Method.ALLOCATE, *attributes)) == code
    assert exchange.turn.allocations == (0 if code else 1)


@pytest.mark.parametrize(
    ("asked", "given"), [(0, 600), (1, 600), (1800, 1800), (3600, 3600), (2**32 - 1, 3600)]
)
def test_an_allocation_lasts_as_long_as_asked_within_bounds(asked: int, given: int) -> None:
    ada = Exchange().phone().sign_in()
    answer = ada.ask(Method.ALLOCATE, TRANSPORT_UDP, (stun.LIFETIME, stun.number32(asked)))
    assert lifetime(answer) == given


def test_a_second_family_is_given_where_there_is_one_and_else_it_is_said() -> None:
    ada = Exchange().phone().sign_in()
    answer = ada.ask(Method.ALLOCATE, TRANSPORT_UDP, BOTH)
    assert [host for host, _ in answer.addresses(stun.XOR_RELAYED_ADDRESS)] == [HOST, HOST_V6]
    ben = Exchange(hosts=(HOST,)).phone().sign_in()
    answer = ben.ask(Method.ALLOCATE, TRANSPORT_UDP, BOTH)
    assert [host for host, _ in answer.addresses(stun.XOR_RELAYED_ADDRESS)] == [HOST]
    assert (answer.first(stun.ADDRESS_ERROR_CODE) or b"")[:4] == bytes((2, 0, 4, 40))
    assert code_of(ben.exchange.phone().sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, FAMILY_V6)) == 440


def test_the_port_after_an_even_one_is_kept_for_half_a_minute_for_the_same_person() -> None:
    exchange = Exchange()
    ada, second, eve = exchange.phone("ada"), exchange.phone("ada"), exchange.phone("eve")
    answer = ada.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, PAIR)
    first = answer.address(stun.XOR_RELAYED_ADDRESS)
    token = (stun.RESERVATION_TOKEN, answer.first(stun.RESERVATION_TOKEN) or b"")
    assert first is not None
    assert first[1] % 2 == 0
    assert code_of(eve.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, token)) == 508
    assert second.allocate(token) == (first[0], first[1] + 1)
    assert code_of(exchange.phone("ada").sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, token)) == 508
    late = exchange.phone("ada")
    answer = late.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, PAIR)
    token = (stun.RESERVATION_TOKEN, answer.first(stun.RESERVATION_TOKEN) or b"")
    exchange.clock.advance(30)
    assert code_of(exchange.phone("ada").sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP, token)) == 508
    before = len(exchange.turn.board.peers)
    exchange.turn.sweep()
    assert len(exchange.turn.board.peers) == before - 1


# REFRESH and whose it is


def test_a_refresh_prolongs_shortens_and_ends() -> None:
    exchange = Exchange()
    ada = exchange.phone()
    ada.allocate()
    exchange.clock.advance(599)
    assert lifetime(ada.refresh()) == 600
    assert lifetime(ada.refresh(1800)) == 1800
    exchange.clock.advance(1799)
    assert lifetime(ada.refresh(0)) == 0
    assert (exchange.turn.allocations, ada.held) == (0, 0)
    assert code_of(ada.refresh(0)) == 437


def test_of_two_families_one_can_be_given_back() -> None:
    exchange = Exchange()
    ada = exchange.phone()
    ada.allocate(BOTH)
    assert lifetime(ada.refresh(0, FAMILY_V6)) == 0
    assert exchange.turn.allocations == 1
    assert code_of(ada.refresh(600, FAMILY_V6)) == 443
    assert ada.permit((HOST_V6, 50_000)) == 443
    assert lifetime(ada.refresh(0, (stun.REQUESTED_ADDRESS_FAMILY, stun.leading_byte(stun.IPV4)))) == 0
    assert exchange.turn.allocations == 0


def test_without_an_allocation_there_is_nothing_to_ask_for() -> None:
    ada = Exchange().phone().sign_in()
    assert code_of(ada.refresh()) == 437
    assert ada.permit((HOST, 50_000)) == 437
    assert ada.bind(0x4001, (HOST, 50_000)) == 437


def test_with_another_name_an_allocation_is_somebody_elses() -> None:
    exchange = Exchange()
    ada, _, _, from_ben = called(exchange)
    ada.credentials = issue(SECRET, "ada", "ada-laptop", exchange.clock.now_ms())
    assert code_of(ada.refresh(0)) == 441
    assert ada.permit(from_ben) == 441
    assert ada.bind(0x4001, from_ben) == 441
    assert exchange.turn.allocations == 2


@pytest.mark.parametrize("method", [Method.CREATE_PERMISSION, Method.CHANNEL_BIND])
@pytest.mark.parametrize(
    "attributes",
    [
        (),
        ((stun.XOR_PEER_ADDRESS, b"\0\1"),),
        ((stun.CHANNEL_NUMBER, bytes(4)),),
        ((stun.CHANNEL_NUMBER, bytes(1)), (stun.XOR_PEER_ADDRESS, bytes(8))),
    ],
)
def test_a_request_that_lacks_something_is_malformed(
    method: Method, attributes: tuple[tuple[int, bytes], ...]
) -> None:
    ada = Exchange().phone()
    ada.allocate()
    assert code_of(ada.ask(method, *attributes)) == 400
