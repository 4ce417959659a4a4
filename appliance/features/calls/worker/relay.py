"""The relay as a part of the running server: where it listens, who may use it, and when it ends."""

import asyncio
import errno
import hmac
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from appliance.config import Config
from appliance.config.calls import places, urls
from appliance.features.auth import actions as auth
from appliance.features.calls.hosts import known_hosts, named_hosts
from appliance.features.calls.lines.streams import Streams
from appliance.features.calls.lines.udp import Datagrams, bound
from appliance.features.calls.model import AskRelay, IceServer, RelayKeys
from appliance.features.calls.standing import Standing
from appliance.features.calls.turn.allocations import Figures
from appliance.features.calls.turn.credentials import Credentials, issue
from appliance.features.calls.turn.server import Rules, Turn
from appliance.features.calls.ways import (
    Closed,
    Kind,
    Way,
    closed,
    elsewhere,
    filled_in,
    relay_host,
    shared,
    way,
)
from appliance.kernel import logs
from appliance.kernel.bus import Bus
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.ids import new_id
from appliance.kernel.transaction import Tx
from appliance.kernel.verbs import Peer

SECRET = "relay_secret"  # noqa: S105  (the name that it is kept under)
DEFAULT = ":3478"
SWEEP_S = 1.0
LOOK_S = 3600.0
"""How often it is looked up what this machine is called."""
LOOK_AGAIN_S = 60.0
"""The same where the name meant nothing: when a machine starts, its network may not be there yet."""
LENT_MS = 300_000


