"""Options: how a TOML file and the environment become frozen dataclasses, and every mistake in them is told.

An option is a dataclass field made by `text`, `whole`, `choice`, `path` or `networks` below; `tables`
declares the same options once for each of several tables that the admin names.
"""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any

Network = IPv4Network | IPv6Network


class Wrong(Exception):
    """What is wrong with one value, in words for the admin."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: `where` ("safevoice.toml:3" or "environment"), the `key` as written there, and why."""

    where: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key + ': ' if self.key else ''}{self.text}"


class ConfigError(Exception):
    """All mistakes at once, so that nobody has to start ten times to find ten of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"The configuration has {count}:{lines}")


@dataclass(frozen=True, slots=True)
class Option:
    """How one option is read. `from_text` turns an environment variable into what TOML would give;
    `read(value, base)` checks and converts that, paths being relative to `base`."""

    help: str
    allowed: str
    example: str
    read: Callable[[Any, Path], Any]
    from_text: Callable[[str], Any] = str
    secret: bool = False


def _field(default: Any, option: Option) -> Any:
    return dataclasses.field(default=default, repr=not option.secret, metadata={"option": option})


def option_of(field: "dataclasses.Field[Any]") -> Option | None:
    """The option that a dataclass field declares, if it does."""
    option = field.metadata.get("option")
    return option if isinstance(option, Option) else None


TABLE_NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
"""No underscore: else it could not be told where the name ends in an environment variable."""


def tables(section: type[Any]) -> Any:
    """Tables `[key.NAME]` that all have the options of the dataclass `section`; a mapping by their names."""
    return dataclasses.field(default_factory=lambda: MappingProxyType({}), metadata={"tables": section})


def tables_of(field: "dataclasses.Field[Any]") -> type[Any] | None:
    """What each table of a field made by `tables` holds."""
    section = field.metadata.get("tables")
    return section if isinstance(section, type) else None


def _is_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("not a text")
    return value


def text(
    default: str,
    help: str,
    *,
    allowed: str = "a text",
    check: Callable[[str], object] | None = None,
    example: str = "",
    secret: bool = False,
) -> Any:
    """A text; `check` raises `Wrong` or ValueError where it is not allowed. A `secret` is never shown,
    and may also be given as `NAME_file`, the file that holds it."""

    def read(value: Any, base: Path) -> str:
        given = _is_text(value)
        if given and check:
            check(given)
        return given

    return _field(default, Option(help, allowed, f'"{example or default}"', read, secret=secret))


def choice(default: str, choices: tuple[str, ...], help: str, *, example: str = "") -> Any:
    """One of a few words."""

    def read(value: Any, base: Path) -> str:
        if _is_text(value) not in choices:
            raise Wrong("not one of them")
        return str(value)

    allowed = "one of " + ", ".join(f'"{word}"' for word in choices)
    return _field(default, Option(help, allowed, f'"{example or default}"', read))


def whole(default: int, help: str, *, least: int = 0, most: int) -> Any:
    """A whole number within bounds."""

    def read(value: Any, base: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong("not a whole number")
        if not least <= value <= most:
            raise Wrong("out of bounds")
        return value

    def from_text(value: str) -> int:
        try:
            return int(value)
        except ValueError:
            raise Wrong("not a whole number") from None

    return _field(
        default, Option(help, f"a whole number from {least} to {most}", str(default), read, from_text)
    )


def file(help: str, *, example: str) -> Any:
    """A file that has to be there and can be read; none by default."""
    return path(None, help, example=example, must_be_file=True)


def path(default: Path | None, help: str, *, example: str, must_be_file: bool = False) -> Any:
    """A path, relative to the folder of the file that says it (or to the working folder)."""

    def read(value: Any, base: Path) -> Path | None:
        if not _is_text(value):
            return default
        found = (base / Path(value).expanduser()).absolute()
        if must_be_file:
            try:
                found.open("rb").close()
            except OSError as error:
                raise Wrong(f"cannot be read ({error.strerror})") from None
        return found

    allowed = "a readable file" if must_be_file else "a path"
    return _field(default, Option(help, allowed, f'"{example}"', read))


def networks(help: str, *, example: str) -> Any:
    """IP addresses and networks in CIDR notation (RFC 4632), none by default."""

    def read(value: Any, base: Path) -> tuple[Network, ...]:
        if not isinstance(value, list):
            raise Wrong("not a list")
        return tuple(_network(item) for item in value)

    def from_text(value: str) -> list[str]:
        return [item.strip() for item in value.split(",") if item.strip()]

    allowed = 'a list of addresses or networks, such as "127.0.0.1" or "10.0.0.0/8"'
    return _field((), Option(help, allowed, example, read, from_text))


def _network(item: Any) -> Network:
    try:
        network = ip_network(_is_text(item), strict=False)
    except ValueError:
        raise Wrong(f"{item!r} is not an address or network") from None
    if network.prefixlen == 0:
        raise Wrong(f"{item!r} is everybody: then anyone could forge the address they come from")
    return network
