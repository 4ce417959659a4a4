"""Packets pass from one allocation to another, as long as both sides let them, and nowhere else."""

import pytest

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import Address
from appliance.features.calls.stun.message import Kind, Method, build
from appliance.features.calls.turn.allocations import MOST_CHANNELS
from tests.calls.phones import HOST, HOST_V6, TRANSPORT_UDP, Exchange, Phone, called, code_of


def test_a_packet_goes_from_one_allocation_to_the_other_as_an_indication() -> None:
    ada, from_ada, ben, from_ben = called(Exchange())
    ada.send_to(from_ben, b"hello")
    assert ben.media() == [(from_ada, b"hello")]
    ben.send_to(from_ada, b"")
    assert ada.media() == [(from_ben, b"")]


def test_where_a_channel_is_bound_it_goes_as_channel_data_on_each_ones_own_number() -> None:
    ada, _, ben, from_ben = called(Exchange())
    from_ada = ada.allocation.relayed[stun.IPV4] if ada.allocation else ("", 0)
    assert (ada.bind(0x4001, from_ben), ben.bind(0x7FFE, from_ada)) == (0, 0)
    ada.send_on(0x4001, b"hello")
    ada.send_to(from_ben, b"again")
    assert ben.media() == [(0x7FFE, b"hello"), (0x7FFE, b"again")]


def test_over_a_stream_channel_data_is_padded() -> None:
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange, stream=True)
    ada.bind(0x4001, from_ben)
    ben.bind(0x4002, from_ada)
    ben.heard.clear()
    ada.send_on(0x4001, b"hello")
    assert ben.heard == [b"\x40\x02\0\5hello\0\0\0"]


def test_nothing_comes_in_from_whom_one_did_not_let_in() -> None:
    exchange = Exchange()
    ada, ben = exchange.phone("ada"), exchange.phone("ben")
    ada.allocate()
    from_ben = ben.allocate()
    ada.permit(from_ben)
    ada.send_to(from_ben, b"knock")
    assert ben.media() == []
    assert exchange.turn.figures.dropped == {"not permitted": 1}


def test_whoever_was_let_in_is_at_all_of_their_addresses_and_nobody_else_is() -> None:
    """All relayed addresses are of one host, which is all that a permission says to other servers."""
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange)
    again, eve = exchange.phone("ben"), exchange.phone("eve")
    from_again, _ = again.allocate(), eve.allocate()
    assert (again.permit(from_ada), eve.permit(from_ada)) == (0, 0)
    eve.send_to(from_ada, b"noise")
    assert ada.media() == []
    assert exchange.turn.figures.dropped == {"not permitted": 1}
    again.send_to(from_ada, b"me again")
    assert ada.media() == [(from_again, b"me again")]
    # Whom Ada named holds nothing any more: then it is the host that she renews.
    ben.refresh(0)
    exchange.clock.advance(299)
    assert ada.permit(from_ben) == 0
    exchange.clock.advance(2)
    assert again.permit(from_ada) == 0
    again.send_to(from_ada, b"still here")
    assert ada.media() == [(from_again, b"still here")]


def test_nothing_goes_out_to_whom_one_did_not_let_in() -> None:
    exchange = Exchange()
    ada, ben = exchange.phone("ada"), exchange.phone("ben")
    from_ada, from_ben = ada.allocate(), ben.allocate()
    ben.permit(from_ada)
    ada.send_to(from_ben, b"knock")
    assert ben.media() == []


