"""What people are told to configure is there to be configured."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.config import Config
from appliance.kernel.option_sources import declared

HOME = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "Dockerfile",
    "systemd/safevoice.service",
    *(f"docs/{name}.md" for name in ("operations", "calls")),
)
KEYS = {key for key, _, _ in declared(Config)}
VARIABLES = {f"SAFEVOICE_{key.upper().replace('.', '_')}" for key in KEYS} | {"SAFEVOICE_CONFIG"}


def keys_in(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_in(value, f"{prefix}{name}.")
        else:
            yield prefix + name


@pytest.mark.parametrize("told", PAGES)
def test_options_that_a_page_names_exist(told: str) -> None:
    text = (HOME / told).read_text()
    variables = set(re.findall(r"SAFEVOICE_[A-Z_]+[A-Z]", text))
    assert variables <= VARIABLES, "environment variables"
    assert set(re.findall(r"`((?:calls|limits|community)\.[a-z_]+)[` ]", text)) <= KEYS, "options"


def test_examples_of_a_configuration_are_made_of_options() -> None:
    blocks = re.findall(r"^( *)```toml\n(.*?)^\1```", (HOME / "docs/operations.md").read_text(), re.M | re.S)
    assert len(blocks) > 4
    found = {key for indent, block in blocks for key in keys_in(tomllib.loads(block))}
    assert {key for key in found if not key.startswith("oidc.")} <= KEYS


def test_places_within_the_page_exist() -> None:
    text = (HOME / "docs/operations.md").read_text()
    titles = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= titles
