"""What this machine is called from outside, as well as that can be known."""

import asyncio
import socket
from contextlib import closing
from ipaddress import ip_address
from urllib.parse import urlsplit

from appliance.config import Config
from appliance.config.calls import hosts

MADE_UP = "192.0.2.1"
"""For documentation only (RFC 5737), so nobody has it: relayed addresses are never sent to."""

_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def known_hosts(config: Config) -> list[str]:
    """What can be said at once: as configured, else as this machine sees itself. At most one of each family,
    and always one of IPv4."""
    return _with_ipv4(hosts(config.calls.public_address) or [host for host in map(_own, _ELSEWHERE) if host])


async def named_hosts(config: Config) -> list[str]:
    """What the name says by which clients find the relay, where nothing is configured; nothing where it says
    nothing."""
    name = config.calls.relay_host or urlsplit(config.public_url).hostname
    if config.calls.public_address:
        return []
    found = await resolved(name or "")
    return _with_ipv4(found) if found else []


def _with_ipv4(found: list[str]) -> list[str]:
    return found if any(":" not in host for host in found) else [MADE_UP, *found]


async def resolved(name: str) -> list[str]:
    """What the name means, at most one address of each family; nothing where it means nothing of use."""
    if not name:
        return []
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    except OSError:
        return []
    found: dict[int, str] = {}
    for family, _, _, _, address in answers:
        host = str(address[0])
        if _is_of_use(host):
            found.setdefault(family, host)
    return [found[family] for family in sorted(found)]


def _own(family: socket.AddressFamily) -> str:
    """The address that packets to elsewhere leave from; connecting a UDP socket sends none."""
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as sock:
        try:
            sock.connect((_ELSEWHERE[family], 9))
        except OSError:
            return ""
        host = str(sock.getsockname()[0])
    # An IPv6 address that is only of a link would be of no use to anybody.
    return host if _is_of_use(host) and (":" not in host or ip_address(host).is_global) else ""


def _is_of_use(host: str) -> bool:
    address = ip_address(host.partition("%")[0])
    return not (address.is_loopback or address.is_unspecified or address.is_link_local)
