"""What calls are configured with: what needs what, and where secrets come from."""

from pathlib import Path

import pytest

from appliance.config import load
from appliance.kernel.options import ConfigError


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("chain.pem", "key.pem"):
        Path(name).write_text("x")
    Path("secret").write_text("shared with them\n")


def problems(toml: str) -> list[str]:
    Path("safevoice.toml").write_text(f"[calls]\n{toml}")
    with pytest.raises(ConfigError) as caught:
        load(environ={})
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('relay_tls_listen = ":5349"', "calls.relay_tls_listen: needs relay_tls_certificate as well"),
        ('relay_tls_key = "key.pem"', "calls.relay_tls_key: needs relay_tls_certificate as well"),
        ('relay_tls_certificate = "chain.pem"', "calls.relay_tls_certificate: needs relay_tls_key as well"),
        ('external_urls = "turn:a.example"', "calls.external_urls: needs external_secret as well"),
        ('external_secret = "x"', "calls.external_secret: needs external_urls as well"),
    ],
)
def test_what_needs_something_else_says_so(toml: str, said: str) -> None:
    assert problems(toml) == [f"safevoice.toml:2: {said}"]


@pytest.mark.parametrize(
    "toml",
    ['relay_listen = "3478"', 'public_address = "here"', 'external_urls = "stun:a"', 'relay = "maybe"'],
)
def test_what_cannot_be_is_refused_where_it_stands(toml: str) -> None:
    assert problems(toml)[0].startswith(f"safevoice.toml:2: calls.{toml.split()[0]}: ")


@pytest.mark.parametrize(
    "host",
    [
        "turn.example.org",
        "localhost",
        "TURN-2.example.org",
        "xn--bcher-kva.example",
        "203.0.113.7",
        "2001:db8::7",
        "",
    ],
)
def test_the_relays_own_host_is_a_name_or_an_address(host: str) -> None:
    assert load(environ={"SAFEVOICE_CALLS_RELAY_HOST": host}).calls.relay_host == host


@pytest.mark.parametrize(
    "host",
    [
        *("turn.example.org:3478", "[2001:db8::7]", "https://turn.example.org", "turn:turn.example.org"),
        *(
            "turn.example.org/",
            "a@b.example",
            "turn example",
            "-a.example",
            "a..example",
            "turn.example.org.",
        ),
        *("203.0.113", "203.0.113.700", "fe80::1%eth0", "0.0.0.0", "::", "{host}", f"{'a' * 64}.example"),
        *(".".join(["a" * 60] * 5), "turn.example.org, b.example", "turn.example.org\n"),
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ConfigError, match="RELAY_HOST"):
        load(environ={"SAFEVOICE_CALLS_RELAY_HOST": host})


def test_a_relay_behind_a_proxy_and_a_secret_in_a_file_are_read() -> None:
    Path("safevoice.toml").write_text(
        '[calls]\nrelay_tls_listen = ":5349"\n'
        'relay_tls_certificate = "chain.pem"\nrelay_tls_key = "key.pem"\n'
        'external_urls = "turn:a.example"\nexternal_secret_file = "secret"\n'
    )
    calls = load(environ={"SAFEVOICE_CALLS_RELAY_LISTEN": ":3479"}).calls
    assert (calls.relay_listen, calls.relay_tls_listen) == (":3479", ":5349")
    assert calls.external_secret == "shared with them"
    assert "shared" not in repr(calls)
