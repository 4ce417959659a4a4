"""The reader of RFC 6455 frames against another one's writer, and against noise."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from websockets.frames import Close, Frame, Opcode

from appliance.edge.rfc6455 import FrameError, FrameReader, close_code, close_frame, pong_frame, text_frame
from tests.edge.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

MAX = 200_000

Message = tuple[int, bytes]

sizes = some.one_of(some.integers(0, 300), some.sampled_from([125, 126, 127, 65535, 65536, 70_000]))
payloads = sizes.map(lambda size: bytes(i * 7 & 0xFF for i in range(size)))
controls = some.tuples(some.sampled_from([PING, PONG]), some.binary(max_size=125))
messages = some.tuples(some.sampled_from([TEXT, BINARY]), payloads)


@some.composite
def conversations(draw: some.DrawFn) -> tuple[bytes, list[Message]]:
    """Bytes as the websockets library's client writes them, and what they say: messages whole or in
    fragments, with control frames between."""
    stream, said = b"", []
    for opcode, payload in draw(some.lists(some.one_of(messages, controls), max_size=6)):
        cuts = [0, 0] if opcode > BINARY else draw(some.lists(some.integers(0, len(payload)), max_size=3))
        edges = [0, len(payload)] if opcode > BINARY else [0, *sorted(cuts), len(payload)]
        last = len(edges) - 2
        for number in range(last + 1):
            part = payload[edges[number] : edges[number + 1]]
            code = Opcode(opcode if number == 0 else CONTINUATION)
            stream += Frame(code, part, fin=number == last).serialize(mask=True)
            if number < last and draw(some.booleans()):
                between = draw(controls)
                said.append(between)
                stream += Frame(Opcode(between[0]), between[1]).serialize(mask=True)
        said.append((opcode, payload))
    return stream, said


@given(conversations(), some.data())
@settings(max_examples=150, deadline=None)
def test_any_split_of_the_stream_gives_the_same_messages(
    conversation: tuple[bytes, list[Message]], data: some.DataObject
) -> None:
    stream, said = conversation
    cuts = data.draw(some.lists(some.integers(0, len(stream)), max_size=12))
    reader, heard, start = FrameReader(MAX), [], 0
    for end in [*sorted(cuts), len(stream)]:
        heard += reader.feed(stream[start:end])
        start = end
    assert heard == said


def test_byte_by_byte_is_one_more_way_to_split() -> None:
    stream = frame(TEXT, b"x" * 130, fin=False) + frame(PING, b"?") + frame(CONTINUATION, b"y")
    reader = FrameReader(MAX)
    heard = [found for byte in stream for found in reader.feed(bytes((byte,)))]
    assert heard == [(PING, b"?"), (TEXT, b"x" * 130 + b"y")]


@given(some.lists(some.binary(max_size=60), max_size=8))
@settings(max_examples=300, deadline=None)
def test_noise_ends_in_a_frame_error_or_in_silence(pieces: list[bytes]) -> None:
    reader = FrameReader(1000)
    with suppress(FrameError):
        for piece in pieces:
            reader.feed(piece)
    for piece in pieces:
        reader.saw_goodbye(piece)


@given(conversations(), some.integers(0, 10_000), some.binary(min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_good_stream_with_a_piece_of_noise_ends_the_same_way(
    conversation: tuple[bytes, list[Message]], at: int, noise: bytes
) -> None:
    stream = bytearray(conversation[0])
    at %= len(stream) + 1
    stream[at : at + len(noise)] = noise
    with suppress(FrameError):
        for opcode, payload in FrameReader(MAX).feed(bytes(stream)):
            if opcode == CLOSE:
                close_code(payload)


BROKEN = {
    "a frame that is not masked": frame(TEXT, b"{}", masked=False),
    "reserved bit 1 (compression)": frame(TEXT, b"{}", reserved=4),
    "reserved bit 2": frame(TEXT, b"{}", reserved=2),
    "reserved bit 3": frame(TEXT, b"{}", reserved=1),
    "reserved bit of a ping": frame(PING, b"", reserved=4),
    "opcode 3": frame(3, b""),
    "opcode 7": frame(7, b""),
    "opcode 11": frame(11, b""),
    "opcode 15": frame(15, b""),
    "a ping of 126 bytes": frame(PING, b"p" * 126),
    "a ping in fragments": frame(PING, b"p", fin=False),
    "a close in fragments": frame(CLOSE, b"", fin=False),
    "a continuation of nothing": frame(CONTINUATION, b"x"),
    "a continuation of nothing, not the last": frame(CONTINUATION, b"x", fin=False),
    "a message inside a message": frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"),
    "a fragmented message inside a message": frame(TEXT, b"a", fin=False) + frame(BINARY, b"b", fin=False),
    "a size with its highest bit set": b"\x81\xff" + b"\xff" * 8,
}


@pytest.mark.parametrize("stream", BROKEN.values(), ids=BROKEN.keys())
def test_it_breaks_the_protocol(stream: bytes) -> None:
    with pytest.raises(FrameError):
        FrameReader(MAX).feed(stream)


def test_too_large_is_known_from_the_header_alone() -> None:
    with pytest.raises(FrameError) as refused:
        FrameReader(1000).feed(b"\x81\xfe" + (1001).to_bytes(2, "big"))
    assert refused.value.code == "ws_too_big"


def test_fragments_count_together() -> None:
    reader = FrameReader(1000)
    assert reader.feed(frame(TEXT, b"x" * 600, fin=False)) == []
    with pytest.raises(FrameError) as refused:
        reader.feed(frame(CONTINUATION, b"x" * 401))
    assert refused.value.code == "ws_too_big"


def test_empty_fragments_without_end_are_refused() -> None:
    reader = FrameReader(1000)
    reader.feed(frame(TEXT, b"", fin=False))
    with pytest.raises(FrameError):
        reader.feed(frame(CONTINUATION, b"", fin=False) * 2000)


def test_after_a_whole_message_the_limit_starts_anew() -> None:
    reader = FrameReader(1000)
    for _ in range(3):
        assert len(reader.feed(frame(TEXT, b"x" * 600, fin=False) + frame(CONTINUATION, b"y" * 400))) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 4000, 4999])
def test_a_close_code_that_a_peer_may_send(code: int) -> None:
    assert close_code(Close(code, "bye").serialize()) == code


def test_a_close_without_a_code() -> None:
    assert close_code(b"") == 1005


BAD_CLOSES = {
    "one byte": b"\x03",
    "0": b"\x00\x00",
    "999": b"\x03\xe7",
    "1004": b"\x03\xec",
    "1005 is only for us to say": b"\x03\xed",
    "1006 is only for us to say": b"\x03\xee",
    "1015 is only for us to say": b"\x03\xf7",
    "1100": b"\x04\x4c",
    "2999": b"\x0b\xb7",
    "5000": b"\x13\x88",
    "65535": b"\xff\xff",
    "a reason that is not UTF-8": b"\x03\xe8\xff\xfe",
}


@pytest.mark.parametrize("payload", BAD_CLOSES.values(), ids=BAD_CLOSES.keys())
def test_a_close_that_nobody_may_send(payload: bytes) -> None:
    with pytest.raises(FrameError):
        close_code(payload)


@given(payloads)
@settings(max_examples=30, deadline=None)
def test_what_we_write_the_library_reads(payload: bytes) -> None:
    written = text_frame(payload)
    assert written == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_a_long_reason_is_cut_to_what_fits() -> None:
    written = close_frame(4401, "x" * 200)
    assert written[1] == 125
    assert len(written) == 127
    assert pong_frame(b"?") == Frame(Opcode.PONG, b"?").serialize(mask=False)


@given(conversations(), some.lists(some.integers(1, 40), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_a_goodbye_is_found_behind_whatever_is_still_coming(
    conversation: tuple[bytes, list[Message]], steps: list[int]
) -> None:
    stream, goodbye = conversation[0], frame(CLOSE, b"\x03\xe8")
    reader, at, turn = FrameReader(MAX), 0, 0
    while at < len(stream):
        size = max(steps[turn % len(steps)], len(stream) // 50)
        assert not reader.saw_goodbye(stream[at : at + size])
        at, turn = at + size, turn + 1
    assert reader.saw_goodbye(goodbye)


def test_a_goodbye_is_found_behind_a_frame_that_was_refused() -> None:
    huge, reader = frame(TEXT, b"\x88" * 5000), FrameReader(1000)
    with pytest.raises(FrameError):
        reader.feed(frame(TEXT, b"fine") + huge[:3000])
    assert not reader.saw_goodbye(huge[3000:4000])
    assert not reader.saw_goodbye(huge[4000:] + frame(TEXT, b"more"))
    assert reader.saw_goodbye(frame(CLOSE))
