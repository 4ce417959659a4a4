"""What calls need to know of the network that the server stands in."""

# ruff: noqa: RUF009  (`path(...)` and its like declare fields)

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from appliance.kernel.options import Wrong, choice, file, text

_URL = re.compile(r"turns?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?")
_LABEL = re.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (what ":3478" says)


def host_and_port(listen: str) -> tuple[str, int]:
    """What "host:port", "[::1]:8080" or ":8080" (an empty host) says. Raises Wrong."""
    host, colon, port = listen.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise Wrong("not a host and a port")
    if host == "[]" or (":" in host and not bracketed):
        raise Wrong("not a host and a port")
    return host[1:-1] if bracketed else host, int(port)


def places(listen: str) -> list[tuple[str, int]]:
    """Hosts and ports of "host:port, host:port"; of ":3478" every address of this machine, of both families;
    none of an empty text. Raises Wrong."""
    return [place for each in listen.split(",") if listen for place in _places(each.strip())]


def _places(listen: str) -> list[tuple[str, int]]:
    host, port = host_and_port(listen)
    try:
        hosts = (str(ip_address(host)),) if host else _EVERYWHERE
    except ValueError:
        raise Wrong("the host is not an address of this machine") from None
    return [(each, port) for each in hosts]


def hosts(addresses: str) -> list[str]:
    """The addresses in "203.0.113.7, 2001:db8::7", at most one of each family."""
    try:
        found = [ip_address(each.strip()) for each in addresses.split(",") if each.strip()]
    except ValueError:
        raise Wrong("not an address") from None
    if len({each.version for each in found}) < len(found):
        raise Wrong("more than one address of a family")
    return [str(each) for each in found]


def _is_address(host: str) -> bool:
    """One that others may reach: no "fe80::1%eth0" of one link, and not all addresses of this machine."""
    with suppress(ValueError):
        return "%" not in host and not ip_address(host).is_unspecified
    return False


def _check_host(host: str) -> None:
    if not host or _is_address(host):
        return
    if ":" in host or "/" in host:
        raise Wrong("only a name or an address, without a scheme, a port or brackets")
    labels = host.split(".")
    # As browsers see it: what ends in a number is an address, or a mistake in one.
    if len(host) > 253 or labels[-1].isdecimal() or not all(map(_LABEL.fullmatch, labels)):
        raise Wrong("not the name of a host")


def urls(given: str) -> list[str]:
    """The addresses of TURN servers in a list with commas (RFC 7065)."""
    found = [each.strip() for each in given.split(",") if each.strip()]
    if not all(_URL.fullmatch(each) for each in found):
        raise Wrong("not the address of a TURN server")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The relay, by which calls connect where two devices cannot reach each other."""

    relay: Literal["yes", "no"] = choice(
        "yes", ("yes", "no"), "Whether this server relays calls that cannot connect otherwise."
    )
    relay_listen: str = text(
        "",
        "Where the relay listens, UDP and TCP, which the firewall must let through. Empty: port 3478 of every"
        " address of this machine.",
        allowed='":port" for every address of this machine, or "address:port", several with commas',
        check=places,
        example=":3478",
    )
    relay_host: str = text(
        "",
        "The name or address by which clients find the relay. Empty: the site's own, which is right unless"
        " that name leads to another machine than this one, such as a CDN's.",
        allowed='"host", without a port; a TLS certificate for calls has to be for it',
        check=_check_host,
        example="turn.example.org",
    )
    relay_tls_listen: str = text(
        "",
        "Where the relay listens for TLS as well, for networks that let out nothing else. Not needed where"
        " SafeVoice serves https itself: then the https port takes calls too. Behind a proxy it is needed.",
        allowed="as for relay_listen",
        check=places,
        example=":5349",
    )
    relay_tls_certificate: Path | None = file(
        "Certificate chain (PEM) for relay_tls_listen, for relay_host or else for the site's name; needs"
        " relay_tls_key as well. Empty: tls_certificate.",
        example="/etc/safevoice/fullchain.pem",
    )
    relay_tls_key: Path | None = file(
        "Private key (PEM) of that certificate.", example="/etc/safevoice/privkey.pem"
    )
    relay_test: Literal["yes", "no"] = choice(
        "yes",
        ("yes", "no"),
        "Whether the server calls itself by way of the relay, when it starts and then each hour, to see that"
        " it works.",
    )
    public_address: str = text(
        "",
        "The address at which this machine is seen from outside. Empty: what the name in relay_host or"
        " public_url means, else as the machine sees itself. Calls connect even if it is wrong.",
        allowed='an address, or one of each family: "203.0.113.7, 2001:db8::7"',
        check=hosts,
        example="203.0.113.7",
    )
    external_urls: str = text(
        "",
        "Another TURN server, such as coturn, that relays calls instead of this one; needs external_secret.",
        allowed='"turn:host:port", several with commas',
        check=urls,
        example="turn:turn.example.org:3478, turn:turn.example.org:3478?transport=tcp",
    )
    external_secret: str = text(
        "",
        "The secret it shares with this server (coturn: static-auth-secret).",
        example="a long random text",
        secret=True,
    )
    external_secret_file: Path | None = file(
        "A file that holds external_secret.", example="/etc/safevoice/turn-secret"
    )
