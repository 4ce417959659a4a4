"""The codec against the vectors of the standards, another one's codec, and whatever bytes there are."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import StunError
from appliance.features.calls.stun.message import Kind, Message, Method, build, long_term_key, parse
from tests.calls import vectors

TRANSACTION = bytes(range(12))
READERS = {
    stun.XOR_MAPPED_ADDRESS: lambda value: stun.read_xor_address(value, TRANSACTION),
    stun.MAPPED_ADDRESS: stun.read_plain_address,
    stun.ERROR_CODE: stun.read_error_code,
    stun.UNKNOWN_ATTRIBUTES: stun.read_unknown_attributes,
    stun.LIFETIME: stun.read_number32,
    stun.CHANNEL_NUMBER: stun.read_channel_number,
    stun.REQUESTED_TRANSPORT: stun.read_leading_byte,
    stun.EVEN_PORT: stun.read_even_port,
    stun.RESERVATION_TOKEN: stun.read_reservation_token,
    stun.NONCE: stun.read_text,
}

hosts = some.one_of(
    some.ip_addresses(v=4).map(str),
    some.ip_addresses(v=6).map(lambda host: stun.read_plain_address(stun.plain_address((str(host), 0)))[0]),
)
addresses = some.tuples(hosts, some.integers(0, 0xFFFF))
kinds = some.sampled_from(list(Kind))
methods = some.one_of(some.sampled_from(list(Method)), some.integers(0, 0xFFF))
transactions = some.binary(min_size=12, max_size=12)
SEALS = (stun.MESSAGE_INTEGRITY, stun.MESSAGE_INTEGRITY_SHA256, stun.FINGERPRINT)
numbers = some.one_of(some.sampled_from(list(READERS)), some.integers(0, 0xFFFF)).filter(
    lambda number: number not in SEALS
)
attributes = some.lists(some.tuples(numbers, some.binary(max_size=40)), max_size=8)


def read_all(message: Message) -> None:
    """Look at everything in it, as nobody who is careful would."""
    message.not_among(frozenset())
    message.sealed_by(b"key")
    for number, value in message.attributes:
        read = READERS.get(number, stun.read_text)
        with suppress(StunError):
            read(value)
        with suppress(StunError):
            message.address(number)


# The standards' own


def test_the_request_of_rfc_5769_is_read_and_its_seal_holds() -> None:
    message = parse(vectors.REQUEST)
    assert (message.method, message.kind) == (Method.BINDING, Kind.REQUEST)
    assert message.transaction == bytes.fromhex("b7e7a701bc34d686fa87dfae")
    assert message.first(stun.SOFTWARE) == b"STUN test client"
    assert message.first(stun.USERNAME) == b"evtj:h6vY"
    assert stun.read_number32(message.first(stun.PRIORITY) or b"") == 0x6E0001FF
    assert message.first(stun.ICE_CONTROLLED) == bytes.fromhex("932ff9b151263b36")
    assert message.sealed_by(vectors.PASSWORD)
    assert not message.sealed_by(b"another")


@pytest.mark.parametrize(
    ("vector", "host"),
    [(vectors.RESPONSE_V4, "192.0.2.1"), (vectors.RESPONSE_V6, "2001:db8:1234:5678:11:2233:4455:6677")],
    ids=["v4", "v6"],
)
def test_the_responses_of_rfc_5769_are_read_and_written_byte_for_byte(vector: bytes, host: str) -> None:
    message = parse(vector)
    assert (message.method, message.kind) == (Method.BINDING, Kind.SUCCESS)
    assert message.first(stun.SOFTWARE) == b"test vector"
    assert message.address(stun.XOR_MAPPED_ADDRESS) == (host, 32853)
    assert message.sealed_by(vectors.PASSWORD)
    ours = build(
        Method.BINDING,
        Kind.SUCCESS,
        message.transaction,
        [
            (stun.SOFTWARE, b"test vector"),
            (stun.XOR_MAPPED_ADDRESS, stun.xor_address((host, 32853), message.transaction)),
        ],
        key=vectors.PASSWORD,
        fingerprint=True,
    )
    # Theirs pads with a space where zeros are usual, and both seals cover the padding.
    assert len(ours) == len(vector)
    assert parse(ours).sealed_by(vectors.PASSWORD)
    assert ours[:35] + b" " + ours[36:-32] == vector[:-32]


def test_the_long_term_request_of_rfc_5769_is_sealed_by_its_key() -> None:
    message = parse(vectors.LONG_TERM)
    assert stun.read_text(message.first(stun.USERNAME) or b"") == vectors.USER
    assert stun.read_text(message.first(stun.REALM) or b"") == "example.org"
    assert stun.read_text(message.first(stun.NONCE) or b"") == "f//499k954d6OL34oL9FSTvy64sA"
    key = long_term_key(vectors.USER, "example.org", "TheMatrIX")
    assert message.sealed_by(key)
    values = [(number, value) for number, value in message.attributes if number != stun.MESSAGE_INTEGRITY]
    assert build(Method.BINDING, Kind.REQUEST, message.transaction, values, key=key) == vectors.LONG_TERM


def test_the_sha256_request_of_rfc_8489_is_sealed_by_its_key() -> None:
    message = parse(vectors.SHA256)
    assert message.first(stun.USERHASH) == hashlib.sha256(f"{vectors.USER}:example.org".encode()).digest()
    key = hashlib.sha256(f"{vectors.USER}:example.org:TheMatrIX".encode()).digest()
    assert message.sealed_by(key)
    assert not message.sealed_by(key[:16])
    seal = stun.MESSAGE_INTEGRITY_SHA256
    values = [(number, value) for number, value in message.attributes if number != seal]
    built = build(Method.BINDING, Kind.REQUEST, message.transaction, values, key=key, seal=seal)
    assert built == vectors.SHA256


# What may not be


@pytest.mark.parametrize(
    "vector", [vectors.REQUEST, vectors.RESPONSE_V4, vectors.RESPONSE_V6], ids=["request", "v4", "v6"]
)
def test_a_single_bit_that_changed_breaks_the_fingerprint_or_the_message(vector: bytes) -> None:
    for at in range(len(vector)):
        for bit in range(8):
            changed = bytearray(vector)
            changed[at] ^= 1 << bit
            with suppress(StunError):
                # Where the fingerprint itself is renamed, it is not one any more.
                assert parse(bytes(changed)).first(stun.FINGERPRINT) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(19),
        bytes(20),
        vectors.REQUEST[:-1],
        vectors.REQUEST + b"\0",
        vectors.REQUEST + bytes(4),
        vectors.REQUEST[:4] + b"\x21\x12\xa4\x43" + vectors.REQUEST[8:],
        b"\x40" + vectors.REQUEST[1:],
        b"\x80" + vectors.REQUEST[1:],
        # An attribute that says it goes on past the end
        build(Method.BINDING, Kind.REQUEST, TRANSACTION, [])[:2]
        + b"\x00\x04\x21\x12\xa4\x42"
        + TRANSACTION
        + b"\x00\x06\x00\x01",
        # A seal of the wrong length
        build(Method.BINDING, Kind.REQUEST, TRANSACTION, [(stun.MESSAGE_INTEGRITY, bytes(16))]),
        build(Method.BINDING, Kind.REQUEST, TRANSACTION, [(stun.MESSAGE_INTEGRITY_SHA256, bytes(12))]),
        # A fingerprint that is not last
        build(Method.BINDING, Kind.REQUEST, TRANSACTION, [(stun.FINGERPRINT, bytes(4)), (stun.DATA, b"")]),
    ],
)
def test_what_is_no_message_is_told_so(data: bytes) -> None:
    with pytest.raises(StunError):
        parse(data)


def test_repeated_attributes_are_all_kept_and_the_first_one_counts() -> None:
    peers = [("192.0.2.1", 1), ("2001:db8::1", 2), ("192.0.2.3", 3)]
    values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, TRANSACTION)) for peer in peers]
    message = parse(build(Method.CREATE_PERMISSION, Kind.REQUEST, TRANSACTION, values))
    assert message.addresses(stun.XOR_PEER_ADDRESS) == peers
    assert message.address(stun.XOR_PEER_ADDRESS) == peers[0]


def test_what_has_to_be_understood_and_is_not_is_named_once_each() -> None:
    values = [(0x7001, b""), (0x9001, b""), (0x7001, b"x"), (stun.LIFETIME, bytes(4)), (0x0099, b"")]
    message = parse(build(Method.ALLOCATE, Kind.REQUEST, TRANSACTION, values))
    assert message.not_among(frozenset((stun.LIFETIME,))) == [0x7001, 0x0099]
    assert stun.read_unknown_attributes(stun.unknown_attributes([0x7001, 0x0099])) == [0x7001, 0x0099]


def test_what_stands_behind_the_seal_does_not_count() -> None:
    sealed = build(Method.ALLOCATE, Kind.REQUEST, TRANSACTION, [(stun.LIFETIME, bytes(4))], key=b"key")
    forged = stun.USERNAME.to_bytes(2, "big") + b"\0\4eve!"
    longer = sealed[:2] + (len(sealed) - 20 + len(forged)).to_bytes(2, "big") + sealed[4:] + forged
    message = parse(longer)
    assert message.first(stun.USERNAME) is None
    assert message.sealed_by(b"key")


def test_both_seals_may_be_there_and_the_stronger_one_counts() -> None:
    first = build(Method.ALLOCATE, Kind.REQUEST, TRANSACTION, [], key=b"one")
    seal = parse(first).first(stun.MESSAGE_INTEGRITY) or b""
    both = build(
        Method.ALLOCATE,
        Kind.REQUEST,
        TRANSACTION,
        [(stun.MESSAGE_INTEGRITY, seal)],
        key=b"two",
        seal=stun.MESSAGE_INTEGRITY_SHA256,
        fingerprint=True,
    )
    assert parse(both).sealed_by(b"two")
    assert not parse(both).sealed_by(b"one")


def test_nothing_is_sealed_by_a_key_where_there_is_no_seal() -> None:
    assert not parse(build(Method.BINDING, Kind.REQUEST, TRANSACTION, [])).sealed_by(b"")


# Everything


@given(methods, kinds, transactions, attributes, some.sampled_from([b"", b"key"]), some.booleans())
@settings(max_examples=300, deadline=None)
def test_what_is_built_is_read_again(
    method: int,
    kind: Kind,
    transaction: bytes,
    values: list[tuple[int, bytes]],
    key: bytes,
    fingerprint: bool,
) -> None:
    message = parse(build(method, kind, transaction, values, key=key, fingerprint=fingerprint))
    assert (message.method, message.kind, message.transaction) == (method, kind, transaction)
    assert [pair for pair in message.attributes if pair[0] not in SEALS] == values
    assert message.sealed_by(b"key") is bool(key)
    read_all(message)


@given(addresses, transactions)
def test_an_address_is_read_as_it_was_written(address: stun.Address, transaction: bytes) -> None:
    assert stun.read_xor_address(stun.xor_address(address, transaction), transaction) == address
    assert stun.read_plain_address(stun.plain_address(address)) == address


@given(some.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_a_message_or_a_stun_error(data: bytes) -> None:
    for stream in (data, b"\0\1" + (len(data) & ~3).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + TRANSACTION):
        with suppress(StunError):
            read_all(parse(stream + data[: len(data) & ~3]))


@given(
    some.sampled_from([vectors.REQUEST, vectors.RESPONSE_V6, vectors.LONG_TERM, vectors.SHA256]), some.data()
)
@settings(max_examples=500, deadline=None)
def test_a_message_with_anything_changed_in_it_is_read_or_a_stun_error(
    vector: bytes, data: some.DataObject
) -> None:
    changed = bytearray(vector)
    for _ in range(data.draw(some.integers(1, 4))):
        at = data.draw(some.integers(0, len(changed) - 1))
        changed[at] = data.draw(some.integers(0, 255))
    with suppress(StunError):
        read_all(parse(bytes(changed[: data.draw(some.integers(0, len(changed)))])))
    with suppress(StunError):
        read_all(parse(bytes(changed)))
