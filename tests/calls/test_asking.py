"""What the relay gives to whom, and what it says where it does not."""

import pytest

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Message, Method, build, long_term_key, parse
from appliance.features.calls.turn.allocations import HEADERS
from appliance.features.calls.turn.credentials import GOOD_FOR_MS, issue, password_of, read
from appliance.features.calls.turn.doorkeeper import UNPROVEN_BURST
from appliance.features.calls.turn.requests import SILENT_S
from appliance.features.calls.turn.server import REALM
from tests.calls.phones import HOST, HOST_V6, SECRET, TRANSPORT_UDP, Exchange, Phone, called, code_of

FAMILY_V6 = (stun.REQUESTED_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
BOTH = (stun.ADDITIONAL_ADDRESS_FAMILY, stun.leading_byte(stun.IPV6))
PAIR = (stun.EVEN_PORT, stun.even_port(True))


def lifetime(answer: Message) -> int:
    return stun.read_number32(answer.first(stun.LIFETIME) or b"")


# Signing in


def test_without_a_seal_one_is_asked_who_one_is_and_told_how_to_say_it() -> None:
    ada = Exchange().phone()
    for method in (Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND):
        refused = ada.ask(method)
        assert code_of(refused) == 401
        assert refused.first(stun.REALM) == REALM.encode()
        assert refused.first(stun.NONCE)
        assert not refused.seals


def test_a_password_from_another_secret_is_refused() -> None:
    exchange = Exchange()
    ada = exchange.phone()
    ada.credentials = issue("another secret", "ada", "ada-phone", exchange.clock.now_ms())
    assert code_of(ada.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 401
    assert exchange.turn.allocations == 0


@pytest.mark.parametrize(
    "name", ["", "ada", "9999999999:ada", "9999999999:.", "x:ada.phone", "٣٣٣:ada.phone"]
)
def test_a_name_that_we_did_not_make_is_refused_whatever_its_password(name: str) -> None:
    ada = Exchange().phone().sign_in()
    ada.credentials = ada.credentials._replace(username=name, password=password_of(SECRET, name))
    assert code_of(ada.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 401


def test_credentials_are_good_for_twelve_hours_and_a_call_outlives_them() -> None:
    exchange = Exchange()
    ada, eve = exchange.phone("ada"), exchange.phone("eve")
    ada.credentials = eve.credentials = issue(SECRET, "ada", "ada-phone", exchange.clock.now_ms())
    assert ada.credentials.expires_at == exchange.clock.now_ms() + GOOD_FOR_MS
    exchange.clock.advance(GOOD_FOR_MS / 1000 - 3)
    ada.allocate()
    exchange.clock.advance(2)
    assert ada.refresh().kind is Kind.SUCCESS
    exchange.clock.advance(1)
    assert ada.refresh().kind is Kind.SUCCESS
    assert code_of(eve.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 401
    assert ada.refresh(0).kind is Kind.SUCCESS
    assert code_of(ada.sign_in().ask(Method.ALLOCATE, TRANSPORT_UDP)) == 401


def test_a_name_says_whose_it_is_and_until_when() -> None:
    made = issue(SECRET, "account", "device", 1_750_000_000_999)
    assert made.username == "1750043200:account.device"
    assert read(made.username) == ("account", "device", made.expires_at)
    # Worked out by another program: openssl dgst -sha1 -hmac secret -binary | base64
    assert password_of("secret", "1750043200:account.device") == "hnsx9rTWeCnUxRQ78SG79IX8yFM="


def test_a_device_that_is_signed_out_gets_nothing_and_loses_what_it_had() -> None:
    exchange = Exchange()
    ada, from_ada, ben, _ = called(exchange)
    exchange.standing["ada-phone"] = False
    exchange.turn.end_device("ada-phone")
    assert (exchange.turn.allocations, ada.held, ben.held) == (1, 0, 1)
    ben.send_to(from_ada, b"gone")
    assert ada.media() == []
    assert code_of(ada.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 401


def test_a_device_that_is_not_known_yet_is_looked_up_and_then_answered_once() -> None:
    exchange = Exchange()
    ada = exchange.phone().sign_in()
    exchange.standing["ada-phone"] = None
    ada.heard.clear()
    request = ada.request(Method.ALLOCATE, TRANSPORT_UDP)
    ada.say(request)
    ada.say(request)
    assert ada.heard == []
    exchange.standing["ada-phone"] = True
    for then in exchange.waiting:
        then()
    assert [parse(data).kind for data in ada.heard] == [Kind.SUCCESS, Kind.SUCCESS]
    assert ada.heard[0] == ada.heard[1]
    assert exchange.turn.allocations == 1


def test_a_nonce_is_good_for_an_hour_and_only_from_where_it_was_given() -> None:
    exchange = Exchange()
    ada, eve = exchange.phone("ada"), exchange.phone("ada")
    ada.allocate()
    eve.nonce = ada.nonce
    stale = eve.ask(Method.ALLOCATE, TRANSPORT_UDP)
    assert code_of(stale) == 438
    eve.nonce = stale.first(stun.NONCE) or b""
    assert eve.ask(Method.ALLOCATE, TRANSPORT_UDP).kind is Kind.SUCCESS
    ada.refresh(3600)
    exchange.clock.advance(3599)
    assert ada.refresh(3600).kind is Kind.SUCCESS
    exchange.clock.advance(1)
    stale = ada.refresh()
    assert code_of(stale) == 438
    ada.nonce = stale.first(stun.NONCE) or b""
    assert ada.refresh().kind is Kind.SUCCESS


@pytest.mark.parametrize("nonce", [b"x", b"-", b"0-", b"zz-0123", b"f" * 100, b"-1-abc", b"0" * 30 + b"-abc"])
def test_a_nonce_that_we_did_not_make_is_stale(nonce: bytes) -> None:
    ada = Exchange().phone()
    ada.nonce = nonce
    assert code_of(ada.ask(Method.ALLOCATE, TRANSPORT_UDP)) == 438


@pytest.mark.parametrize("missing", [stun.USERNAME, stun.REALM, stun.NONCE])
def test_a_sealed_request_without_all_that_belongs_to_it_is_malformed(missing: int) -> None:
    ada = Exchange().phone().sign_in()
    message = parse(ada.request(Method.ALLOCATE, TRANSPORT_UDP))
    values = [(n, v) for n, v in message.attributes if n not in (missing, stun.MESSAGE_INTEGRITY)]
    answer = ada.answer_to(build(Method.ALLOCATE, Kind.REQUEST, bytes(12), values, key=b"whatever"))
    assert answer is not None
    assert code_of(answer) == 400


def test_answers_are_sealed_and_marked_in_the_way_the_request_was() -> None:
    exchange = Exchange()
    ada = exchange.phone().sign_in()
    key = long_term_key(ada.credentials.username, REALM, ada.credentials.password)
    plain = ada.ask(Method.ALLOCATE, TRANSPORT_UDP)
    assert plain.sealed_by(key)
    assert plain.first(stun.FINGERPRINT) is None
    message = parse(ada.request(Method.REFRESH))
    values = [(n, v) for n, v in message.attributes if n != stun.MESSAGE_INTEGRITY]
    for seal in (stun.MESSAGE_INTEGRITY, stun.MESSAGE_INTEGRITY_SHA256):
        asked = build(Method.REFRESH, Kind.REQUEST, bytes(12), values, key=key, seal=seal, fingerprint=True)
        answer = ada.answer_to(asked)
        assert answer is not None
        assert answer.kind is Kind.SUCCESS
        assert list(answer.seals) == [seal]
        assert answer.sealed_by(key)
        assert answer.first(stun.FINGERPRINT) is not None


# No amplifier


def test_an_address_that_proved_nothing_gets_only_so_many_answers_and_its_neighbours_share_them() -> None:
    exchange = Exchange()
    eve = exchange.phone("eve").sign_in()
    exchange.clock.advance(60)
    # Good for another address only, so it is refused with 438.
    stale = eve.request(Method.ALLOCATE, TRANSPORT_UDP)
    empty = [build(method, Kind.REQUEST, bytes(12), []) for method in (Method.BINDING, Method.ALLOCATE)]
    for host, neighbour in (("203.0.113.9", "203.0.113.9"), ("2001:db8:1::1", "2001:db8:1:0:ffff::2")):
        eve.heard.clear()
        for number in range(3 * UNPROVEN_BURST):
            eve.address = (host if number % 2 else neighbour, number)
            eve.say((*empty, stale)[number % 3])
        assert len(eve.heard) == UNPROVEN_BURST
        assert {code_of(parse(each)) for each in eve.heard} == {0, 401, 438}
    exchange.clock.advance(1)
    eve.heard.clear()
    for _ in range(100):
        eve.say(build(Method.ALLOCATE, Kind.REQUEST, bytes(12), []))
    assert len(eve.heard) == 20
    # Somebody else is not kept waiting, nor whoever has shown who they are.
    exchange.phone("ada").allocate()


def test_over_tcp_an_address_is_proven() -> None:
    exchange = Exchange()
    ada = exchange.phone(stream=True)
    for _ in range(2 * UNPROVEN_BURST):
        ada.say(build(Method.ALLOCATE, Kind.REQUEST, bytes(12), []))
    assert len(ada.heard) == 2 * UNPROVEN_BURST


def test_the_answer_to_nobody_is_hardly_larger_than_what_was_asked() -> None:
    ada = Exchange().phone()
    binding = build(Method.BINDING, Kind.REQUEST, bytes(12), [])
    ada.say(binding)
    ada.say(ada.request(Method.ALLOCATE, TRANSPORT_UDP))
    reflected, challenge = (len(data) for data in ada.heard)
    assert reflected <= 32
    assert challenge <= 120


# BINDING


@pytest.mark.parametrize("address", [("203.0.113.9", 1234), ("2001:db8:1::1", 65535)])
def test_anybody_may_ask_what_they_look_like(address: stun.Address) -> None:
    ada = Exchange().phone()
    ada.address = address
    answer = ada.ask(Method.BINDING, (stun.SOFTWARE, b"test"))
    assert answer.kind is Kind.SUCCESS
    assert answer.address(stun.XOR_MAPPED_ADDRESS) == address


@pytest.mark.parametrize("method", [Method.BINDING, Method.ALLOCATE])
def test_what_has_to_be_understood_and_is_not_is_named_in_a_420(method: Method) -> None:
    ada = Exchange().phone().sign_in()
    answer = ada.ask(method, TRANSPORT_UDP, (0x7001, b""), (0x7002, b"x"), (0x9001, b""))
    assert code_of(answer) == 420
    strange = stun.read_unknown_attributes(answer.first(stun.UNKNOWN_ATTRIBUTES) or b"")
    assert strange == [0x7001, 0x7002]


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


# Quotas


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
