"""Whom the relay answers: who shows a key, and in passing who asks what they look like."""

import pytest

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Method, build, long_term_key, parse
from appliance.features.calls.turn.credentials import GOOD_FOR_MS, issue, password_of, read
from appliance.features.calls.turn.doorkeeper import UNPROVEN_BURST
from appliance.features.calls.turn.server import REALM
from tests.calls.phones import SECRET, TRANSPORT_UDP, Exchange, called, code_of


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
