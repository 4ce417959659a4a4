import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.kernel.toml_lines import key_lines


def paths(table: dict[str, Any], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every key in a parsed file."""
    found: set[tuple[str, ...]] = set()
    for name, value in table.items():
        found.add((*above, name))
        if isinstance(value, dict):
            found |= paths(value, (*above, name))
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb = 2", {"a": 1, "b": 2}),
        ("\n\n# a = 0\n  a = 1 # b = 3\n", {"a": 4}),
        ("[t]\na = 1\n[t.u]\nb = 1", {"t": 1, "t.a": 2, "t.u": 3, "t.u.b": 4}),
        ("t . a = 1\nt.\"b c\" = 2\n'd' = 3", {"t": 1, "t.a": 1, "t.b c": 2, "d": 3}),
        ('a = """\nb = 1\n"""""\nc = 1', {"a": 1, "c": 4}),
        ("a = '''\n[x]\n'''\nc = 1", {"a": 1, "c": 4}),
        ('a = "\\"[x]\\\\"\nc = 1', {"a": 1, "c": 2}),
        ('a = [\n "x]", # ]\n [1, 2,],\n]\nc = 1', {"a": 1, "c": 5}),
        (
            "a = { b = 1, c = [\n1], d = {e = 'x,}'} }\nf = 1",
            {"a": 1, "a.b": 1, "a.c": 1, "a.d": 2, "a.d.e": 2, "f": 3},
        ),
        ("[[t]]\na = 1\n[[t]]\na = 2\nb = 3", {"t": 1, "t.a": 2, "t.b": 5}),
        ("a = 1979-05-27 07:32:00\r\nb = inf\r\n", {"a": 1, "b": 2}),
        ("", {}),
        ("# only this", {}),
    ],
)
def test_every_key_is_found_on_its_line(text: str, lines: dict[str, int]) -> None:
    found = {".".join(path): line for path, line in key_lines(text).items()}
    assert {key: found.get(key) for key in lines} == lines


@settings(deadline=None)
@given(
    st.recursive(
        st.one_of(st.integers(), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=3)),
        lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=8,
    ).filter(lambda tree: isinstance(tree, dict))
)
def test_whatever_tomllib_reads_has_its_lines(tree: dict[str, Any]) -> None:
    text = "\n".join(f"{quoted(key)} = {written(value)}" for key, value in tree.items())
    assert set(key_lines(text)) == paths(tomllib.loads(text))
    assert [key_lines(text)[key,] for key in tree] == list(range(1, len(tree) + 1))


def quoted(text: str) -> str:
    escaped = "".join(
        f"\\U{ord(c):08x}" if not c.isalnum() else c for c in text if not "\ud800" <= c <= "\udfff"
    )
    return f'"{escaped}"'


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return quoted(value) if isinstance(value, str) else str(value)
