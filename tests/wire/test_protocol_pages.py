"""The generated pages say what the types say."""

import re
from importlib.util import find_spec

import pytest

from appliance.dev import protocol
from appliance.dev.protocol_notes import CLOSING, EXCHANGES, RETRY
from appliance.dev.vocabulary import feature_modules, gather
from appliance.kernel.errors import ERRORS
from appliance.wire.typescript import tag_of

PAGE = protocol.ROOT / "docs/protocol.md"


def test_the_pages_in_the_repository_are_what_the_types_say() -> None:
    assert protocol.write(check=True) == 0


def test_writing_twice_gives_the_same_bytes() -> None:
    assert protocol.pages() == protocol.pages()


def test_a_page_that_drifted_is_named_with_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = protocol.ROOT / "docs/never-written.md"
    monkeypatch.setattr(protocol, "pages", lambda: {page: "text"})
    assert protocol.write(check=True) == 1
    told = capsys.readouterr().out
    assert "docs/never-written.md" in told
    assert protocol.COMMAND in told
    assert not page.exists()


def test_no_frame_and_no_error_is_missing_from_the_page() -> None:
    text = PAGE.read_text()
    for struct in gather().structs:
        tag = tag_of(struct)
        assert (f"`{tag[1]}`" if tag else f"#### {struct.__name__}") in text
    assert [code for code in ERRORS if f"`{code}`" not in text] == []


def test_every_link_inside_the_page_leads_to_a_heading() -> None:
    text = PAGE.read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_advice_is_given_for_each_code_that_closes_a_socket_and_for_no_other() -> None:
    assert set(CLOSING) == {code for code, spec in ERRORS.items() if spec.close}
    assert set(RETRY) <= set(ERRORS)


def test_the_bodies_of_routes_are_known_words() -> None:
    known = {struct.__name__ for struct in gather().structs}
    assert {name for each in EXCHANGES for name in (each.body, each.answer) if name} <= known


@pytest.mark.skipif(find_spec("appliance.features.auth.api") is None, reason="needs every feature's routes")
def test_the_routes_of_the_features_are_those_on_the_page() -> None:
    served = {
        f"{method} {route.path}"
        for module in feature_modules("api")
        for route in module.ROUTES
        for method in route.methods - {"HEAD"}
    }
    assert served == {each.route for each in EXCHANGES}
