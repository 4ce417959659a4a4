"""Whatever bytes arrive, decoding ends in a frame or in one kind of error."""

import json
from contextlib import suppress
from typing import Any, Union

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from appliance.dev.examples import example
from appliance.dev.vocabulary import gather
from appliance.wire.codec import Body, Command
from appliance.wire.decode import decode

WORDS = gather()
COMMANDS: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Union[tuple(WORDS.kinds(Command))])  # noqa: UP007
BODIES: list[msgspec.json.Decoder[Any]] = [msgspec.json.Decoder(body) for body in WORDS.kinds(Body)]
EXAMPLES = [json.dumps(example(WORDS, struct)).encode() for struct in WORDS.kinds(Command)]
OPS = sorted(str(struct.__struct_config__.tag) for struct in WORDS.kinds(Command))
FIELDS = sorted({name for struct in WORDS.kinds(Command) for name in struct.__struct_fields__})

ROOM = "0" * 26
POST = b'{"op":"post","client_id":"0123456789abcdef","room":"%s","content":%%s}' % ROOM.encode()
READ = b'{"op":"read","room":"%s","seq":%%s}' % ROOM.encode()

numbers = some.one_of(
    some.integers(-(10**400), 10**400), some.sampled_from([2**53, 2**63, 2**64, -1]), some.floats()
)
leaves = some.one_of(some.none(), some.booleans(), numbers, some.text(), some.sampled_from([ROOM, *OPS]))
values = some.recursive(
    leaves, lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner), max_leaves=8
)
almost_commands = some.fixed_dictionaries(
    {"op": some.sampled_from(OPS) | values}, optional={name: values for name in FIELDS if name != "op"}
)


def refused_or_read(received: bytes) -> None:
    for decoder in (COMMANDS, *BODIES):
        with suppress(msgspec.DecodeError):
            decode(decoder, received)


@given(some.binary(max_size=200))
def test_random_bytes(received: bytes) -> None:
    refused_or_read(received)


@given(some.text(alphabet=some.characters(codec=None)))
def test_random_strings_even_with_lone_surrogates(text: str) -> None:
    refused_or_read(text.encode("utf-8", "surrogatepass"))
    refused_or_read(json.dumps({"op": "ping", "id": text}).encode())


@given(values | almost_commands)
@settings(max_examples=300)
def test_any_json_and_what_is_nearly_a_command(value: Any) -> None:
    refused_or_read(json.dumps(value).encode())


@given(some.sampled_from(EXAMPLES), some.data())
@settings(max_examples=300)
def test_good_commands_with_a_piece_replaced_by_noise(good: bytes, data: some.DataObject) -> None:
    start = data.draw(some.integers(0, len(good)))
    end = data.draw(some.integers(start, min(len(good), start + 12)))
    refused_or_read(good[:start] + data.draw(some.binary(max_size=12)) + good[end:])


BAD = {
    "nothing": b"",
    "no object": b'["op","ping"]',
    "no op": b"{}",
    "unknown op": b'{"op":"dance"}',
    "a number as op": b'{"op":' + b"9" * 5000 + b"}",
    "two frames": b'{"op":"ping"}{"op":"ping"}',
    "a byte order mark": b'\xef\xbb\xbf{"op":"ping"}',
    "cut off": b'{"op":"ping"',
    "not UTF-8": b'{"op":"ping","id":"\xff\xfe"}',
    "not UTF-8 in op": b'{"op":"\xff"}',
    "not UTF-8 in content": POST % b'{"type":"text","text":"\xff\xfe"}',
    "a surrogate as UTF-8": b'{"op":"ping","id":"\xed\xa0\x80"}',
    "a lone surrogate": b'{"op":"ping","id":"\\ud800"}',
    "a lone surrogate in content": POST % b'{"type":"text","text":"\\ud800"}',
    "half a surrogate pair": b'{"op":"ping","id":"\\ud800\\u0041"}',
    "deep arrays": POST % (b"[" * 30_000 + b"]" * 30_000),
    "deep arrays that never end": b"[" * 60_000,
    "deep objects": b'{"op":' * 10_000,
    "deep below an unknown field": b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b',"op":"ping"}',
    "a seq beyond 2^53": READ % str(2**53).encode(),
    "a seq of 5,000 digits": READ % (b"9" * 5000),
    "a seq below 0": READ % b"-1",
    "a seq with a fraction": READ % b"1.5",
    "a seq without end": READ % b"1e400",
    "true as seq": READ % b"true",
    "NaN": b'{"op":"report","delivery_ms":[NaN]}',
    "op twice, then another": b'{"op":"ping","op":"report","delivery_ms":[]}',
    "an id in capitals": READ.replace(ROOM.encode(), b"A" * 26) % b"1",
    "an id that ends in a line break": READ.replace(ROOM.encode(), b"0" * 25 + b"\\n") % b"1",
}


@pytest.mark.parametrize("received", BAD.values(), ids=BAD.keys())
def test_it_is_refused(received: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(COMMANDS, received)


def test_of_a_field_given_twice_the_last_counts() -> None:
    assert decode(COMMANDS, b'{"op":"ping","id":"1","id":"2"}').id == "2"


def test_text_may_hold_any_character_even_those_that_break_others() -> None:
    text = "\x00\u2028\u2029\u202e\ufeff\U0010ffff</script>"
    assert decode(COMMANDS, json.dumps({"op": "ping", "id": text}).encode()).id == text
