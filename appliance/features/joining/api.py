"""Ways in, on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.auth.model import Me, SignedIn
from appliance.features.joining import actions
from appliance.features.joining.model import (
    Invites,
    NewInvite,
    Register,
)
from appliance.features.signin import actions as signin
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Tx
from appliance.kernel.verbs import Verb
from appliance.wire.http import (
    body,
    done,
    house_of,
    keep_session,
    reply,
    site,
    slow_down,
    staff,
)


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Nothing to say: what it changes are rows of others."""


async def register(request: Request) -> Response:
    asked, house = await body(request, Register), house_of(request)
    auth.check_name(asked.name)
    if asked.password or asked.passkey is None:
        auth.check_password(asked.password)
    slow_down(house, "registrations_per_hour", request.scope["address"])
    code = asked.invite.strip()
    # Looked at once more when it is used; here so that whom nobody let in costs no hash.
    await house.db.read(lambda db: auth.check_sign_up(db, house.config, code))
    promised, passkey = "", None
    if asked.passkey is not None:
        promised, passkey = await signin.passkey_for_new_account(house, site(request), asked.passkey)
    hashed = await house.of_feature["passwords"].hash(asked.password) if asked.password else ""
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())

    def unit(tx: Tx) -> tuple[Me, str]:
        account = NewAccount(asked.name, asked.display, hashed, promised)
        me = actions.register(tx, house.config, account, code)
        if passkey is not None:
            signin.add_passkey(tx, me.id, passkey, "")
        return auth.sign_in(tx, me.id, device)

    return _signed_in(request, await house.db.write(unit), device, bearer=asked.bearer)


async def list_invites(request: Request) -> Response:
    staff(request)
    url, spent = site(request).url, request.query_params.get("spent") == "1"
    found = await house_of(request).db.read(lambda db: actions.invites(db, url, spent=spent))
    return reply(Invites(invites=found))


async def add_invite(request: Request) -> Response:
    who, asked, url = staff(request), await body(request, NewInvite), site(request).url
    house = house_of(request)
    slow_down(house, "links_per_hour", who.account)
    return reply(await house.db.write(lambda tx: actions.invite(tx, who, asked, url)), 201)


async def revoke_invite(request: Request) -> Response:
    who, invite = staff(request), str(request.path_params["invite"])
    await house_of(request).db.write(lambda tx: actions.revoke_invite(tx, who, invite))
    return done()


async def invite_info(request: Request) -> Response:
    house, code = house_of(request), str(request.path_params["code"])
    slow_down(house, "invite_looks_per_minute", request.scope["address"])
    return reply(await house.db.read(lambda db: actions.invite_info(db, house.config, code)))


ROUTES = [
    Route("/api/register", register, methods=["POST"]),
    Route("/api/invites", list_invites, methods=["GET"]),
    Route("/api/invites", add_invite, methods=["POST"]),
    Route("/api/invites/{invite}", revoke_invite, methods=["DELETE"]),
    Route("/api/invites/{code}", invite_info, methods=["GET"]),
]


def _signed_in(request: Request, made: tuple[Me, str], device: NewDevice, *, bearer: bool) -> Response:
    me, device_id = made
    response = reply(SignedIn(me=me, device=device_id, token=device.token if bearer else ""))
    return response if bearer else keep_session(request, response, device.token)