@pytest.mark.parametrize(
    "outside",
    ["127.0.0.1", "10.0.0.1", "198.51.100.7", "192.0.2.2", "::1", "::ffff:192.0.2.1", "2001:db8::2"],
)
def test_a_peer_outside_is_refused_whatever_it_is_called(outside: str) -> None:
    exchange = Exchange()
    ada = exchange.phone()
    both = (stun.ADDITIONAL_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
    ours = ada.allocate(both)
    assert ada.permit((outside, 9)) == 403
    # All or none
    assert ada.permit(ours, (outside, 9)) == 403
    assert ada.bind(0x4001, (outside, 9)) == 403
    ada.send_to(ours, b"to myself")
    ada.send_to((outside, 9), b"out")
    assert ada.media() == []


def test_a_permission_ends_after_five_minutes_to_the_moment_and_is_renewed() -> None:
    exchange = Exchange()
    ada, _, ben, from_ben = called(exchange)
    from_ada = ada.allocation.relayed[stun.IPV4] if ada.allocation else ("", 0)
    exchange.clock.advance(200)
    assert ada.permit(from_ben) == 0
    exchange.clock.advance(99.5)
    ada.send_to(from_ben, b"in time")
    assert ben.media() == [(from_ada, b"in time")]
    exchange.clock.advance(0.5)
    ada.send_to(from_ben, b"too late for ben")
    assert ben.media() == []
    ben.permit(from_ada)
    ada.send_to(from_ben, b"again")
    assert ben.media() == [(from_ada, b"again")]


def nearly_unbound() -> tuple[Exchange, tuple[Phone, Address, Phone, Address]]:
    """Ada has a channel to Ben, which ends in a second."""
    exchange = Exchange()
    both = ada, _, ben, from_ben = called(exchange)
    for phone in (ada, ben):
        phone.refresh(3600)
    ada.bind(0x4001, from_ben)
    exchange.clock.advance(599)
    return exchange, both


def test_a_channel_ends_after_ten_minutes_to_the_moment() -> None:
    exchange, (ada, from_ada, ben, _) = nearly_unbound()
    ben.permit(from_ada)
    ada.send_on(0x4001, b"in time")
    assert ben.media() == [(from_ada, b"in time")]
    exchange.clock.advance(1)
    ada.send_on(0x4001, b"too late")
    assert ben.media() == []
    # The number is free for somebody else now.
    assert ada.bind(0x4001, (HOST, 50_000)) == 0


def test_what_comes_after_the_end_of_a_channel_comes_as_an_indication_again() -> None:
    exchange, (ada, from_ada, ben, from_ben) = nearly_unbound()
    ada.permit(from_ben)
    ben.permit(from_ada)
    ben.send_to(from_ada, b"in time")
    assert ada.media() == [(0x4001, b"in time")]
    exchange.clock.advance(1)
    ben.send_to(from_ada, b"later")
    assert ada.media() == [(from_ben, b"later")]


def test_a_bound_channel_lets_packets_in_for_as_long_as_a_permission() -> None:
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange)
    exchange.clock.advance(301)
    assert ben.bind(0x4001, from_ada) == 0
    ada.permit(from_ben)
    ada.send_to(from_ben, b"hello")
    assert ben.media() == [(0x4001, b"hello")]
    exchange.clock.advance(300)
    ada.permit(from_ben)
    ada.send_to(from_ben, b"hello")
    assert ben.media() == []


def test_a_number_stands_for_one_peer_and_a_peer_has_one_number() -> None:
    ada, _, _, from_ben = called(Exchange())
    other = (HOST, 50_000)
    assert ada.bind(0x4001, from_ben) == 0
    assert ada.bind(0x4001, from_ben) == 0
    assert ada.bind(0x4001, other) == 400
    assert ada.bind(0x4002, from_ben) == 400
    assert ada.bind(0x4002, other) == 0


@pytest.mark.parametrize(
    ("number", "code"), [(0x3FFF, 400), (0x4000, 0), (0x7FFE, 0), (0x7FFF, 400), (0, 400)]
)
def test_channels_have_numbers_of_their_own(number: int, code: int) -> None:
    ada, _, _, from_ben = called(Exchange())
    assert ada.bind(number, from_ben) == code


def test_there_are_only_so_many_channels() -> None:
    ada, _, _, _ = called(Exchange())
    for number in range(MOST_CHANNELS):
        assert ada.bind(0x4000 + number, (HOST, 10_000 + number)) == 0
    assert ada.bind(0x6000, (HOST, 20_000)) == 508
    assert ada.bind(0x4000, (HOST, 10_000)) == 0


def test_when_the_allocation_ends_nothing_passes_any_more() -> None:
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange)
    ada.bind(0x4001, from_ben)
    ben.refresh(0)
    ada.send_on(0x4001, b"nobody there")
    assert ben.media() == []
    assert exchange.turn.figures.dropped == {"nobody": 1}
    # Somebody else may be given the address: they have let nobody in.
    ben.allocate()
    ada.send_on(0x4001, b"still nobody")
    assert ben.media() == []
    ben.permit(from_ada)
    ben.send_to(from_ada, b"here again")
    assert ada.media()[0][1] == b"here again"


def test_an_allocation_ends_to_the_moment_although_nobody_swept() -> None:
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange)
    exchange.clock.advance(299)
    ada.permit(from_ben)
    ben.permit(from_ada)
    ben.refresh(3600)
    exchange.clock.advance(299)
    ben.permit(from_ada)
    ada.permit(from_ben)
    exchange.clock.advance(1)
    ada.send_to(from_ben, b"in time")
    assert ben.media() == [(from_ada, b"in time")]
    exchange.clock.advance(1)
    ada.send_to(from_ben, b"too late")
    ben.send_to(from_ada, b"too late")
    assert (ada.media(), ben.media()) == ([], [])
    assert code_of(ada.refresh()) == 437
    assert exchange.turn.allocations == 1


