"""People and rooms are found by about what they are called."""

import pytest

from appliance.features.search.names import best

ROOMS = ("Garden", "Tea room", "The Gardeners' council", "Großküche", "茶室", "Guards", "A")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("garden", ["Garden", "The Gardeners' council"]),
        ("gar", ["Garden", "The Gardeners' council"]),
        ("gadren", ["Garden", "The Gardeners' council"]),
        ("gardn", ["Garden", "The Gardeners' council"]),
        ("council gard", ["The Gardeners' council"]),
        ("tearoom", ["Tea room"]),
        ("KÜCHE", ["Großküche"]),
        ("室", ["茶室"]),
        ("xyz", []),
        ("", []),
        ("a", ["A"]),
    ],
)
def test_a_name_is_found_by_its_beginnings_its_inside_and_with_a_slip(typed: str, found: list[str]) -> None:
    assert best(typed, [(name, name) for name in ROOMS], 5) == found


def test_only_so_many_are_named() -> None:
    assert len(best("g", [(n, f"g{n}") for n in range(9)], 5)) == 5
