"""Everything that is said between server and clients, collected from where it is defined."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Literal, get_args, get_origin

import msgspec

from appliance.features import ORDER
from appliance.kernel.errors import ERRORS
from appliance.wire import frames
from appliance.wire.typescript import StructType, Vocabulary

EXACT = {
    # wire/ knows no feature, so its fields are typed wider than what is ever sent.
    "Welcome.summaries": "Summary[]",
    "Replayed.summaries": "Summary[]",
    "Error.code": "ErrorCode",
    # What people may say; the rest of Content comes from the server alone.
    "Post.content": "Text | Voice",
    "Edit.content": "Text",
}


def gather() -> Vocabulary:
    """The words of the wire and of each feature, in the order of the ladder."""
    modules = [*feature_modules("model"), frames]
    return Vocabulary(
        structs=[struct for module in modules for struct in structs_of(module)],
        constants={name: value for module in modules for name, value in _constants(module)},
        literals={name: value for module in modules for name, value in _literals(module)},
        content=_content(modules),
        errors=ERRORS,
        exact=EXACT,
    )


def feature_modules(layer: str) -> list[ModuleType]:
    """The given layer of each feature that has it, in ORDER."""
    names = [f"appliance.features.{feature}.{layer}" for feature in ORDER]
    return [import_module(name) for name in names if find_spec(name.rpartition(".")[0]) and find_spec(name)]


def _own(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Public names in order of definition; imported Structs belong to the module they come from."""
    for name, value in vars(module).items():
        if not name.startswith("_"):
            yield name, value


def structs_of(module: ModuleType) -> list[StructType]:
    """The Structs that `module` defines, in order."""
    return [
        value
        for name, value in _own(module)
        if inspect.isclass(value)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
        and value.__name__ == name  # an alias (Content = Text) is not one more Struct
    ]


def _constants(module: ModuleType) -> list[tuple[str, int | str]]:
    return [(n, v) for n, v in _own(module) if n.isupper() and isinstance(v, int | str)]


def _literals(module: ModuleType) -> list[tuple[str, object]]:
    return [(n, v) for n, v in _own(module) if get_origin(v) is Literal]


def _content(modules: list[ModuleType]) -> list[StructType]:
    for module in modules:
        if content := getattr(module, "Content", None):
            return list(get_args(content)) or [content]
    return []
