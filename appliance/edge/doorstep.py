"""What a request's first lines say: where it comes from, where it believes to be, with which token."""

from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from appliance.config import Config
from appliance.wire.http import Site


class Doorstep(NamedTuple):
    """`address`: the client's, through trusted proxies; `direct`: nobody forwarded the request;
    `same_origin`: not sent by another site's page; `bearer`: the token came in the Authorization header,
    which no browser adds by itself."""

    address: str
    direct: bool
    site: Site
    same_origin: bool
    token: str
    bearer: bool


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
    bearer = scheme.lower() == "bearer" and bool(token)
    return Doorstep(
        address=address,
        direct=not any(name in first for name in FORWARDING),
        site=here,
        same_origin=_same_origin(first.get("origin"), first.get("host", ""), here),
        token=token.strip() if bearer else _cookie(first.get("cookie", ""), here.cookie),
        bearer=bearer,
    )


def _same_origin(origin: str | None, host: str, here: Site) -> bool:
    # Only browsers send Origin, and they always do where it matters; other programs have no cookie to steal.
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() in (here.host.lower(), host.lower()) and origin != "null"


def _cookie(header: str, name: str) -> str:
    if len(header) > 8192:
        return ""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_proxy(address: str, config: Config) -> bool:
    if not config.trusted_proxies:
        return False
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(parsed in network for network in config.trusted_proxies)


def _behind_proxies(peer: str, forwarded: str, config: Config) -> str:
    """The nearest address that is not a trusted proxy: what stands before it anybody can invent."""
    address = peer
    for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
        try:
            address = str(ip_address(hop))
        except ValueError:
            return address
        if not _is_proxy(address, config):
            return address
    return address