class Relay:
    """One per server. It is there before it listens, and gives no keys until then."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._config = house.config.calls
        self._standing = Standing(self._signed_in)
        self._turn: Turn | None = None
        self._datagrams: list[Datagrams] = []
        self.streams: Streams | None = None
        self._secret = self._config.external_secret
        self.ways: list[Way] = list(map(elsewhere, urls(self._config.external_urls)))
        self.closed: list[Closed] = []
        house.bus.on_hang_up(self._ended)

    # Keys

    def give(self, bus: Bus, peer: Peer, command: AskRelay, now: float) -> None:
        """Tell the device what it needs to use the relay."""
        bus.send([peer], self.keys_for(peer.account, peer.device))

    def keys_for(self, account: str, device: str) -> RelayKeys:
        """What a device that this account is signed in on needs."""
        if self._config.external_urls:
            # Whoever runs that server need not learn what we call people here.
            account, device = (_pseudonym(self._secret, each) for each in (account, device))
        elif self.ways:
            self._standing.begin(device)
        issued = issue(self._secret, account, device, self._house.clock.now_ms())
        servers: list[IceServer] = []
        if self.ways:
            servers = [IceServer(urls=self.urls, username=issued.username, credential=issued.password)]
        return RelayKeys(servers=servers, expires_at=issued.expires_at)

    @contextmanager
    def lend(self) -> Iterator[Callable[[str], Credentials]]:
        """Keys for the server's own use, each for whoever is named: good as long as this lasts, and of nobody
        who has an account. Where another server relays, which hears of no end, for five minutes."""
        now = self._house.clock.now_ms()
        device = new_id(now)
        self._standing.begin(device)
        try:
            yield lambda name: issue(self._secret, name, device, now, good_for_ms=LENT_MS)
        finally:
            self._ended(device, "session_ended")

    async def _signed_in(self, device: str) -> bool:
        return await self._house.db.read(lambda db: auth.on_device(db, device)) is not None

    def _ended(self, device: str, code: str) -> None:
        # For other reasons sockets are closed to come back.
        if code == "session_ended":
            self._standing.end(device)
            if self._turn is not None:
                self._turn.end_device(device)

    @property
    def urls(self) -> list[str]:
        """The ways to the relay, as browsers name them (RFC 7065), the quickest first. `{host}` stands for
        the host that the client itself reached the server by, unless the relay has a name of its own."""
        return [filled_in(each.url, self._config.relay_host or "{host}") for each in self.ways]

    @property
    def figures(self) -> Figures:
        """What it did so far."""
        return self._turn.figures if self._turn is not None else Figures()

    # Listening

    async def open(self) -> None:
        """Listen, where this server is to relay calls. A port that somebody else has is no reason for a chat
        not to start: it is logged, and calls do without that way."""
        if self._config.relay == "no" or self._config.external_urls:
            return
        house, limits = self._house, self._house.config.limits
        try:
            known = await house.db.read(lambda db: auth.known_secret(db, SECRET))
            self._secret = known or await house.db.write(_make_secret)
        except Refusal as refusal:
            logs.warning("relay.no_secret", why=refusal.code)
            return
        rules = Rules(
            secret=self._secret,
            hosts=tuple(known_hosts(house.config)),
            allocations=limits.relay_allocations,
            bytes_a_day=limits.relay_megabytes_per_day * 1_000_000,
            packets_a_second=limits.relay_packets_per_second,
        )
        self._turn = turn = Turn(house.clock, rules, self._standing.of)
        self.streams = Streams(turn, limits.sockets_per_address)
        metrics = house.metrics
        metrics.relay_dropped.values, metrics.relay_refused.values = (
            turn.figures.dropped,
            turn.figures.refused,
        )
        metrics.relay_allocations.read = lambda: turn.allocations
        await self._listen(turn, self.streams)
        house.tasks.start("relay", self._sweep)
        house.tasks.start("relay_name", self._follow_name)

    async def _listen(self, turn: Turn, streams: Streams) -> None:
        for host, port in _places(self._house.config):
            with self._told("udp", host, port):
                sock = bound(host, port)
                datagrams = Datagrams(turn, sock)
                datagrams.open()
                self._datagrams.append(datagrams)
                self._offer(way("udp", host, datagrams.port))
            with self._told("tcp", host, port):
                self._offer(way("tcp", host, await streams.listen(host, port)))
        for host, port in places(self._config.relay_tls_listen):
            try:
                context = _tls(self._house.config)
            except OSError as error:
                logs.warning("relay.no_certificate", why=str(error))
                self.closed.append(Closed("tls", port, "no_certificate", str(error)))
                continue
            with self._told("tls", host, port):
                self._offer(way("tls", host, await streams.listen(host, port, context)))
        # Where IPv4 has the port and IPv6 has not, or the other way round, it is one way all the same.
        offered = {each.name for each in self.ways}
        self.closed = [each for each in self.closed if each.name not in offered]

    def _offer(self, found: Way) -> None:
        if all(each.url != found.url for each in self.ways):
            self.ways.append(found)

    @contextmanager
    def _told(self, kind: Kind, host: str, port: int) -> Iterator[None]:
        """Say where it cannot listen, and go on; a machine without IPv6 is nothing to speak of."""
        try:
            yield
        except OSError as error:
            if ":" not in host or error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                logs.warning("relay.not_listening", way=kind, host=host, port=port, why=error.strerror)
                self.closed.append(closed(kind, port, error))

    def shares(self, port: int) -> None:
        """The server's own https port takes calls too."""
        if self._turn is not None:
            self._offer(shared(self._house.config, port))

    def adopt(self, transport: asyncio.BaseTransport, data: bytes) -> None:
        """Take over a connection to the https port that speaks STUN."""
        if self.streams is None:
            transport.close()
        else:
            self.streams.adopt(transport, data)

    async def _sweep(self) -> None:
        assert self._turn is not None
        turn, metrics = self._turn, self._house.metrics
        while True:
            await asyncio.sleep(SWEEP_S)
            turn.sweep()
            metrics.relay_packets.value, metrics.relay_bytes.value = turn.figures.packets, turn.figures.bytes

    async def _follow_name(self) -> None:
        """A name may take seconds to look up, which no start waits for, and mean something else tomorrow."""
        assert self._turn is not None
        while True:
            found = await named_hosts(self._house.config)
            if found:
                self._turn.rename(found)
            await asyncio.sleep(LOOK_S if found or not relay_host(self._house.config) else LOOK_AGAIN_S)

    def close(self) -> None:
        """End all calls that are relayed, and listen no more."""
        self._standing.close()
        if self.streams is not None:
            self.streams.close()
        for datagrams in self._datagrams:
            datagrams.close()
        if self._turn is not None:
            self._turn.close()


def _places(config: Config) -> list[tuple[str, int]]:
    if not config.port and not config.calls.relay_listen:
        # A server on a free port, of which there may be many here, takes free ports for this as well.
        return [
            (host, 0) for host, _ in places("127.0.0.1:0" if config.host == "localhost" else config.listen)
        ]
    return places(config.calls.relay_listen or DEFAULT)


def _tls(config: Config) -> ssl.SSLContext:
    """Raises OSError where there is none, or none that can be used."""
    own = config.calls.relay_tls_certificate, config.calls.relay_tls_key
    certificate, key = own if own[0] else (config.tls_certificate, config.tls_key)
    if certificate is None:
        raise FileNotFoundError("neither relay_tls_certificate nor tls_certificate is set")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def _pseudonym(secret: str, id: str) -> str:
    """The same for the same one, so that its quotas hold."""
    return hmac.digest(secret.encode(), id.encode(), "sha256").hex()[:16]


def _make_secret(tx: Tx) -> str:
    return auth.own_secret(tx, SECRET)
