"""The composition root: configuration, kernel, features in their order, edge. Knows every feature."""

import asyncio
import contextlib
import gc
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from functools import partial
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from appliance import __version__
from appliance.config import Config
from appliance.edge import http, pwa
from appliance.edge.gate import Gate, Keys
from appliance.edge.middleware import Door
from appliance.edge.rfc6455 import text_frame
from appliance.edge.serving import Server
from appliance.edge.socket import Socket
from appliance.features.access import actions as access
from appliance.features.access import api as access_api
from appliance.features.access.worker import redeem
from appliance.features.admin import api as admin_api
from appliance.features.auth import actions as auth
from appliance.features.auth import api as auth_api
from appliance.features.auth.actions import NewAccount
from appliance.features.calls import api as calls_api
from appliance.features.calls.selftest import words as relay_words
from appliance.features.calls.selftest.keeper import SelfTest
from appliance.features.calls.worker import Relay
from appliance.features.credits import api as credits_api
from appliance.features.departure import api as departure_api
from appliance.features.joining import api as joining_api
from appliance.features.logo import api as logo_api
from appliance.features.media import api as media_api
from appliance.features.messages import actions as messages
from appliance.features.messages import api as messages_api
from appliance.features.moderation import api as moderation_api
from appliance.features.people import api as people_api
from appliance.features.rooms import api as rooms_api
from appliance.features.search import api as search_api
from appliance.features.signin import api as signin_api
from appliance.features.support import api as support_api
from appliance.kernel import commands, control, jobs, journal, logs
from appliance.kernel.bus import Bus
from appliance.kernel.clock import Clock, RisingClock, SystemClock
from appliance.kernel.db import Database
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.limits import Limiter, Window
from appliance.kernel.lock import StartRefused, hold
from appliance.kernel.metrics import Metrics
from appliance.kernel.migrate import SchemaError
from appliance.kernel.migrate import migrate as migrate_database
from appliance.kernel.replay import Replays
from appliance.kernel.session import Who
from appliance.kernel.tasks import Tasks
from appliance.kernel.transaction import Reader, Tx
from appliance.wire.codec import encode

FEATURES: tuple[Any, ...] = (
    auth_api,
    signin_api,
    access_api,
    people_api,
    logo_api,
    rooms_api,
    joining_api,
    media_api,
    search_api,
    messages_api,
    calls_api,
    support_api,
    moderation_api,
    credits_api,
    departure_api,
    admin_api,
)
DATABASE = "safevoice.db"
SWEEP_MS = 3_600_000
SWEEP_ROWS = 5000
SWITCH_S = 0.0005
"""How long one thread may keep another from Python. The default of 5 ms makes the writer's thread wait
that long after each of its statements while the event loop is busy."""
BELIEVABLE_MS = 24 * 3_600_000


def migrate(config: Config) -> None:
    """Bring the database to this version's schema, with nobody else on the folder."""
    with hold(config.data):
        _migrate(config)


def create_admin(config: Config, name: str, display: str, community: str, password: str) -> None:
    """Make an admin's account in the data folder itself, and name the community if a name is given; raises
    AlreadyRunning or a Refusal."""

    async def create() -> None:
        async with opened(config) as house:
            await _create_admin(house, name, display, community, password)

    with hold(config.data):
        _migrate(config)
        asyncio.run(create())


def serve(config: Config) -> None:
    """Run until SIGTERM or SIGINT."""
    with hold(config.data):
        _migrate(config)
        sys.setswitchinterval(SWITCH_S)
        uvloop.run(_serve(config))


async def _serve(config: Config) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(config) as (house, port):
        verbs: dict[str, control.Verb] = {
            "create_admin": partial(_create_admin, house),
            "doctor": partial(_doctor, house),
        }
        control_socket = control.Control(config.data, verbs)
        await control_socket.open()
        await _announce(house, port)
        house.of_feature["relay_test"].begin()
        # What start-up made lives as long as the process; the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        await stop.wait()
        logs.event("server.stopping")
        await control_socket.close()
    logs.event("server.stopped")


