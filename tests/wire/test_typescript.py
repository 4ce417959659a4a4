"""Struct types become the TypeScript that a reader of the wire needs."""

from typing import Annotated, Literal

import msgspec
import pytest

from appliance.kernel.errors import Spec
from appliance.wire.codec import Answer, Body, Command, Lasting, LogEvent, Noun
from appliance.wire.typescript import Vocabulary, render

Mood = Literal["sunny", "rainy"]


class Leaf(Noun, kw_only=True, frozen=True):
    """A leaf, which */ must not end early."""

    id: str
    veins: int = 0
    fallen_at: int | None = None
    rest: str | None


class Plant(Lasting, tag="plant", kw_only=True, frozen=True):
    """Put something into the earth."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    mood: Mood = "sunny"
    bed: str | None = None
    content: msgspec.Raw


class Grown(LogEvent, tag="grown", frozen=True):
    """It grew."""

    leaves: list[Leaf]
    heights: dict[str, float]
    either: list[str | int] = msgspec.field(default_factory=list)


class Look(Command, tag="look", frozen=True):
    """Look."""


class Seen(Answer, tag="seen", frozen=True):
    """What there is."""

    events: list[LogEvent]


class Sow(Body, kw_only=True, frozen=True):
    """Seeds."""

    count: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1


class Words(msgspec.Struct, tag_field="type", tag="words", frozen=True):
    """Words."""

    text: str


WORDS = Vocabulary(
    structs=[Leaf, Plant, Grown, Look, Seen, Sow, Words],
    constants={"MOST": 7, "WHO": "it's"},
    literals={"Mood": Mood},
    content=[Words],
    errors={
        "wilted": Spec("wilted", 410, "protocol", "Gone.", close=4410),
        "dry": Spec("dry", 409, "user", "Dry."),
    },
    exact={"Seen.events": "Grown[]"},
)


@pytest.fixture(scope="module")
def text() -> str:
    return render(WORDS)


def interface(text: str, name: str) -> list[str]:
    inside = text.split(f"export interface {name} {{\n")[1].split("\n}")[0]
    return [line.strip() for line in inside.split("\n")]


def test_a_field_with_a_default_is_optional_and_one_without_is_not(text: str) -> None:
    assert interface(text, "Leaf") == [
        "id: string;",
        "veins?: number;",
        "fallen_at?: number;",
        "rest: string | null;",
    ]


def test_a_command_may_be_sent_with_the_null_that_is_its_default(text: str) -> None:
    assert "bed?: string | null;" in interface(text, "Plant")


def test_a_frame_begins_with_its_op_and_what_all_of_its_kind_share(text: str) -> None:
    assert interface(text, "Plant")[:3] == ["op: 'plant';", "id?: string;", "client_id: string;"]
    assert interface(text, "Grown")[:3] == ["op: 'grown';", "log: string;", "seq: number;"]
    assert interface(text, "Words")[0] == "type: 'words';"


def test_raw_bytes_are_content_and_named_choices_keep_their_name(text: str) -> None:
    assert "content: Content;" in interface(text, "Plant")
    assert "mood?: Mood;" in interface(text, "Plant")
    assert "export type Mood = 'sunny' | 'rainy';" in text


def test_lists_and_maps_hold_what_they_hold(text: str) -> None:
    assert interface(text, "Grown")[3:] == [
        "leaves: Leaf[];",
        "heights: Record<string, number>;",
        "either?: (string | number)[];",
    ]


def test_a_field_that_python_types_too_widely_gets_its_exact_type(text: str) -> None:
    assert "events: Grown[];" in interface(text, "Seen")


@pytest.mark.parametrize(
    "union",
    [
        "Content = Words",
        "Lasting = Plant",
        "Command = Lasting | Look",
        "Answer = Seen",
        "LogEvent = Grown",
        "Event = LogEvent",
        "Frame = Answer | Event",
        "ErrorCode = 'wilted' | 'dry'",
    ],
)
def test_readers_tell_frames_apart_by_unions(text: str, union: str) -> None:
    assert f"export type {union};" in text


def test_only_errors_that_close_a_socket_have_a_close_code(text: str) -> None:
    assert "export const CLOSE = {\n  wilted: 4410,\n} as const;" in text


def test_limits_that_people_meet_are_told(text: str) -> None:
    assert "  Plant: {\n    name: { minLength: 1, maxLength: 64 },\n  }," in text
    assert "  Sow: {\n    count: { min: 1, max: 9 },\n  }," in text


def test_texts_cannot_break_out_of_quotes_or_comments(text: str) -> None:
    assert "export const WHO = 'it\\'s';" in text
    assert "which */ must" not in text
    assert "which *\\/ must" in text


def test_a_type_that_nobody_taught_it_is_refused_by_name() -> None:
    class Odd(Noun, frozen=True):
        """Odd."""

        raw: bytes

    with pytest.raises(TypeError, match=r"typescript\.py"):
        render(Vocabulary(structs=[Odd]))
