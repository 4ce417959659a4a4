"""How much of the relay one person has, and what is let go of."""

import pytest

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Method
from appliance.features.calls.turn.allocations import HEADERS
from appliance.features.calls.turn.credentials import issue
from appliance.features.calls.turn.requests import SILENT_S
from tests.calls.phones import HOST, SECRET, TRANSPORT_UDP, Exchange, Phone, called, code_of

BOTH = (stun.ADDITIONAL_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
PAIR = (stun.EVEN_PORT, stun.even_port(True))


def test_a_person_has_so_many_addresses_on_all_their_devices_and_others_are_not_concerned() -> None:
    exchange = Exchange()
    phones = [exchange.phone("ada") for _ in range(10)]
    for phone in phones:
        phone.allocate()
    more = exchange.phone("ada").sign_in()
    assert code_of(more.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 486
    exchange.phone("ben").allocate()
    phones[0].refresh(0)
    assert more.ask(Method.ALLOCATE, TRANSPORT_UDP).kind is Kind.SUCCESS


def test_what_is_not_in_use_gives_way_and_what_is_in_use_does_not() -> None:
    exchange = Exchange(allocations=4)
    ada, from_ada, ben, from_ben = called(exchange)
    dead = [exchange.phone("ada") for _ in range(3)]
    for phone in dead:
        phone.allocate()
        exchange.clock.advance(1)
    # The first of them is silent for 5 seconds now.
    exchange.clock.advance(2)
    ada.send_to(from_ben, b"here")
    again = exchange.phone("ada").sign_in()
    assert code_of(again.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 486
    exchange.clock.advance(1)
    assert again.ask(Method.ALLOCATE, TRANSPORT_UDP).kind is Kind.SUCCESS
    assert [phone.held for phone in (ada, ben, *dead)] == [1, 1, 0, 1, 1]
    assert code_of(exchange.phone("ada").sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 486
    ada.send_to(from_ben, b"here")
    exchange.clock.advance(2)
    # Both others are silent for long enough now, and one place is all that is needed.
    exchange.phone("ada").allocate()
    assert [phone.held for phone in (ada, ben, *dead, again)] == [1, 1, 0, 0, 1, 1]
    ben.send_to(from_ada, b"still here")
    assert ada.media() == [(from_ben, b"still here")]


def test_what_another_device_of_theirs_does_not_use_gives_way_last() -> None:
    exchange = Exchange(allocations=2)
    tablet, phone = exchange.phone("ada"), exchange.phone("ada")
    tablet.credentials = issue(SECRET, "ada", "ada-tablet", exchange.clock.now_ms())
    tablet.allocate()
    exchange.clock.advance(1)
    phone.allocate()
    exchange.clock.advance(SILENT_S)
    exchange.phone("ada").allocate()
    assert (tablet.held, phone.held) == (1, 0)


@pytest.mark.parametrize("family", [(), (BOTH,)], ids=["one family", "two families"])
def test_a_phone_that_changes_its_network_again_and_again_is_never_refused(
    family: tuple[tuple[int, bytes], ...],
) -> None:
    """As browsers do it: by UDP, TCP and TLS at once, one of them is used, and a new way is looked for every
    five seconds."""
    exchange = Exchange()
    ada, _, ben, from_ben = called(exchange)
    for _ in range(4 // (1 + len(family))):
        exchange.phone("ada").allocate(*family)
    for _ in range(12):
        for _ in range(5):
            exchange.clock.advance(1)
            ada.send_to(from_ben, b"here")
        for _ in range(4 // (1 + len(family))):
            exchange.phone("ada").allocate(*family)
    assert (ada.held, ben.held) == (1, 1)


def test_addresses_of_two_families_and_kept_ports_count_too() -> None:
    exchange = Exchange(allocations=4)
    exchange.phone().allocate(BOTH)
    exchange.phone().allocate(PAIR)
    assert code_of(exchange.phone().sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 486
    exchange.clock.advance(30)
    exchange.turn.sweep()
    exchange.phone().allocate()


def test_what_a_person_sends_in_a_day_has_an_end_and_there_is_another_day() -> None:
    exchange = Exchange(bytes_a_day=10 * (100 + HEADERS))
    ada, from_ada, ben, from_ben = called(exchange)
    for _ in range(12):
        ada.send_to(from_ben, bytes(100))
    assert len(ben.media()) == 10
    assert exchange.turn.figures.dropped == {"quota": 2}
    # The other side has its own.
    ben.send_to(from_ada, b"hello")
    assert ada.media() == [(from_ben, b"hello")]
    assert code_of(exchange.phone("ada").sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 486
    for phone in (ada, ben):
        phone.refresh(0)
    exchange.clock.advance(86_400)
    ada, from_ada, ben, from_ben = called(exchange)
    ada.send_to(from_ben, bytes(100))
    assert ben.media() == [(from_ada, bytes(100))]


def test_packets_with_nothing_in_them_use_up_the_day_as_well() -> None:
    exchange = Exchange(bytes_a_day=3 * HEADERS)
    ada, _, ben, from_ben = called(exchange)
    for _ in range(5):
        ada.send_to(from_ben, b"")
    assert len(ben.media()) == 3


def test_what_a_person_sends_in_a_second_has_an_end_and_the_next_one_brings_as_much() -> None:
    exchange = Exchange(packets_a_second=100)
    ada, from_ada, ben, from_ben = called(exchange)
    tab = exchange.phone("ada")
    tab.allocate()
    tab.permit(from_ben)
    exchange.clock.advance(60)

    def sent(*senders: Phone) -> int:
        for number in range(300):
            senders[number % len(senders)].send_to(from_ben, b"frame")
        return len(ben.media())

    # Whatever was not used before, no more than a second's worth comes at once.
    assert sent(ada) == 100
    assert exchange.turn.figures.dropped == {"rate": 200}
    # Another allocation of theirs is no way around it, and the other side has its own.
    assert sent(tab) == 0
    ben.send_to(from_ada, b"hello")
    assert ada.media() == [(from_ben, b"hello")]
    for seconds, packets in ((0.5, 50), (0.25, 25), (0.005, 0), (0.005, 1), (3.0, 50)):
        exchange.clock.advance(seconds)
        assert sent(ada, tab) == packets
    # What was dropped is not counted as sent.
    assert exchange.turn.figures.packets == 100 + 50 + 25 + 1 + 50 + 1


def test_who_sends_evenly_what_is_allowed_loses_nothing_and_whoever_sends_twice_that_half() -> None:
    for times, most in ((1, 0), (2, 1000)):
        exchange = Exchange(packets_a_second=100)
        ada, _, ben, from_ben = called(exchange)
        for _ in range(2000 // times):
            exchange.clock.advance(0.01)
            for _ in range(times):
                ada.send_to(from_ben, b"voice")
        lost = 2000 - len(ben.media())
        assert most - 100 <= lost <= most


def test_one_packet_a_second_is_a_limit_too() -> None:
    exchange = Exchange(packets_a_second=1)
    ada, _, ben, from_ben = called(exchange)
    for _ in range(20):
        ada.send_to(from_ben, b"slow")
        exchange.clock.advance(0.5)
    assert len(ben.media()) == 10


def test_nothing_is_remembered_of_whoever_is_long_gone() -> None:
    exchange = Exchange(bytes_a_day=10 * (100 + HEADERS))
    ada, _, ben, from_ben = called(exchange)
    ada.bind(0x4001, from_ben)
    ada.send_to(from_ben, b"hello")
    exchange.clock.advance(601)
    exchange.turn.sweep()
    assert (exchange.turn.allocations, ada.held, ben.held) == (0, 0, 0)
    assert exchange.turn.board.peers == {}
    assert len(exchange.turn._quotas) == 1, "what ada sent today is not forgotten"
    exchange.clock.advance(86_400)
    exchange.turn.sweep()
    assert len(exchange.turn._quotas) == 0


def test_permissions_and_channels_that_ended_are_let_go_of() -> None:
    exchange = Exchange()
    ada, _, _, from_ben = called(exchange)
    ada.refresh(3600)
    ada.bind(0x4001, from_ben)
    exchange.clock.advance(601)
    exchange.turn.sweep()
    allocation = ada.allocation
    assert allocation is not None
    assert (allocation._permitted, allocation._by_number, allocation._by_peer) == ({}, {}, {})


def test_a_lost_connection_and_the_end_of_the_relay_free_everything() -> None:
    exchange = Exchange()
    ada, _, ben, _ = called(exchange, stream=True)
    exchange.turn.lose(ada)
    exchange.turn.lose(ada)
    assert (exchange.turn.allocations, ada.held, ben.held) == (1, 0, 1)
    exchange.turn.close()
    assert (exchange.turn.allocations, ben.held, exchange.turn.board.peers) == (0, 0, {})


def test_when_all_ports_are_taken_that_is_said() -> None:
    exchange = Exchange(allocations=0)
    first = exchange.phone()
    nobody = Phone(exchange, "nobody", ("203.0.113.1", 1))
    first.allocate()
    holder = first.allocation
    assert holder is not None
    mine = holder.relayed[stun.IPV4][1]
    last = 50_001 if mine != 50_001 else 50_002
    for port in range(49_152, 65_536):
        if port not in (mine, last):
            exchange.turn.board.seat((HOST, port), holder)
    assert nobody.allocate() == (HOST, last)
    assert code_of(exchange.phone().sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 508
