"""Accounts, devices and invites on the wire."""

import hmac

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance import __version__
from appliance.features.auth import actions
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.auth.model import (
    Community,
    Devices,
    Me,
    SetUp,
    SignedIn,
    SignInProvider,
)
from appliance.features.auth.passwords import Passwords
from appliance.features.auth.worker import LastSeen, SetUpCode
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Reader, Tx
from appliance.kernel.verbs import Verb
from appliance.wire.http import (
    asker,
    body,
    done,
    end_session,
    house_of,
    keep_session,
    owner,
    reply,
    site,
    slow_down,
)


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded, and keep what it needs between requests."""
    house.replays.register_whole(actions.whole)
    house.replays.register(actions.ME, actions.load_me)
    house.replays.register(actions.DEVICES, actions.load_devices)
    limits = house.config.limits
    passwords = Passwords(limits.argon2_memory_mib, limits.argon2_threads)
    house.of_feature["passwords"] = passwords
    house.of_feature["last_seen"] = LastSeen(house.db, house.clock)
    house.of_feature["set_up_code"] = SetUpCode()
    house.tasks.start("last-seen", house.of_feature["last_seen"].run)


async def community(request: Request) -> Response:
    house, who, here = house_of(request), request.scope.get("who"), site(request)

    def look(db: Reader) -> Community:
        whole = actions.whole(db, who.account) if who else []
        settings = actions.settings(db, house.config)
        return Community(
            name=settings.name,
            version=__version__,
            needs_setup=not actions.any_account(db),
            sign_up=actions.sign_up(db, house.config),
            protected=here.protected,
            text_bytes=house.config.limits.text_bytes,
            welcome=settings.welcome,
            accent=settings.accent,
            logo=actions.logo(db),
            credits=settings.credits,
            providers=[
                SignInProvider(name=name, label=each.label) for name, each in house.config.oidc.items()
            ],
            development=house.config.development == "yes",
            me=whole[0].me if whole else None,
            device=who.device if who else "",
        )

    return reply(await house.db.read(look))


async def set_up(request: Request) -> Response:
    asked, house = await body(request, SetUp), house_of(request)
    # Not for all addresses together: a stranger could then keep the admin out. The code has 60 bits.
    slow_down(house, "sign_in_tries", ("address", request.scope["address"]))
    code: SetUpCode = house.of_feature["set_up_code"]
    if await house.db.read(actions.any_account):
        raise Refusal("setup_done")
    if not hmac.compare_digest(code.value.encode(), asked.code.strip().lower().encode()):
        raise Refusal("setup_code_wrong", field="code")
    account = await _new_account(house, asked.name, asked.display, asked.password)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())

    def unit(tx: Tx) -> tuple[Me, str]:
        me = actions.set_up(tx, asked.community, account)
        return actions.sign_in(tx, me.id, device)

    return _signed_in(request, await house.db.write(unit), device, bearer=False)


async def sign_out(request: Request) -> Response:
    who = asker(request, guests=True, scope="read")
    await house_of(request).db.write(lambda tx: actions.revoke(tx, who, who.device))
    return end_session(request, done())


async def list_devices(request: Request) -> Response:
    who, house = owner(request), house_of(request)
    connected = frozenset(socket.device for socket in house.bus.of_account(who.account))
    return reply(Devices(devices=await house.db.read(lambda db: actions.devices(db, who, connected))))


async def revoke_device(request: Request) -> Response:
    who, device = owner(request), str(request.path_params["device"])
    await house_of(request).db.write(lambda tx: actions.revoke(tx, who, device))
    return done()


ROUTES = [
    Route("/api/community", community, methods=["GET"]),
    Route("/api/setup", set_up, methods=["POST"]),
    Route("/api/sign-out", sign_out, methods=["POST"]),
    Route("/api/devices", list_devices, methods=["GET"]),
    Route("/api/devices/{device}", revoke_device, methods=["DELETE"]),
]


async def _new_account(house: House, name: str, display: str, password: str) -> NewAccount:
    """Checks first what costs nothing, so that a bad name does not cost a hash."""
    actions.check_name(name)
    actions.check_password(password)
    return NewAccount(name, display, await house.of_feature["passwords"].hash(password))


def _signed_in(request: Request, made: tuple[Me, str], device: NewDevice, *, bearer: bool) -> Response:
    me, device_id = made
    response = reply(SignedIn(me=me, device=device_id, token=device.token if bearer else ""))
    return response if bearer else keep_session(request, response, device.token)