def test_both_families_relay_and_each_to_its_own_only() -> None:
    exchange = Exchange()
    ada, ben = exchange.phone("ada"), exchange.phone("ben")
    six = (stun.REQUESTED_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
    from_ada, from_ben = ada.allocate(six), ben.allocate(six)
    assert (from_ada[0], from_ben[0]) == (HOST_V6, HOST_V6)
    assert (ada.permit(from_ben), ben.permit(from_ada)) == (0, 0)
    ada.send_to(from_ben, b"six")
    assert ben.media() == [(from_ada, b"six")]
    assert ada.permit((HOST, 50_000)) == 443
    assert ada.bind(0x4001, (HOST, 50_000)) == 443


def test_what_is_inside_the_process_takes_part_like_anybody_else() -> None:
    exchange = Exchange()
    heard = []

    class Room:
        account = ""

        def receive(self, payload: bytes, source: stun.Address) -> None:
            heard.append((source, payload))
            exchange.turn.board.peers[source].receive(b"echo " + payload, ("192.0.2.99", 1))

    ada = exchange.phone()
    from_ada = ada.allocate()
    assert ada.permit(("192.0.2.99", 1)) == 403
    exchange.turn.board.seat(("192.0.2.99", 1), Room())
    assert ada.permit(("192.0.2.99", 1)) == 0
    ada.send_to(("192.0.2.99", 1), b"hello")
    assert heard == [(from_ada, b"hello")]
    assert ada.media() == [(("192.0.2.99", 1), b"echo hello")]
    exchange.turn.board.free(("192.0.2.99", 1))
    assert ada.permit(("192.0.2.99", 1)) == 403


def test_a_call_goes_on_when_the_relay_is_called_something_else() -> None:
    exchange = Exchange()
    ada, from_ada, ben, from_ben = called(exchange)
    exchange.turn.rename(["203.0.113.5"])
    assert (ada.permit(from_ben), ben.permit(from_ada)) == (0, 0)
    ada.send_to(from_ben, b"still here")
    assert ben.media() == [(from_ada, b"still here")]
    eve = exchange.phone("eve")
    assert eve.allocate()[0] == "203.0.113.5"


def test_malformed_media_is_dropped_and_counted() -> None:
    exchange = Exchange()
    ada, *_ = called(exchange)
    for data in (b"\x40", b"\x40\x01\0\5abc", b"\x7f\xff\0\0", b"\0\x16\0\0", b"", b"\xff" * 40):
        ada.say(data)
    assert exchange.turn.figures.dropped == {"malformed": 6}


@pytest.mark.parametrize("loss", [0.1, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_over_lines_that_lose_packets_everybody_gets_one_address_and_the_call_stands(
    loss: float, seed: int
) -> None:
    exchange = Exchange()
    ada, ben = (exchange.phone(name, loss=loss, seed=seed * 2 + at) for at, name in enumerate(("ada", "ben")))
    from_ada, from_ben = ada.allocate(), ben.allocate()
    assert (ada.bind(0x4001, from_ben), ben.bind(0x4001, from_ada)) == (0, 0)
    assert exchange.turn.allocations == 2
    assert (ada.held, ben.held) == (1, 1)
    ben.heard.clear()
    for number in range(400):
        ada.send_on(0x4001, number.to_bytes(2, "big"))
    came = [int.from_bytes(payload, "big") for _, payload in ben.media()]
    # Only the two lines lose anything, and nothing comes twice or out of turn.
    assert came == sorted(set(came))
    assert abs(len(came) / 400 - (1 - loss) ** 2) < 0.1
    assert exchange.turn.figures.dropped == {}
    assert ada.refresh(0).kind is Kind.SUCCESS


def test_indications_that_ask_for_something_and_answers_are_passed_over() -> None:
    exchange = Exchange()
    ada = exchange.phone()
    ada.allocate()
    ada.heard.clear()
    for kind in (Kind.INDICATION, Kind.SUCCESS, Kind.ERROR):
        ada.say(build(Method.ALLOCATE, kind, bytes(12), [TRANSPORT_UDP]))
    ada.say(build(0x7FF, Kind.REQUEST, bytes(12), []))
    ada.say(build(Method.SHARED_SECRET, Kind.REQUEST, bytes(12), []))
    assert ada.heard == []