@asynccontextmanager
async def opened(config: Config, clock: Clock | None = None) -> AsyncIterator[House]:
    """The kernel and the features on an existing, migrated database, without the edge."""
    metrics = Metrics()
    loop = asyncio.get_running_loop()
    raw_clock = clock or SystemClock()
    rising = RisingClock(raw_clock, _newest(config, raw_clock))
    bus = Bus(_prepare, loop.call_soon, metrics)
    db = Database(config.data / DATABASE, rising, bus, metrics, wait_s=config.limits.database_wait_seconds)
    # Undone in reverse, each whatever happens to the others: a database that is left open keeps its threads,
    # and with them the process, alive for ever.
    async with AsyncExitStack() as undo:
        undo.push_async_callback(db.close)
        await db.open()
        house = House(
            config=config,
            clock=rising,
            metrics=metrics,
            bus=bus,
            db=db,
            jobs=jobs.Jobs(db, rising, metrics),
            tasks=Tasks(rising),
            replays=Replays(config.limits.replay_rows),
            limits=_limiters(config, rising),
        )
        metrics.writer_queue.read = lambda: db.waiting
        undo.push_async_callback(house.tasks.stop)
        for feature in FEATURES:
            feature.settle(house)
        undo.callback(house.of_feature["passwords"].close)
        undo.push_async_callback(house.of_feature["last_seen"].flush)
        undo.push_async_callback(house.of_feature["receipts"].flush)
        undo.push_async_callback(house.of_feature["oidc"].close)
        undo.push_async_callback(house.of_feature["relay_test"].close)
        await house.of_feature["ringing"].load()
        await _start_jobs(house)
        yield house


@asynccontextmanager
async def running(config: Config, clock: Clock | None = None) -> AsyncIterator[tuple[House, int]]:
    """The whole server; yields the house and the port it listens on. Needs a migrated database."""
    async with opened(config, clock) as house:
        verbs = {command: verb for feature in FEATURES for command, verb in feature.frames(house).items()}
        keys = Keys(
            auth.authenticate, auth.on_device, partial(redeem, house), house.of_feature["last_seen"].note
        )
        gate = Gate(house, verbs, keys)
        house.tasks.start("heartbeat", gate.beat)
        relay: Relay = house.of_feature["relay"]
        server = Server(
            uvicorn.Config(
                web(house, gate),
                host=config.host,
                port=config.port,
                http=http.connections(relay.adopt),
                ws=partial(Socket, gate),  # type: ignore[arg-type]  # any factory of a protocol will do
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=4096,
                timeout_keep_alive=30,
                ssl_certfile=config.tls_certificate,
                ssl_keyfile=config.tls_key,
            ),
            house,
        )
        serving = asyncio.ensure_future(server.serve())
        try:
            port = await server.port(serving)
            await relay.open()
            if config.tls_certificate:
                relay.shares(port)
            yield house, port
        finally:
            server.should_exit = True
            house.stopping.set()
            # Before the others are waited for: whoever is in a call looks for another way at once.
            relay.close()
            await house.of_feature["relay_test"].close()
            with contextlib.suppress(asyncio.CancelledError):
                await serving


def web(house: House, gate: Gate) -> Starlette:
    """Everything that is plain HTTP."""
    routes = [route for feature in FEATURES for route in feature.ROUTES]
    app = Starlette(
        routes=[*routes, *http.ROUTES, Route("/{path:path}", pwa.WebApp().__call__, methods=["GET"])],
        exception_handlers={
            Refusal: http.on_refusal,
            HTTPException: http.on_http_exception,
            Exception: http.on_crash,
        },
    )
    app.state.house = house
    requests = Limiter(house.clock, house.config.limits.requests_per_minute, 60)
    app.add_middleware(Door, config=house.config, authenticate=gate.who, limiter=requests, seen=gate.seen)
    return app


def _prepare(event: Any) -> bytes:
    return text_frame(encode(event))


