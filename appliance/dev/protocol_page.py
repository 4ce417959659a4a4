"""The parts of `docs/protocol.md` that follow from the types; the prose is in `protocol.md.in`."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import inspect as shapes

from appliance.config.limits import Limits
from appliance.dev.examples import example
from appliance.dev.protocol_notes import CLOSING, EXCHANGES, RETRY
from appliance.dev.vocabulary import feature_modules, structs_of
from appliance.kernel.option_sources import declared
from appliance.wire import codec, frames
from appliance.wire.codec import Answer, Body, Command, Event, Noun
from appliance.wire.typescript import BASES, StructType, Vocabulary, doc_of, fields_of, tag_of

TEMPLATE = Path(__file__).with_name("protocol.md.in")

NAMED: tuple[tuple[str, Any], ...] = (("Id", codec.Id), ("ClientId", codec.ClientId), ("Seq", codec.Seq))

PLAIN: dict[type[shapes.Type], str] = {
    shapes.StrType: "string",
    shapes.IntType: "integer",
    shapes.FloatType: "number",
    shapes.BoolType: "boolean",
    shapes.NoneType: "null",
    shapes.RawType: "[content](#words-and-forms)",
}

# Between the server and its own machine, so no client ever meets them.
INWARD = ("limits.database_wait_seconds", "limits.argon2_memory_mib", "limits.argon2_threads")


def render(words: Vocabulary) -> str:
    """The whole page. Raises KeyError for a mark in the template that nothing fills."""
    parts: dict[str, Callable[[Vocabulary], str]] = {
        "limits": lambda _: _limits(),
        "errors": _errors,
        "close codes": _close_codes,
        "routes": _routes,
        "frames": _frames,
    }
    return re.sub(r"\{\{([a-z ]+)\}\}", lambda mark: parts[mark[1]](words), TEMPLATE.read_text())


def _frames(words: Vocabulary) -> str:
    """All Structs, by the module that speaks them, what is sent before what comes back."""
    return "\n\n".join(_chapter(words, module) for module in (frames, *feature_modules("model")))


def _chapter(words: Vocabulary, module: ModuleType) -> str:
    title = "Connection" if module is frames else (module.__doc__ or "").partition(":")[0]
    order: tuple[StructType, ...] = (Command, Answer, Event, Body, Noun)

    def rank(struct: StructType) -> int:
        return next((i for i, base in enumerate(order) if issubclass(struct, base)), len(order))

    return "\n\n".join([f"### {title}", *(_entry(words, s) for s in sorted(structs_of(module), key=rank))])


def _entry(words: Vocabulary, struct: StructType) -> str:
    shown = f"```json\n{pretty(example(words, struct))}\n```"
    rows = [(f"`{p.encode_name}`", _type(words, struct, p), _when_absent(p)) for p in fields_of(struct)]
    fields = _table(("field", "type", "when absent"), rows) if rows else "No other fields."
    return f"#### {_heading(struct)}\n\n{doc_of(struct)}\n\n{fields}\n\n{shown}"


def _heading(struct: StructType) -> str:
    for base, word in ((Command, "Command"), (Answer, "Answer"), (Event, "Event")):
        if issubclass(struct, base):
            return f"{word} `{struct.__struct_config__.tag}`"
    tag = tag_of(struct)
    return f"{struct.__name__} (`{tag[0]}`: `{tag[1]}`)" if tag else struct.__name__


def _link(struct: StructType) -> str:
    """A link to the entry, by the anchor that GitHub and others make of its heading."""
    anchor = re.sub(r"[^a-z0-9_ -]", "", _heading(struct).lower()).replace(" ", "-")
    return f"[{struct.__name__}](#{anchor})"


def _type(words: Vocabulary, struct: StructType, part: shapes.Field) -> str:
    exact = words.exact.get(f"{struct.__name__}.{part.encode_name}")
    if exact == "ErrorCode":
        return "one of the [codes](#errors)"
    named = {each.__name__: each for each in words.structs}
    parts = [named[each] for each in (exact or "").removesuffix("[]").split(" | ") if each in named]
    if exact and parts:
        return ("array of " if exact.endswith("[]") else "") + " or ".join(map(_link, parts))
    return _kind(part.type) + _bounds(part.type)


def _kind(kind: shapes.Type) -> str:
    for name, alias in NAMED:
        if kind == shapes.type_info(alias):
            return f"[{name}](#words-and-forms)"
    if plain := PLAIN.get(type(kind)):
        return plain
    match kind:
        case shapes.LiteralType(values=values):
            return ", ".join(f'`"{value}"`' for value in values)
        case shapes.ListType(item_type=item):
            return f"array of {_kind(item)}"
        case shapes.DictType(key_type=key, value_type=value):
            return f"object, {_kind(key)} to {_kind(value)}"
        case shapes.UnionType(types=types):
            return " or ".join(_kind(part) for part in types)
        case shapes.StructType(cls=cls):
            return "any event of a log" if cls in BASES else _link(cls)
    raise TypeError(f"no words for {kind!r}: teach appliance/dev/protocol_page.py")


def _bounds(kind: shapes.Type) -> str:
    low: int | float | None
    high: int | float | None
    match kind:
        case shapes.StrType(pattern=None, min_length=low, max_length=high):
            unit = " characters"
        case (
            shapes.ListType(min_length=low, max_length=high)
            | shapes.DictType(min_length=low, max_length=high)
        ):
            unit = " entries"
        case shapes.IntType(ge=low, le=high) if high is not None and high < 2**53 - 1:
            unit = ""
        case _:
            return ""
    return "" if high is None else f", {low or 0:,} to {high:,}{unit}"


def _when_absent(part: shapes.Field) -> str:
    if part.required:
        return "never absent"
    default = part.default if part.default_factory is msgspec.NODEFAULT else part.default_factory()
    return f"`{json.dumps(default)}`"


def pretty(value: Any, indent: str = "", width: int = 100) -> str:
    """JSON that stays on one line as long as it fits, for people to read."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= width or not isinstance(value, dict | list) or not value:
        return line
    deeper = indent + "  "
    if isinstance(value, list):
        return _broken("[]", (pretty(item, deeper, width) for item in value), indent)
    return _broken("{}", (f"{json.dumps(k)}: {pretty(v, deeper, width)}" for k, v in value.items()), indent)


