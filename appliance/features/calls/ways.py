"""The ways to the relay, as clients are given them, and those that were meant to be there and are not."""

import errno
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from appliance.config import Config

Kind = Literal["udp", "tcp", "tls"]
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (what this machine itself is reached at)
_WHY = {errno.EADDRINUSE: "port_taken", errno.EACCES: "not_permitted", errno.EPERM: "not_permitted"}


class Way(NamedTuple):
    """`url`: as browsers name it (RFC 7065), with `{host}` for this server's; `here`: address and port on
    this machine, None where it leads to somebody else's relay."""

    kind: Kind
    url: str
    here: tuple[str, int] | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of the address."""
        host, port = _place(self.url)
        return host, port

    @property
    def name(self) -> str:
        """Short and stable: "udp:3478"; of somebody else's relay with its host."""
        host, port = _place(self.url)
        return f"{self.kind}:{port}" if host == "{host}" else f"{self.kind}:{host}:{port}"


class Closed(NamedTuple):
    """A way that the configuration asks for, and that is not there. `code`: see `selftest.words`."""

    kind: Kind
    port: int
    code: str
    detail: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.port}"


def way(kind: Kind, host: str, port: int) -> Way:
    """Where this server listens itself."""
    url = f"{'turns' if kind == 'tls' else 'turn'}:{{host}}:{port}{'' if kind == 'udp' else '?transport=tcp'}"
    return Way(kind, url, (_EVERYWHERE.get(host, host), port))


def shared(config: Config, port: int) -> Way:
    """The https port. Clients reach it as the site's address says, whatever it is on this machine: what runs
    in a container is often published under another one."""
    host = "127.0.0.1" if config.host == "localhost" else config.host
    site = urlsplit(config.public_url)
    outside = (site.port or 443) if site.scheme == "https" else port
    return way("tls", host, outside)._replace(here=(_EVERYWHERE.get(host, host), port))


def elsewhere(url: str) -> Way:
    """Somebody else's relay."""
    kind: Kind = "tls" if url.startswith("turns:") else "tcp" if url.endswith("=tcp") else "udp"
    return Way(kind, url)


def closed(kind: Kind, port: int, error: OSError) -> Closed:
    """What the system said of listening there."""
    return Closed(kind, port, _WHY.get(error.errno or 0, "not_listening"), error.strerror or "")


def public_host(config: Config) -> str:
    """The name by which people reach this server; empty where that is not known."""
    host = urlsplit(config.public_url).hostname or ""
    return "" if host in ("localhost", "::1") or host.startswith("127.") else host


def relay_host(config: Config) -> str:
    """The name by which clients find this server's relay; empty where it is not known."""
    return config.calls.relay_host or public_host(config)


def filled_in(url: str, host: str) -> str:
    """The address with the host in its place."""
    return url.replace("{host}", f"[{host}]" if ":" in host else host)


def _place(url: str) -> tuple[str, int]:
    scheme, _, rest = url.partition(":")
    place = rest.partition("?")[0]
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdecimal():
        return place.strip("[]"), 5349 if scheme == "turns" else 3478
    return host.strip("[]"), int(port)
