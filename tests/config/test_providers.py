"""Tables that the admin names: one for each place where people sign in instead."""

from pathlib import Path

import pytest

from appliance.config import Provider, load
from appliance.dev.config import example
from appliance.kernel.options import ConfigError

GOOGLE = """
[oidc.google]
issuer = "https://accounts.google.com"
client_id = "me"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def providers(toml: str, **environ: str) -> dict[str, Provider]:
    Path("safevoice.toml").write_text(toml)
    return dict(load(environ=environ).oidc)


def problems(toml: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        providers(toml, **environ)
    return [str(problem) for problem in caught.value.problems]


def test_there_are_none_by_default() -> None:
    assert providers("") == {}


def test_each_has_its_own_table_and_keeps_its_place() -> None:
    found = providers(
        GOOGLE + '[oidc.club2]\nclient_id = "x"\nissuer = "http://localhost:1/a"\nlabel = "The Club"'
    )
    assert list(found) == ["google", "club2"]
    assert found["google"] == Provider(issuer="https://accounts.google.com", client_id="me", label="Google")
    assert (found["club2"].label, found["club2"].sign_up) == ("The Club", "no")


def test_the_environment_wins_and_may_name_a_table_itself() -> None:
    found = providers(
        GOOGLE,
        SAFEVOICE_OIDC_GOOGLE_CLIENT_ID="you",
        SAFEVOICE_OIDC_CLUB_ISSUER="https://club.example",
        SAFEVOICE_OIDC_CLUB_CLIENT_ID="we",
        SAFEVOICE_OIDC_CLUB_SIGN_UP="yes",
    )
    assert (found["google"].client_id, found["club"].client_id) == ("you", "we")
    assert found["club"].sign_up == "yes"


def test_a_secret_may_come_from_a_file_and_is_never_shown() -> None:
    Path("secret").write_text("hunter2\n")
    found = providers(GOOGLE + 'client_secret_file = "secret"')
    assert found["google"].client_secret == "hunter2"
    assert "hunter2" not in repr(found)
    assert problems(GOOGLE + 'client_secret_file = "secret"\nclient_secret = "x"') == [
        "safevoice.toml:5: oidc.google.client_secret_file: client_secret is set as well;"
        " set only one of the two"
    ]


def test_every_mistake_is_told_with_its_line() -> None:
    told = problems(
        "[oidc]\n"
        "Google = 5\n"
        "[oidc.club]\n"
        'isuer = "https://club.example"\n'
        'sign_up = "maybe"\n'
        "[oidc.my-club]\n"
        "[oidc.pond]\n"
        'issuer = "http://pond.example"\n'
        'client_id = "x"\n',
        SAFEVOICE_OIDC_CLUB_LABLE="Club",
        SAFEVOICE_OIDC_9_ISSUER="https://x",
    )
    name = "Allowed: lower-case letters and digits, at most 20, a letter first"
    assert told == [
        f"safevoice.toml:2: oidc.Google: cannot be a name. {name}",
        "safevoice.toml:4: oidc.club.isuer: there is no such option; did you mean oidc.club.issuer?",
        "safevoice.toml:5: oidc.club.sign_up: 'maybe' is refused: not one of them."
        ' Allowed: one of "yes", "no"',
        f"safevoice.toml:6: oidc.my-club: cannot be a name. {name}",
        "safevoice.toml:8: oidc.pond.issuer: 'http://pond.example' is refused: not the address of a provider."
        ' Allowed: "https://host", with a path if it has one; http: only on this machine',
        "environment: SAFEVOICE_OIDC_CLUB_LABLE: there is no such option; did you mean"
        " SAFEVOICE_OIDC_CLUB_LABEL?",
        "environment: SAFEVOICE_OIDC_9_ISSUER: there is no such option; did you mean"
        " SAFEVOICE_OIDC_POND_ISSUER?",
        "safevoice.toml:3: oidc.club: needs issuer and client_id",
    ]


def test_a_value_in_place_of_a_table() -> None:
    assert problems("oidc = 5") == ["safevoice.toml:1: oidc: is a section; write it as [oidc]"]
    assert problems("oidc.google = 5") == [
        "safevoice.toml:1: oidc.google: is a section; write it as [oidc.google]"
    ]


def test_a_table_that_the_environment_names_needs_all_as_well() -> None:
    assert problems("", SAFEVOICE_OIDC_CLUB_LABEL="x") == [
        "environment: oidc.club: needs issuer and client_id"
    ]


def test_the_example_is_right_once_its_comment_signs_are_gone() -> None:
    table = example().partition("#[oidc.google]")[2]
    lines = [line[1:] for line in table.splitlines() if line[:1] == "#" and line[1:2] != " "]
    Path("secret").write_text("x")
    found = providers("\n".join(["[oidc.google]", *(line for line in lines if "_file" not in line)]))
    assert found["google"].issuer == "https://accounts.google.com"
