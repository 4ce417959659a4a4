"""What is encoded is what is decoded."""

import json
from typing import Any, Union

import msgspec
import pytest

from appliance.dev.examples import example
from appliance.dev.vocabulary import gather
from appliance.features.messages.model import Message
from appliance.wire.codec import Answer, Body, Command, Event, encode
from appliance.wire.typescript import StructType

WORDS = gather()


def decoder_of(base: StructType) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(Union[tuple(WORDS.kinds(base))])  # noqa: UP007


COMMANDS = decoder_of(Command)
ANSWERS = decoder_of(Answer)
EVENTS = decoder_of(Event)


def frames_of(base: StructType) -> list[Any]:
    return [pytest.param(struct, id=struct.__name__) for struct in WORDS.kinds(base)]


def receivable(value: Any) -> Any:
    """`value` with all content null: msgspec writes `Raw | None`, but reads nothing else than null as one."""
    if isinstance(value, list):
        return [receivable(item) for item in value]
    if isinstance(value, dict):
        return {name: None if name == "content" else receivable(item) for name, item in value.items()}
    return value


def without_events(frame: dict[str, Any]) -> dict[str, Any]:
    """A replay types its events by their base, which can be sent but not received: they go one by one."""
    held = [*frame.pop("summaries", []), *(e for log in frame["logs"] for e in log.pop("events", []))]
    for event in held:
        assert json.loads(encode(EVENTS.decode(json.dumps(event)))) == event
    return frame | ({"summaries": []} if frame["op"] == "welcome" else {})


@pytest.mark.parametrize("struct", frames_of(Command))
def test_an_example_of_each_command_comes_through_whole(struct: StructType) -> None:
    sent = example(WORDS, struct)
    got = COMMANDS.decode(json.dumps(sent))
    assert type(got) is struct
    assert json.loads(encode(got)).items() >= sent.items()


@pytest.mark.parametrize("struct", frames_of(Event))
def test_an_example_of_each_event_comes_through_whole(struct: StructType) -> None:
    sent = receivable(example(WORDS, struct))
    got = EVENTS.decode(json.dumps(sent))
    assert type(got) is struct
    assert json.loads(encode(got)) == sent


@pytest.mark.parametrize("struct", frames_of(Answer))
def test_an_example_of_each_answer_comes_through_whole(struct: StructType) -> None:
    sent = receivable(example(WORDS, struct))
    if "logs" in sent:
        sent = without_events(sent)
    got = ANSWERS.decode(json.dumps(sent))
    assert type(got) is struct
    assert json.loads(encode(got)) == sent


@pytest.mark.parametrize("struct", frames_of(Body))
def test_an_example_of_each_body_is_taken(struct: StructType) -> None:
    sent = example(WORDS, struct)
    assert json.loads(encode(msgspec.json.decode(json.dumps(sent), type=struct))).items() >= sent.items()


@pytest.mark.parametrize("struct", [*frames_of(Command), *frames_of(Body)])
def test_a_field_that_nobody_knows_is_refused(struct: StructType) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(json.dumps(example(WORDS, struct) | {"surprise": 1}), type=struct)


@pytest.mark.parametrize("base", [Command, Answer, Event])
def test_no_two_frames_of_one_direction_share_an_op(base: StructType) -> None:
    ops = [struct.__struct_config__.tag for struct in WORDS.kinds(base)]
    assert len(ops) == len(set(ops))


def test_answers_and_events_can_be_told_apart_by_op_alone() -> None:
    ops = [struct.__struct_config__.tag for base in (Answer, Event) for struct in WORDS.kinds(base)]
    assert len(ops) == len(set(ops))


def test_content_is_kept_byte_for_byte_on_its_way_in_and_out() -> None:
    content = b'{ "type":"text",\t"text":"\\u0041\xc3\xa9" }'
    frame = b'{"op":"post","client_id":"0123456789abcdef","room":"%s","content":%s}' % (b"0" * 26, content)
    posted = COMMANDS.decode(frame)
    assert bytes(posted.content) == content
    message = Message(id="m", room="r", seq=1, rev=1, author="a", at=1, content=posted.content)
    assert content in encode(message)


def test_what_stands_at_its_default_is_left_out_by_the_server() -> None:
    message = Message(id="m", room="r", seq=1, rev=2, author="a", at=1, content=None, deleted_at=3)
    assert json.loads(encode(message)) == {
        "id": "m",
        "room": "r",
        "seq": 1,
        "rev": 2,
        "author": "a",
        "at": 1,
        "content": None,
        "deleted_at": 3,
    }