def _broken(brackets: str, items: Iterable[str], indent: str) -> str:
    inner = ",\n".join(f"{indent}  {item}" for item in items)
    return f"{brackets[0]}\n{inner}\n{indent}{brackets[1]}"


def _limits() -> str:
    rows = [
        (f"`{key.removeprefix('limits.')}`", f"{default:,}", option.help)
        for key, option, default in declared(Limits, "limits.")
        if key not in INWARD
    ]
    return _table(("limit", "default", "what"), rows)


def _errors(words: Vocabulary) -> str:
    rows = [
        (f"`{spec.code}`", str(spec.status), spec.text, RETRY.get(spec.code, "no"))
        for spec in words.errors.values()
        if spec.kind != "protocol"
    ]
    return _table(("code", "HTTP status", "text", "try again by itself"), rows)


def _close_codes(words: Vocabulary) -> str:
    rows = [
        (str(spec.close), f"`{spec.code}`", spec.text, CLOSING[spec.code])
        for spec in sorted(words.errors.values(), key=lambda spec: spec.close)
        if spec.close
    ]
    return _table(("code", "reason", "meaning", "what the client does"), rows)


def _routes(words: Vocabulary) -> str:
    links = {struct.__name__: _link(struct) for struct in words.structs}
    rows = [
        (
            f"`{e.route}`",
            e.who,
            links[e.body] if e.body else e.sends,
            links[e.answer] if e.answer else e.gives,
        )
        for e in EXCHANGES
    ]
    return _table(("route", "for", "body", "answer"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
