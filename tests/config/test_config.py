import dataclasses
from ipaddress import ip_address
from pathlib import Path

import pytest

from appliance.config import Community, Config, load, split_listen
from appliance.config.limits import Limits
from appliance.dev.config import example
from appliance.kernel.options import ConfigError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where safevoice.toml is looked for."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(toml: str = "", **environ: str) -> list[str]:
    """What is said about these options."""
    Path("safevoice.toml").write_text(toml)
    with pytest.raises(ConfigError) as caught:
        load(environ=environ)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_needs_to_be_configured() -> None:
    config = load(environ={})
    assert config == Config()
    assert (config.host, config.port, config.limits.messages_per_minute) == ("localhost", 8080, 60)


def test_a_file_then_the_environment() -> None:
    Path("safevoice.toml").write_text('listen = ":9000"\n[limits]\ntext_bytes = 1000\nroom_members = 7\n')
    config = load(environ={"SAFEVOICE_LIMITS_TEXT_BYTES": "2000", "SAFEVOICE_SIGN_UP": "invite", "HOME": "/"})
    assert (config.host, config.port) == ("0.0.0.0", 9000)
    assert (config.limits.text_bytes, config.limits.room_members) == (2000, 7)
    assert dict(config.given) == {
        "listen": "safevoice.toml:1",
        "limits.room_members": "safevoice.toml:4",
        "limits.text_bytes": "environment",
        "sign_up": "environment",
    }


def test_the_named_file_wins_over_the_environments_and_that_over_the_one_here(tmp_path: Path) -> None:
    for name in ("safevoice.toml", "other.toml", "third.toml"):
        (tmp_path / name).write_text(f'public_url = "https://{name}"')
    assert load(environ={}).public_url == "https://safevoice.toml"
    environ = {"SAFEVOICE_CONFIG": "other.toml"}
    assert load(environ=environ).public_url == "https://other.toml"
    assert load(Path("third.toml"), environ).public_url == "https://third.toml"


def test_a_named_file_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"missing\.toml: cannot be read"):
        load(environ={"SAFEVOICE_CONFIG": "missing.toml"})


def test_paths_are_relative_to_the_file_that_says_them(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/safevoice.toml").write_text('data = "state"')
    assert load(Path("etc/safevoice.toml"), {}).data == tmp_path / "etc/state"
    assert load(environ={"SAFEVOICE_DATA": "state"}).data == tmp_path / "state"


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    told = problems(
        'lisen = "x"\n'
        "data = 5\n"
        "# a comment\n"
        "trusted_proxies = [\n"
        '  "10.0.0.1", # mine\n'
        '  "proxy"]\n'
        "limits.text_bytes = true\n"
        "limits.message_brust = 5\n"
        '"sign_up" = "maybe"\n',
        SAFEVOICE_LOG_LEVEL="loud",
        SAFEVOICE_LISTN=":80",
        SAFEVOICE_LIMITS_ROOM_MEMBERS="many",
    )
    assert told == [
        "safevoice.toml:1: lisen: there is no such option; did you mean listen?",
        "safevoice.toml:2: data: 5 is refused: not a text. Allowed: a path",
        "safevoice.toml:4: trusted_proxies: ['10.0.0.1', 'proxy'] is refused: 'proxy' is not an address or"
        ' network. Allowed: a list of addresses or networks, such as "127.0.0.1" or "10.0.0.0/8"',
        "safevoice.toml:7: limits.text_bytes: True is refused: not a whole number."
        " Allowed: a whole number from 64 to 65536",
        "safevoice.toml:8: limits.message_brust: there is no such option; did you mean limits.message_burst?",
        "safevoice.toml:9: sign_up: 'maybe' is refused: not one of them."
        ' Allowed: one of "", "open", "invite", "closed"',
        "environment: SAFEVOICE_LOG_LEVEL: 'loud' is refused: not one of them."
        ' Allowed: one of "debug", "info", "warning", "error"',
        "environment: SAFEVOICE_LISTN: there is no such option; did you mean SAFEVOICE_LISTEN?",
        "environment: SAFEVOICE_LIMITS_ROOM_MEMBERS: 'many' is refused: not a whole number."
        " Allowed: a whole number from 2 to 100000",
    ]


def test_an_option_in_the_wrong_section_is_shown_its_own() -> None:
    [told] = problems("text_bytes = 5")
    assert told.endswith("did you mean limits.text_bytes?")
    [told] = problems('[limits]\nlisten = ":80"')
    assert told == "safevoice.toml:2: limits.listen: there is no such option; did you mean listen?"


def test_where_nothing_is_alike_all_that_is_allowed_is_listed() -> None:
    [told] = problems("[limits]\nzzzzzz = 5")
    assert told.startswith("safevoice.toml:2: limits.zzzzzz: there is no such option. Allowed here: limits.")
    assert "limits.text_bytes" in told


def test_a_value_in_place_of_a_section() -> None:
    assert problems("limits = 5") == ["safevoice.toml:1: limits: is a section; write it as [limits]"]


def test_what_is_not_toml_is_told_with_its_line() -> None:
    assert problems('data = "a"\nlisten = localhost\n')[0].startswith(
        "safevoice.toml:2: is not TOML: Invalid"
    )
    assert problems('data = "a"\nlisten = """\n\n')[0].startswith("safevoice.toml:4: is not TOML: ")
    Path("safevoice.toml").write_bytes(b'\n\ndata = "\xff"')
    with pytest.raises(ConfigError, match=r"safevoice\.toml:3: is not UTF-8"):
        load(environ={})


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('tls_certificate = "c.pem"', "safevoice.toml:1: tls_certificate: needs tls_key as well"),
        ('\ntls_key = "c.pem"', "safevoice.toml:2: tls_key: needs tls_certificate as well"),
        (
            'tls_certificate = "c.pem"\ntls_key = "c.pem"\npublic_url = "http://x"',
            "safevoice.toml:3: public_url: begins",
        ),
        ('data = "c.pem"', "safevoice.toml:1: data: "),
        ("limits.text_bytes = 30_000", "safevoice.toml:1: limits.text_bytes: a text of 30000 bytes can take"),
        (
            "[limits]\nframe_bytes = 9000",
            "safevoice.toml:2: limits.frame_bytes: a text of 8192 bytes can take",
        ),
    ],
)
def test_what_cannot_go_together_is_told(toml: str, told: str) -> None:
    Path("c.pem").write_text("")
    [only] = problems(toml)
    assert only.startswith(told)