def _limiters(config: Config, clock: Clock) -> dict[str, Limiter | Window]:
    limits = config.limits
    return {
        "messages_per_minute": Limiter(clock, limits.messages_per_minute, 60, limits.message_burst),
        "rooms_per_hour": Limiter(clock, limits.rooms_per_hour, 3600),
        "joins_per_hour": Limiter(clock, limits.joins_per_hour, 3600),
        "changes_per_minute": Limiter(clock, limits.changes_per_minute, 60),
        "profile_changes_per_hour": Limiter(clock, limits.profile_changes_per_hour, 3600),
        "exports_per_day": Limiter(clock, limits.exports_per_day, 86_400),
        "sign_in_tries": Window(clock, limits.sign_in_tries, 300),
        "sign_in_tries_per_address": Window(clock, limits.sign_in_tries_per_address, 300),
        "sign_in_tries_per_account": Window(clock, limits.sign_in_tries_per_account, 300),
        "code_tries_per_hour": Window(clock, limits.code_tries_per_hour, 3600),
        "challenges_per_minute": Limiter(clock, limits.challenges_per_minute, 60),
        "sign_ins_per_hour": Limiter(clock, limits.sign_ins_per_hour, 3600),
        "registrations_per_hour": Limiter(clock, limits.registrations_per_hour, 3600),
        "reports_per_hour": Limiter(clock, limits.reports_per_hour, 3600),
        "gifts_per_hour": Limiter(clock, limits.gifts_per_hour, 3600),
        "uploads_per_hour": Limiter(clock, limits.uploads_per_hour, 3600),
        "links_per_hour": Limiter(clock, limits.links_per_hour, 3600),
        "guests_per_hour": Limiter(clock, limits.guests_per_hour, 3600),
        "secret_tries": Window(clock, limits.secret_tries, 300),
        "device_links_per_hour": Limiter(clock, limits.device_links_per_hour, 3600),
        "device_link_tries": Window(clock, limits.device_link_tries, 300),
        "tickets_per_minute": Limiter(clock, limits.tickets_per_minute, 60),
        "rings_per_hour": Limiter(clock, limits.rings_per_hour, 3600),
        "oidc_begins_per_minute": Window(clock, limits.oidc_begins_per_minute, 60),
        "relay_tests_per_hour": Limiter(clock, limits.relay_tests_per_hour, 3600),
        "searches_per_minute": Limiter(clock, limits.searches_per_minute, 60),
        "invite_looks_per_minute": Window(clock, limits.invite_looks_per_minute, 60),
    }


def _migrate(config: Config) -> None:
    try:
        before, after = migrate_database(config.data / DATABASE)
    except SchemaError as error:
        raise StartRefused(str(error)) from error
    except sqlite3.Error as error:
        raise StartRefused(f"{config.data / DATABASE} cannot be opened: {error}") from error
    if before != after:
        logs.event("database.migrated", before=before, after=after)


def _newest(config: Config, clock: Clock) -> int:
    """The newest message's time, so that a clock set back does not put new messages before old ones; unless
    it lies so far ahead that the clock must have been wrong then rather than now."""
    with closing(sqlite3.connect(config.data / DATABASE)) as conn:
        newest = messages.newest_at(Reader(conn, clock.now_ms()))
    return newest if newest - clock.now_ms() < BELIEVABLE_MS else 0


async def _start_jobs(house: House) -> None:
    async def sweep(payload: dict[str, Any]) -> int:
        def unit(tx: Tx) -> int:
            done = (journal.trim, commands.forget_expired, auth.forget_devices, access.forget_tickets)
            return max(forget(tx, most=SWEEP_ROWS) for forget in done)

        # A full hand means that there is more: go on soon, in small units that let messages through.
        return 1000 if await house.db.write(unit) >= SWEEP_ROWS else SWEEP_MS

    house.jobs.register("sweep", sweep)
    house.bus.on_wake(jobs.WAKE, house.jobs.wake)
    # The job runner must also run where the disk is full: then this waits for better times.
    with contextlib.suppress(Refusal):
        await house.db.write(lambda tx: jobs.enqueue(tx, "sweep", {}, key="sweep", delay_ms=60_000))
    house.tasks.start("jobs", house.jobs.run)


async def _create_admin(house: House, name: str, display: str, community: str, password: str) -> None:
    auth.check_name(name)
    auth.check_password(password)
    hashed = await house.of_feature["passwords"].hash(password)

    def unit(tx: Tx) -> None:
        auth.add_account(tx, NewAccount(name, display, hashed), role="admin")
        if community.strip():
            auth.name_community(tx, community)

    await house.db.write(unit)


async def _doctor(house: House) -> dict[str, Any]:
    """How the running server does, for somebody at its terminal; tries the relay anew."""
    test: SelfTest = house.of_feature["relay_test"]
    found = await test.run()
    return {
        "version": __version__,
        "well": relay_words.well(found),
        "parts": {"Calls": relay_words.lines(found)},
    }


async def _announce(house: House, port: int) -> None:
    config = house.config
    data = await asyncio.to_thread(config.data.absolute)
    scheme = "https" if config.tls_certificate else "http"
    url = config.public_url or f"{scheme}://{config.host}:{port}"
    logs.event("server.ready", url=url, data=str(data))
    if config.public_url.startswith("https:") and not config.tls_certificate and not config.trusted_proxies:
        logs.warning("proxy.not_named", why="without trusted_proxies all seem to come from one address")
    print(f"\n  SafeVoice is ready at {url}", flush=True)
    if not await house.db.read(auth.any_account):
        code = house.of_feature["set_up_code"].value
        print(f"  First visit: open it and enter this one-time code:  {code}\n", flush=True)


__all__ = ["Who", "create_admin", "migrate", "opened", "running", "serve"]
