"""Where options come from: a TOML file, then the environment, which wins. Collects every problem."""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.kernel import toml_lines
from appliance.kernel.options import TABLE_NAME, Option, Problem, Wrong, option_of, tables_of

PREFIX = "SAFEVOICE_"
_KEPT = "SAFEVOICE_CONFIG"
# Kubernetes sets these by itself for a service that is called "safevoice".
_NOT_OURS = re.compile(r"SAFEVOICE_(SERVICE_(HOST|PORT)|PORT_\d).*|SAFEVOICE_PORT=\w+://.*")


def declared(section: type[Any], prefix: str = "") -> Iterator[tuple[str, Option, Any]]:
    """Every option of a dataclass and of the dataclasses in it: dotted key, option, default. Where the admin
    names tables, a star stands for the name."""
    for each in dataclasses.fields(section):
        option, table = option_of(each), tables_of(each)
        if option:
            yield prefix + each.name, option, each.default
        elif table:
            yield from declared(table, f"{prefix}{each.name}.*.")
        elif dataclasses.is_dataclass(each.default):
            yield from declared(type(each.default), f"{prefix}{each.name}.")


def env_name(key: str) -> str:
    """The environment variable that sets the option `key`."""
    return PREFIX + key.replace(".", "_").upper()


@dataclass
class Sources:
    """What was given so far. `options` and `values` by dotted key; `places` says where each was written,
    `tables` where each table that the admin named begins."""

    options: dict[str, Option]
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def refuse(self, key: str, text: str) -> None:
        """Note that the value of `key` cannot stand."""
        self.refused.add(key)
        where = self.places.get(key) or self.tables.get(key, "default")
        self.problems.append(Problem(where, key, text))

    def named(self, prefix: str) -> list[str]:
        """The names of the tables below `prefix`, in the order they were given."""
        return [key.removeprefix(prefix) for key in self.tables if key.startswith(prefix)]

    def read_file(self, file: Path, shown: str) -> None:
        """Take every option from a TOML file; `shown` is what messages call it."""
        try:
            text = file.read_bytes().decode()
            tree = tomllib.loads(text)
        except OSError as error:
            self.problems.append(Problem(shown, "", f"cannot be read ({error.strerror})"))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.problems.append(Problem(f"{shown}:{line}", "", "is not UTF-8"))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
            line = int(at[1]) if at and at[1] else text.count("\n") + 1
            why = str(error)[: at.start()] if at else str(error)
            self.problems.append(Problem(f"{shown}:{line}", "", f"is not TOML: {why}"))
        else:
            self._take_table((), tree, toml_lines.key_lines(text), shown, file.absolute().parent)

    def _take_table(
        self,
        path: tuple[str, ...],
        table: dict[str, Any],
        lines: dict[tuple[str, ...], int],
        shown: str,
        base: Path,
    ) -> None:
        for name, value in table.items():
            here = (*path, name)
            key = ".".join(here)
            where = f"{shown}:{lines.get(here, 1)}"
            declared_as = self._declared_as(key)
            if declared_as in self.options:
                self._take(key, value, where, base, key)
            elif declared_as.endswith(".*") and not TABLE_NAME.fullmatch(name):
                allowed = "lower-case letters and digits, at most 20, a letter first"
                self.problems.append(Problem(where, key, f"cannot be a name. Allowed: {allowed}"))
            elif any(known.startswith(declared_as + ".") for known in self.options):
                if not isinstance(value, dict):
                    self.problems.append(Problem(where, key, f"is a section; write it as [{key}]"))
                    continue
                if declared_as.endswith(".*"):
                    self.tables.setdefault(key, where)
                self._take_table(here, value, lines, shown, base)
            else:
                self.problems.append(Problem(where, key, self._unknown(key, self._known_beside(key))))

    def read_environment(self, environ: Mapping[str, str]) -> None:
        """Take every option from variables that begin with `SAFEVOICE_`."""
        names = {env_name(key): key for key in self.options if "*" not in key}
        for name, text in environ.items():
            if not name.startswith(PREFIX) or name == _KEPT or _NOT_OURS.fullmatch(f"{name}={text}"):
                continue
            key = names.get(name) or self._in_named_table(name)
            if not key:
                known = [*names, *map(env_name, self._in_tables())]
                self.problems.append(Problem("environment", name, self._unknown(name, known)))
                continue
            try:
                value = self.options[self._declared_as(key)].from_text(text)
            except Wrong as wrong:
                self._reject(key, "environment", name, text, wrong)
            else:
                self._take(key, value, "environment", Path.cwd(), name)

    def _in_named_table(self, variable: str) -> str:
        """The key that a variable sets in a table of the admin's, which it may also be the first to name."""
        for key in self.options:
            first, star, last = key.partition(".*.")
            found = star and re.fullmatch(
                f"{env_name(first)}_([A-Z][A-Z0-9]*)_{last.replace('.', '_').upper()}", variable
            )
            if found and TABLE_NAME.fullmatch(found[1].lower()):
                table = f"{first}.{found[1].lower()}"
                self.tables.setdefault(table, "environment")
                return f"{table}.{last}"
        return ""

    def _declared_as(self, key: str) -> str:
        """`key` with a star in place of the name that an admin gave a table."""
        first, dot, rest = key.partition(".")
        _, more, last = rest.partition(".")
        named = dot and any(known.startswith(f"{first}.*.") for known in self.options)
        return f"{first}.*{more}{last}" if named else key

    def _in_tables(self) -> list[str]:
        """Every option of the tables that the admin named, and as an example of one more."""
        names = [*(key.rpartition(".")[2] for key in self.tables), "NAME"]
        return [key.replace("*", name) for key in self.options if "*" in key for name in names]

    def _known_beside(self, key: str) -> list[str]:
        """Every option, as it would be called in the table that `key` stands in."""
        _, _, rest = key.partition(".")
        return [known.replace("*", rest.partition(".")[0] or "NAME") for known in self.options]

    def _take(self, key: str, value: Any, where: str, base: Path, written: str) -> None:
        option = self.options[self._declared_as(key)]
        try:
            self.values[key] = option.read(value, base)
        except (Wrong, ValueError) as wrong:
            self._reject(key, where, written, value, wrong)
        else:
            self.places[key] = where

    def _reject(self, key: str, where: str, written: str, value: Any, wrong: Exception) -> None:
        self.refused.add(key)
        self.problems.append(
            Problem(where, written, _says(self.options[self._declared_as(key)], value, wrong))
        )

    def _unknown(self, key: str, known: list[str]) -> str:
        bare = {name.rpartition(".")[2]: name for name in known}
        near = difflib.get_close_matches(key, known, 1, 0.7)
        near = near or [
            bare[name] for name in difflib.get_close_matches(key.rpartition(".")[2], bare, 1, 0.7)
        ]
        if near:
            return f"there is no such option; did you mean {near[0]}?"
        section = key.rpartition(".")[0]
        beside = [name for name in known if name.rpartition(".")[0] == section]
        return "there is no such option. Allowed here: " + ", ".join(sorted(beside or known))


def _says(option: Option, value: Any, wrong: Exception) -> str:
    shown = "the value" if option.secret else repr(value)
    if len(shown) > 80:
        shown = shown[:77] + "..."
    return f"{shown} is refused: {wrong}. Allowed: {option.allowed}"