def test_an_unreadable_key_is_one_problem_not_two() -> None:
    Path("c.pem").write_text("")
    [told] = problems('tls_certificate = "c.pem"\ntls_key = "missing.pem"')
    assert told.startswith(
        "safevoice.toml:2: tls_key: 'missing.pem' is refused: cannot be read (No such file"
    )


@pytest.mark.parametrize("url", ["chat.example.org", "ftp://x", "https://x/chat", "https://me@x", "https://"])
def test_a_public_url_is_the_root_of_a_site(url: str) -> None:
    assert "public_url" in problems(SAFEVOICE_PUBLIC_URL=url)[0].lower()


@pytest.mark.parametrize("listen", ["localhost", "localhost:", "localhost:http", "x:70000", "::1:80", "x:-1"])
def test_an_address_to_listen_on_has_a_host_and_a_port(listen: str) -> None:
    assert problems(SAFEVOICE_LISTEN=listen)[0].startswith("environment: SAFEVOICE_LISTEN: ")


def test_addresses_are_read_as_people_write_them() -> None:
    assert split_listen("[::1]:443") == ("::1", 443)
    assert split_listen(":443") == ("0.0.0.0", 443)
    config = load(environ={"SAFEVOICE_TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3/8"})
    assert [ip_address("10.9.9.9") in network for network in config.trusted_proxies] == [False, True]


def test_not_everybody_can_be_a_trusted_proxy() -> None:
    assert "everybody" in problems(SAFEVOICE_TRUSTED_PROXIES="0.0.0.0/0")[0]


def test_a_secret_is_never_shown() -> None:
    assert "hunter2" not in problems(SAFEVOICE_METRICS_TOKEN="hunter2")[0]
    config = load(environ={"SAFEVOICE_METRICS_TOKEN": "a-long-random-token"})
    assert config.metrics_token == "a-long-random-token"
    assert "a-long-random-token" not in repr(config)


def test_a_secret_may_come_from_a_file() -> None:
    Path("token").write_text("a-long-random-token\n")
    assert load(environ={"SAFEVOICE_METRICS_TOKEN_FILE": "token"}).metrics_token == "a-long-random-token"
    [told] = problems('metrics_token_file = "token"', SAFEVOICE_METRICS_TOKEN="a-long-random-token")
    assert told.startswith("safevoice.toml:1: metrics_token_file: metrics_token is set as well")
    Path("token").write_text("short\n")
    [told] = problems('metrics_token_file = "token"')
    assert "shorter than 16" in told


def test_what_kubernetes_sets_for_a_service_of_our_name_is_not_ours() -> None:
    load(environ={"SAFEVOICE_PORT": "tcp://10.0.0.1:80", "SAFEVOICE_SERVICE_HOST": "10.0.0.1"})
    assert "SAFEVOICE_PORT" in problems(SAFEVOICE_PORT="80")[0]


def test_nothing_can_be_changed_later() -> None:
    config = load(environ={})
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.listen = ":80"  # type: ignore[misc]
    with pytest.raises(TypeError):
        config.given["listen"] = "x"  # type: ignore[index]


def test_the_example_is_the_one_in_the_tree_and_is_all_defaults() -> None:
    assert (ROOT / "config.example.toml").read_text() == example(), "run: ./run safevoice dev config"


def test_the_example_works_when_every_numbers_comment_sign_is_taken_away() -> None:
    lines = example().splitlines()
    kept = [
        line if line.startswith("[") else line[1:] for line in lines if line[:1] == "[" or line[-1:].isdigit()
    ]
    Path("safevoice.toml").write_text("\n".join(line for line in kept if line[:1] == "[" or " = " in line))
    config = load(environ={})
    assert (config.community, config.limits) == (Community(), Limits())
    assert "limits.text_bytes" in config.given
