"""What travels during a call: against the codec that does the same step by step, and cut in any way."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import StunError
from appliance.features.calls.stun.framing import MOST, Splitter
from appliance.features.calls.stun.message import Kind, Method, build, parse
from appliance.features.calls.stun.packets import channel_data, data_indication, read_channel_data, read_send
from tests.calls import vectors
from tests.calls.test_stun import TRANSACTION, addresses, attributes, transactions

payloads = some.binary(max_size=300)
numbers = some.integers(0x4000, 0x7FFE)


@given(addresses, payloads, transactions)
def test_a_data_indication_is_what_the_codec_reads(
    peer: stun.Address, payload: bytes, transaction: bytes
) -> None:
    message = parse(data_indication(stun.xor_address(peer, transaction), payload, transaction))
    assert (message.method, message.kind) == (Method.DATA, Kind.INDICATION)
    assert message.address(stun.XOR_PEER_ADDRESS) == peer
    assert message.first(stun.DATA) == payload


@given(addresses, payloads, some.booleans(), some.booleans())
def test_a_send_indication_is_read_as_the_codec_wrote_it(
    peer: stun.Address, payload: bytes, fingerprint: bool, turned: bool
) -> None:
    values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(peer, TRANSACTION)), (stun.DATA, payload)]
    values = [*reversed(values), (stun.DONT_FRAGMENT, b"")] if turned else [(stun.SOFTWARE, b"x"), *values]
    built = build(Method.SEND, Kind.INDICATION, TRANSACTION, values, fingerprint=fingerprint)
    value, sent = read_send(built)
    assert (stun.read_xor_address(value, TRANSACTION), sent) == (peer, payload)


@pytest.mark.parametrize("missing", [stun.XOR_PEER_ADDRESS, stun.DATA])
def test_an_indication_that_lacks_something_or_asks_for_more_is_refused(missing: int) -> None:
    values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(("192.0.2.1", 1), TRANSACTION)), (stun.DATA, b"x")]
    some_of_it = [pair for pair in values if pair[0] != missing]
    for wrong in (some_of_it, [*values, (0x7001, b"")]):
        with pytest.raises(StunError):
            read_send(build(Method.SEND, Kind.INDICATION, TRANSACTION, wrong))


def test_an_indication_with_half_an_attribute_behind_it_is_refused() -> None:
    values = [(stun.XOR_PEER_ADDRESS, stun.xor_address(("192.0.2.1", 1), TRANSACTION)), (stun.DATA, b"data")]
    built = build(Method.SEND, Kind.INDICATION, TRANSACTION, values)
    read_send(built)
    longer = built[:2] + (len(built) - 20 + 2).to_bytes(2, "big") + built[4:] + b"\0\0"
    with pytest.raises(StunError):
        read_send(longer)


@given(some.binary(max_size=100), attributes)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_media_or_a_stun_error(data: bytes, values: list[tuple[int, bytes]]) -> None:
    for stream in (data, build(Method.SEND, Kind.INDICATION, TRANSACTION, values) + data[:4]):
        with suppress(StunError):
            read_send(stream)
        with suppress(StunError):
            read_channel_data(stream)


@given(numbers, payloads, some.booleans())
def test_channel_data_is_read_as_it_was_written(number: int, payload: bytes, padded: bool) -> None:
    packed = channel_data(number, payload, padded=padded)
    assert read_channel_data(packed) == (number, payload)
    assert not padded or len(packed) % 4 == 0


@pytest.mark.parametrize(
    "data", [b"", b"\x40\0\0", b"\x40\0\0\1", b"\x3f\xff\0\0", b"\x7f\xff\0\0", b"\x80\0\0\0"]
)
def test_what_is_no_channel_data_is_told_so(data: bytes) -> None:
    with pytest.raises(StunError):
        read_channel_data(data)


# Streams

whole = some.one_of(
    some.builds(lambda number, payload: channel_data(number, payload), numbers, payloads),
    some.builds(lambda values: build(Method.SEND, Kind.INDICATION, TRANSACTION, values), attributes),
)


@given(some.lists(whole, max_size=6), some.data())
@settings(max_examples=200, deadline=None)
def test_any_split_of_a_stream_gives_the_same_packets(packets: list[bytes], data: some.DataObject) -> None:
    stream = b"".join(packet + bytes(-len(packet) % 4) for packet in packets)
    cuts = data.draw(some.lists(some.integers(0, len(stream)), max_size=12))
    splitter, found, start = Splitter(), [], 0
    for end in [*sorted(cuts), len(stream)]:
        found += splitter.feed(stream[start:end])
        start = end
    assert found == packets


def test_byte_by_byte_is_one_more_way_to_split() -> None:
    packets = [vectors.REQUEST, channel_data(0x4001, b"abcde"), vectors.SHA256]
    splitter = Splitter()
    stream = b"".join(packet + bytes(-len(packet) % 4) for packet in packets)
    assert [packet for byte in stream for packet in splitter.feed(bytes((byte,)))] == packets


@pytest.mark.parametrize(
    "stream",
    [
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"\x80\0\0\0",
        b"\xff\xff\xff\xff",
        vectors.REQUEST[:7] + b"\x43",
        b"\0\1\0\2\x21\x12\xa4\x42",
        b"\0\1" + (MOST - 16).to_bytes(2, "big") + b"\x21\x12\xa4\x42",
        b"\x40\0" + (MOST - 3).to_bytes(2, "big"),
    ],
)
def test_a_stream_of_something_else_or_of_too_large_packets_is_refused_at_its_head(stream: bytes) -> None:
    splitter = Splitter()
    for byte in stream[:3]:
        assert splitter.feed(bytes((byte,))) == []
    with pytest.raises(StunError):
        splitter.feed(stream[3:8])


@given(some.lists(some.binary(max_size=64), max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_no_more_than_one_packet_is_held(chunks: list[bytes]) -> None:
    splitter = Splitter(most=100)
    with suppress(StunError):
        for chunk in chunks:
            splitter.feed(chunk)
            assert len(splitter._held) < 100 + 4
