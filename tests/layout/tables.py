"""Who may write and read which table, found in the SQL inside the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_CREATED = re.compile(r"\bCREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_ALTERED = re.compile(r"\b(?:ALTER|DROP)\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+(?!SET\b)(\w+)"
)
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_SHAPED = re.compile(r"\b(?:CREATE|ALTER|DROP)\s+(?:VIRTUAL\s+)?TABLE\b")
_COMMENT = re.compile(r"--[^\n]*")


def owners(migrations: dict[str, str]) -> dict[str, str]:
    """The owner of each table: the name in `0003_rooms.sql`. `migrations`: file name to SQL."""
    return {
        table: owner_of(name)
        for name, sql in sorted(migrations.items())
        for table in _CREATED.findall(_COMMENT.sub("", sql))
    }


def owner_of(name: str) -> str:
    """ "rooms" of "0003_rooms.sql", or of "0007_rooms_topics.sql"."""
    return name.removesuffix(".sql").split("_")[1]


def foreign_alterations(migrations: dict[str, str]) -> list[str]:
    """Migrations that change a table of another owner."""
    owned = owners(migrations)
    return [
        f"{name} changes {table}, which is {owned[table]}'s"
        for name, sql in sorted(migrations.items())
        for table in _ALTERED.findall(_COMMENT.sub("", sql))
        if table in owned and owned[table] != owner_of(name)
    ]


def statements(source: str) -> Iterator[str]:
    """Every string in `source` that is not a docstring; what an f-string fills in is `?`."""
    tree = ast.parse(source)
    passed = {
        id(part)
        for node in ast.walk(tree)
        for part in (
            [node.value]
            if isinstance(node, ast.Expr)
            else node.values
            if isinstance(node, ast.JoinedStr)
            else []
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.value


def refusals(file: Path, source: str, owned: dict[str, str], order: tuple[str, ...]) -> list[str]:
    """What `file` (relative to the package's root) may not say to the database."""
    place = file.parts[0]
    feature = file.parts[1] if place == "features" and len(file.parts) > 2 else ""
    found = []
    for sql in statements(source):
        for table in _WRITTEN.findall(sql):
            owner = owned.get(table, "kernel")
            home = Path("features", owner, "store.py")
            if (place != "kernel") if owner == "kernel" else (file != home):
                found.append(f"{file} writes {table}, which is {owner}'s")
        for table in _READ.findall(sql):
            owner = owned.get(table, "kernel")
            if owner != "kernel" and not _may_read(place, feature, owner, order):
                found.append(f"{file} reads {table}, which is {owner}'s")
        if _SHAPED.search(sql) and place != "kernel":
            found.append(f"{file} shapes tables, which only migrations do")
    return found


def _may_read(place: str, feature: str, owner: str, order: tuple[str, ...]) -> bool:
    if feature:
        return order.index(owner) <= order.index(feature)
    return place in ("dev", "app.py")
