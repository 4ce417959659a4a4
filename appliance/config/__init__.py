"""Every option once: name, type, default, help. What is set here wins over the settings in the app."""

# ruff: noqa: RUF009  (`path(...)` and its like declare fields)

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from appliance.config.calls import Calls, host_and_port
from appliance.config.limits import Limits
from appliance.kernel.option_sources import Sources, declared
from appliance.kernel.options import (
    ConfigError,
    Network,
    Wrong,
    choice,
    file,
    networks,
    path,
    tables,
    text,
    whole,
)

DEFAULT_FILE = "safevoice.toml"


def split_listen(listen: str) -> tuple[str, int]:
    """Host and port of "host:port", "[::1]:8080" or ":8080" (every address of this machine)."""
    host, port = host_and_port(listen)
    return host or "0.0.0.0", port  # noqa: S104  (what ":8080" says)


def _check_public_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Wrong("not the address of a site")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Wrong("SafeVoice must stand at the root of its site, without a path")


def _check_token(token: str) -> None:
    if len(token) < 16:
        raise Wrong("shorter than 16 characters, which could be guessed")


def _check_accent(colour: str) -> None:
    if re.fullmatch("#[0-9a-fA-F]{6}", colour) is None:
        raise Wrong("not a colour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What admins also set in the app; what stands here is locked there."""

    name: str = text("", "What the community is called.", example="Harbour Street Choir")
    welcome: str = text(
        "", "A line for those who come to its door.", example="Tea is at four. Bring your own cup."
    )
    accent: str = text(
        "",
        "The colour of buttons and marks; empty for SafeVoice's own.",
        allowed='"#rrggbb"',
        check=_check_accent,
        example="#b4532a",
    )
    guests: Literal["yes", "no"] = choice(
        "yes", ("yes", "no"), "Whether rooms may have links that let guests in without an account."
    )
    credits: Literal["yes", "no"] = choice(
        "no", ("yes", "no"), "Whether people have credits, which they can give to each other."
    )
    start_credits: int = whole(100, "Credits that everybody begins with.", most=1_000_000)
    newcomer_hours: int = whole(
        24,
        "Hours in which somebody who came without an invitation sends no links and opens no direct messages,"
        " unless a moderator trusts them before.",
        most=8760,
    )
    quiet_weeks: int = whole(
        4,
        "Open sign-up counts as by invitation while no admin or moderator was here for so many weeks;"
        " 0 for never.",
        most=520,
    )


def _check_issuer(url: str) -> None:
    parts = urlsplit(url)
    nearby = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if (parts.scheme != "https" and not nearby) or not parts.hostname or parts.username is not None:
        raise Wrong("not the address of a provider")
    if parts.query or parts.fragment:
        raise Wrong("an issuer has neither a query nor a fragment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A place where people sign in instead (OpenID Connect), one table for each; the name in brackets is part
    of the address that the provider sends people back to: https://HOST/api/oidc/NAME/callback."""

    issuer: str = text(
        "",
        "The address of the provider, as its documentation calls the issuer.",
        allowed='"https://host", with a path if it has one; http: only on this machine',
        check=_check_issuer,
        example="https://accounts.google.com",
    )
    client_id: str = text("", "What the provider calls this server.", example="safevoice")
    client_secret: str = text(
        "",
        "The password that the provider gave this server; empty where it gave none.",
        example="a long random text",
        secret=True,
    )
    client_secret_file: Path | None = file(
        "A file that holds client_secret.", example="/etc/safevoice/google-secret"
    )
    label: str = text("", "What the button on the sign-in page says; empty: the name.", example="Google")
    sign_up: Literal["yes", "no"] = choice(
        "no",
        ("yes", "no"),
        "Whether everybody with an account there may join here, even where sign-up is not open.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration. `Config(data=...)` is a valid one, as tests use it; `load` reads one."""

    data: Path = path(Path("data"), "The folder that holds everything SafeVoice keeps.", example="data")
    listen: str = text(
        "localhost:8080",
        "Where to listen. Behind a proxy keep localhost; to be reached directly write 0.0.0.0:443.",
        allowed='"host:port", such as "localhost:8080", "0.0.0.0:443" or "[::]:443"',
        check=split_listen,
    )
    public_url: str = text(
        "",
        "The address that people type. Empty: taken from each request.",
        allowed='"https://host" or "http://host", with a port if needed',
        check=_check_public_url,
        example="https://chat.example.org",
    )
    tls_certificate: Path | None = file(
        "Certificate chain (PEM) to serve https without a proxy; needs tls_key as well.",
        example="/etc/safevoice/fullchain.pem",
    )
    tls_key: Path | None = file(
        "Private key (PEM) of that certificate.", example="/etc/safevoice/privkey.pem"
    )
    trusted_proxies: tuple[Network, ...] = networks(
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.", example='["127.0.0.1", "::1"]'
    )
    sign_up: Literal["", "open", "invite", "closed"] = choice(
        "",
        ("", "open", "invite", "closed"),
        "Who may register: everybody, people with an invite link, nobody. Empty: as set in the app, where"
        " it is by invite link to begin with.",
        example="invite",
    )
    log_level: Literal["debug", "info", "warning", "error"] = choice(
        "info", ("debug", "info", "warning", "error"), "The least grave event that is logged."
    )
    log_format: Literal["text", "json"] = choice("text", ("text", "json"), "How each log line is written.")
    metrics_token: str = text(
        "",
        "Bearer token for /metrics from elsewhere; without one only this machine may read it.",
        allowed="at least 16 characters",
        check=_check_token,
        example="a long random text",
        secret=True,
    )
    metrics_token_file: Path | None = file(
        "A file that holds metrics_token.", example="/etc/safevoice/metrics-token"
    )
    development: Literal["no", "yes"] = choice(
        "no", ("no", "yes"), "Whether /dev/ui shows every building block of the app; for working on it."
    )
    community: Community = Community()
    calls: Calls = Calls()
    limits: Limits = Limits()
    oidc: Mapping[str, Provider] = tables(Provider)
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Each key that was set, and where; the app shows those settings locked."""

    @property
    def host(self) -> str:
        return split_listen(self.listen)[0]

    @property
    def port(self) -> int:
        return split_listen(self.listen)[1]


SECTIONS: dict[str, Any] = {"community": Community(), "calls": Calls(), "limits": Limits()}
"""The tables of the file."""


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read `file`, else what SAFEVOICE_CONFIG names, else safevoice.toml here if there is one; then the
    environment. Raises `ConfigError` with every problem."""
    sources = Sources({key: option for key, option, _ in declared(Config)})
    named = str(file) if file else environ.get("SAFEVOICE_CONFIG", "")
    if named or Path(DEFAULT_FILE).exists():
        sources.read_file(Path(named or DEFAULT_FILE), named or DEFAULT_FILE)
    sources.read_environment(environ)
    _read_secret_file(sources, "metrics_token", _check_token)
    _read_secret_file(sources, "calls.external_secret", str)
    for name in sources.named("oidc."):
        _read_secret_file(sources, f"oidc.{name}.client_secret", str)
    sections: dict[str, Any] = {
        name: replace(section, **_below(sources, f"{name}.")) for name, section in SECTIONS.items()
    }
    providers = {name: _provider(name, sources) for name in sources.named("oidc.")}
    config = Config(
        **_below(sources, ""),
        **sections,
        oidc=MappingProxyType(providers),
        given=MappingProxyType(sources.places),
    )
    _refuse_impossible(config, sources)
    if sources.problems:
        raise ConfigError(sources.problems)
    return config


def _below(sources: Sources, prefix: str) -> dict[str, Any]:
    inside = {
        key.removeprefix(prefix): value for key, value in sources.values.items() if key.startswith(prefix)
    }
    return {name: value for name, value in inside.items() if "." not in name}


def _provider(name: str, sources: Sources) -> Provider:
    given = _below(sources, f"oidc.{name}.")
    missing = [
        each
        for each in ("issuer", "client_id")
        if not given.get(each) and f"oidc.{name}.{each}" not in sources.refused
    ]
    if missing:
        sources.refuse(f"oidc.{name}", f"needs {' and '.join(missing)}")
    return Provider(**{**given, "label": given.get("label") or name.title()})


def _read_secret_file(sources: Sources, key: str, check: Callable[[str], object]) -> None:
    file = sources.values.get(f"{key}_file")
    if file is None:
        return
    name = key.rpartition(".")[2]
    if sources.values.get(key):
        sources.refuse(f"{key}_file", f"{name} is set as well; set only one of the two")
        return
    try:
        secret = file.read_text().strip()
        check(secret)
    except (Wrong, OSError, UnicodeDecodeError) as wrong:
        sources.refuse(f"{key}_file", f"the secret in it is refused: {wrong}")
    else:
        sources.values[key] = secret


def _refuse_impossible(config: Config, sources: Sources) -> None:
    for one, other in (("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")):
        if getattr(config, one) and not getattr(config, other) and other not in sources.refused:
            sources.refuse(one, f"needs {other} as well")
    if config.tls_certificate and config.public_url.startswith("http:"):
        sources.refuse("public_url", "begins with http: although tls_certificate makes this an https site")
    _refuse_impossible_calls(config, sources)
    if config.data.exists() and not config.data.is_dir():
        sources.refuse("data", f"{config.data} is a file; it must be a folder")
    needed = 6 * config.limits.text_bytes + 1024
    if config.limits.frame_bytes < needed:
        key = "limits.frame_bytes" if "limits.frame_bytes" in sources.places else "limits.text_bytes"
        sources.refuse(
            key,
            f"a text of {config.limits.text_bytes} bytes can take {needed} bytes as JSON,"
            f" more than limits.frame_bytes ({config.limits.frame_bytes}) lets through",
        )


def _refuse_impossible_calls(config: Config, sources: Sources) -> None:
    calls = config.calls
    certificate = calls.relay_tls_certificate or config.tls_certificate
    for one, other, so in (
        ("relay_tls_certificate", "relay_tls_key", calls.relay_tls_key),
        ("relay_tls_key", "relay_tls_certificate", calls.relay_tls_certificate),
        ("relay_tls_listen", "relay_tls_certificate", certificate),
        ("external_urls", "external_secret", calls.external_secret),
        ("external_secret", "external_urls", calls.external_urls),
    ):
        if getattr(calls, one) and not so and f"calls.{other}" not in sources.refused:
            sources.refuse(f"calls.{one}", f"needs {other} as well")
