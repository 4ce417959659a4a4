"""What a request's first lines say: where it comes from, where it believes to be, with which token."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from appliance.config import Config
from appliance.wire.http import Site


class Doorstep(NamedTuple):
    """`address`: the client's, through trusted proxies, of IPv6 the network that one customer has (/64), so
    that it cannot be changed at will; `direct`: nobody forwarded the request;
    `same_origin`: not sent by another site's page; `bearer`: the token came in the Authorization header,
    which no browser adds by itself. `ticket`: for a socket only, in place of a token."""

    address: str
    direct: bool
    site: Site
    same_origin: bool
    token: str
    bearer: bool
    ticket: str = ""


FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def look(headers: list[tuple[str, str]], peer: Any, tls: bool, config: Config) -> Doorstep:
    """`headers` with lower-case names; `peer` as asyncio's peername has it."""
    first: dict[str, str] = {}
    for name, value in headers:
        # Repeated X-Forwarded-For lines are one list (RFC 9110, 5.3).
        first[name] = f"{first[name]}, {value}" if name == "x-forwarded-for" and name in first else value
    address = str(peer[0]) if peer else "local"
    secure = tls
    if _is_proxy(address, config):
        address = _behind_proxies(address, first.get("x-forwarded-for", ""), config)
        secure = first.get("x-forwarded-proto", "https" if tls else "http").strip().lower() == "https"
    public = config.public_url.rstrip("/")
    host = urlsplit(public).netloc if public else first.get("host", "")
    secure = public.startswith("https:") if public else secure
    here = Site(secure, host, public)
    scheme, _, token = first.get("authorization", "").partition(" ")
    bearer = scheme.lower() == "bearer" and bool(token.strip())
    cookie = _cookie(first.get("cookie", ""), here.cookie)
    return Doorstep(
        address=_neighbourhood(address),
        direct=not any(name in first for name in FORWARDING),
        site=here,
        # Only browsers send Origin, and they always do where it matters; a program has no cookie to steal.
        same_origin=_same_origin(first["origin"], first.get("host", ""), here)
        if "origin" in first
        else bearer or not cookie,
        token=token.strip() if bearer else cookie,
        bearer=bearer,
    )


def whose(peer: str, config: Config) -> str:
    """Whom a connection from there counts for before it has said anything: the address of `Doorstep`, and
    nobody where it is a proxy's, which speaks for many."""
    return "" if _is_proxy(peer, config) else _neighbourhood(peer)


def _same_origin(origin: str, host: str, here: Site) -> bool:
    try:
        netloc = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    return bool(netloc) and netloc in (here.host.lower(), host.lower())


def _cookie(header: str, name: str) -> str:
    # Not http.cookies: that gives up at the first cookie it does not like, and another program on the same
    # host may have set one.
    for pair in header[:16_384].split(";"):
        found, _, value = pair.strip().partition("=")
        if found == name:
            return value.strip('"')
    return ""


def _is_proxy(address: str, config: Config) -> bool:
    if not config.trusted_proxies:
        return False
    try:
        parsed = _parsed(address)
    except ValueError:
        return False
    return any(parsed in network for network in config.trusted_proxies)


def _neighbourhood(address: str) -> str:
    try:
        parsed = _parsed(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address) or parsed.is_loopback:
        return str(parsed)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))


def _parsed(address: str) -> IPv4Address | IPv6Address:
    """Raises ValueError. A socket that takes both families shows IPv4 peers as ::ffff:a.b.c.d."""
    parsed = ip_address(address.partition("%")[0])
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _behind_proxies(peer: str, forwarded: str, config: Config) -> str:
    """The nearest address that is not a trusted proxy: what stands before it anybody can invent."""
    address = peer
    for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
        try:
            address = str(_parsed(hop))
        except ValueError:
            return address
        if not _is_proxy(address, config):
            return address
    return address
