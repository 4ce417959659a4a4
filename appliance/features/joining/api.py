"""Ways in, on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.auth.model import Me, SignedIn
from appliance.features.joining import actions
from appliance.features.joining.model import (
    BecomeMember,
    EnterAsGuest,
    GuestLinks,
    Invites,
    NewGuestLink,
    NewInvite,
    Register,
)
from appliance.features.rooms import actions as rooms
from appliance.features.signin import actions as signin
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Tx
from appliance.kernel.verbs import Verb
from appliance.wire.http import (
    asker,
    body,
    done,
    house_of,
    keep_session,
    owner,
    reply,
    site,
    slow_down,
    staff,
)


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Say what is dropped with a room."""
    house.purges.append(actions.purge_room)


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
            signin.add_passkey(tx, me.id, passkey, device=asked.device_name)
        return auth.sign_in(tx, me.id, device)

    made = await house.db.write(unit)
    # They have just chosen how to sign in, and need not show at once that they can.
    house.of_feature["confirmed"].keep(made[1], True)
    return _signed_in(request, made, device, bearer=asked.bearer)


async def list_invites(request: Request) -> Response:
    who, url = staff(request), site(request).url
    spent = request.query_params.get("spent") == "1"
    found = await house_of(request).db.read(lambda db: actions.invites(db, who, url, spent=spent))
    return reply(Invites(invites=found))


async def add_invite(request: Request) -> Response:
    who, asked, url = staff(request), await body(request, NewInvite), site(request).url
    house = house_of(request)
    slow_down(house, "links_per_hour", who.account)
    return reply(await house.db.write(lambda tx: actions.invite(tx, who, asked, url)), 201)


async def revoke_invite(request: Request) -> Response:
    who, invite = staff(request), str(request.path_params["invite"])
    slow_down(house_of(request), "changes_per_minute", who.account)
    await house_of(request).db.write(lambda tx: actions.revoke_invite(tx, who, invite))
    return done()


async def invite_info(request: Request) -> Response:
    house, code = house_of(request), str(request.path_params["code"])
    slow_down(house, "invite_looks_per_minute", request.scope["address"])
    return reply(await house.db.read(lambda db: actions.invite_info(db, house.config, code)))


async def list_guest_links(request: Request) -> Response:
    who, room, url = asker(request), str(request.path_params["room"]), site(request).url
    found = await house_of(request).db.read(lambda db: actions.guest_links(db, who, room, url))
    return reply(GuestLinks(links=found))


async def add_guest_link(request: Request) -> Response:
    who, asked, url = asker(request), await body(request, NewGuestLink), site(request).url
    house, room = house_of(request), str(request.path_params["room"])
    slow_down(house, "links_per_hour", who.account)
    made = await house.db.write(lambda tx: actions.open_guest_link(tx, house.config, who, room, asked, url))
    return reply(made, 201)


async def revoke_guest_link(request: Request) -> Response:
    who, link = asker(request), str(request.path_params["link"])
    and_guests = request.query_params.get("guests") == "1"
    slow_down(house_of(request), "changes_per_minute", who.account)
    await house_of(request).db.write(
        lambda tx: actions.revoke_guest_link(tx, who, link, and_guests=and_guests)
    )
    return done()


async def guest_door(request: Request) -> Response:
    house, code = house_of(request), str(request.path_params["code"])
    slow_down(house, "invite_looks_per_minute", request.scope["address"])
    return reply(await house.db.read(lambda db: actions.guest_door(db, house.config, code)))


async def enter_as_guest(request: Request) -> Response:
    asked, house = await body(request, EnterAsGuest), house_of(request)
    slow_down(house, "guests_per_hour", request.scope["address"])
    halls = rooms.Rooms(house.config.limits.room_members)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())

    def unit(tx: Tx) -> tuple[Me, str]:
        return auth.sign_in(
            tx, actions.enter_as_guest(tx, house.config, halls, asked.code, asked.display).id, device
        )

    return _signed_in(request, await house.db.write(unit), device, bearer=asked.bearer)


async def become_member(request: Request) -> Response:
    who, asked = owner(request, guests=True), await body(request, BecomeMember)
    house = house_of(request)
    auth.check_name(asked.name)
    auth.check_password(asked.password)
    slow_down(house, "registrations_per_hour", request.scope["address"])
    await house.db.read(lambda db: auth.check_sign_up(db, house.config, asked.invite.strip()))
    hashed = await house.of_feature["passwords"].hash(asked.password)
    me = await house.db.write(lambda tx: actions.become_member(tx, house.config, who, asked, hashed))
    return reply(SignedIn(me=me, device=who.device))


ROUTES = [
    Route("/api/register", register, methods=["POST"]),
    Route("/api/invites", list_invites, methods=["GET"]),
    Route("/api/invites", add_invite, methods=["POST"]),
    Route("/api/invites/{invite}", revoke_invite, methods=["DELETE"]),
    Route("/api/invites/{code}", invite_info, methods=["GET"]),
    Route("/api/rooms/{room}/guest-links", list_guest_links, methods=["GET"]),
    Route("/api/rooms/{room}/guest-links", add_guest_link, methods=["POST"]),
    Route("/api/guest-links/{link}", revoke_guest_link, methods=["DELETE"]),
    Route("/api/guest-links/{code}", guest_door, methods=["GET"]),
    Route("/api/guests", enter_as_guest, methods=["POST"]),
    Route("/api/guests/me/member", become_member, methods=["POST"]),
]


def _signed_in(request: Request, made: tuple[Me, str], device: NewDevice, *, bearer: bool) -> Response:
    me, device_id = made
    response = reply(SignedIn(me=me, device=device_id, token=device.token if bearer else ""))
    return response if bearer else keep_session(request, response, device.token)
