"""Devices, programs and other sites' sign-in on the wire."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from appliance.features.access import actions
from appliance.features.access.flows import GOOD_FOR_S, Flow
from appliance.features.access.links import Links
from appliance.features.access.model import (
    ApiTokenMade,
    ApiTokens,
    AwaitLink,
    BeginOidc,
    ClaimLink,
    DecideLink,
    DeviceLink,
    Identities,
    LinkClaim,
    LinkClaimed,
    LinkVerdict,
    NewApiToken,
    OidcBegun,
    RenameDevice,
)
from appliance.features.access.worker import Oidc
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.auth.model import SignedIn, tidy_display
from appliance.features.signin import actions as signin
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.session import Who
from appliance.kernel.verbs import Verb
from appliance.wire.http import asker, body, done, house_of, keep_session, owner, reply, site, slow_down

HELD_S = 50.0
"""How long a question is held open: less than the minute after which proxies give up."""


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Keep what this feature needs between requests."""
    house.of_feature["device_links"] = Links(house.clock)
    house.of_feature["oidc"] = Oidc(dict(house.config.oidc), house.clock)

    async def end_token(payload: dict[str, Any]) -> None:
        await house.db.write(lambda tx: actions.end_token(tx, payload["account"], payload["device"]))

    house.jobs.register(actions.END, end_token)


# Devices


async def rename_device(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, RenameDevice), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    device = str(request.path_params["device"])
    await house.db.write(lambda tx: auth.rename_device(tx, who, device, asked.name))
    return done()


async def revoke_others(request: Request) -> Response:
    who, house = owner(request), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: auth.sign_out_everywhere(tx, who.account, but=who.device))
    return done()


# A new device


async def open_link(request: Request) -> Response:
    who, house = owner(request), house_of(request)
    slow_down(house, "device_links_per_hour", who.account)
    link, code = _links(house).open(who)
    url = f"{site(request).url}/link#{code}"
    return reply(DeviceLink(id=link.id, expires_at=link.expires_at, url=url, code=code), 201)


async def see_link(request: Request) -> Response:
    who = owner(request)
    link = _links(house_of(request)).shown_by(who, str(request.path_params["link"]))
    claimant = link.claim.claimant if link.claim else None
    return reply(DeviceLink(id=link.id, expires_at=link.expires_at, claimant=claimant))


async def decide_link(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, DecideLink), house_of(request)
    links = _links(house)
    link = links.shown_by(who, str(request.path_params["link"]))
    if not asked.confirm:
        links.refuse(link)
        return done()
    with links.letting_in(link) as claim:
        slow_down(house, "sign_ins_per_hour", who.account)
        device = NewDevice(claim.claimant.device_name, claim.claimant.device_kind, new_secret())
        me, made = await house.db.write(lambda tx: auth.sign_in(tx, who.account, device))
        claim.token = device.token
        claim.session = SignedIn(me=me, device=made, token=device.token if claim.bearer else "")
    return done()


async def claim_link(request: Request) -> Response:
    asked, house = await body(request, ClaimLink), house_of(request)
    address = request.scope["address"]
    slow_down(house, "device_link_tries", address)
    name = tidy_display(asked.device_name, "Unknown device")
    link, secret = _links(house).claim(asked.code, name, asked.device_kind, bearer=asked.bearer)
    house.limits["device_link_tries"].give_back(address)
    assert link.claim is not None
    person = await house.db.read(lambda db: auth.person(db, link.owner.account))
    told = LinkClaimed(link=link.id, claimant=link.claim.claimant)
    shown = [
        socket for socket in house.bus.of_account(link.owner.account) if socket.device == link.owner.device
    ]
    house.bus.send(shown, told)
    return reply(
        LinkClaim(
            claim=secret,
            number=link.claim.claimant.number,
            display=person.display if person else "",
            expires_at=link.expires_at,
        )
    )


async def await_link(request: Request) -> Response:
    asked, house = await body(request, AwaitLink), house_of(request)
    claim = await _links(house).verdict(asked.claim, HELD_S, house.stopping)
    if claim is None or claim.session is None:
        return reply(LinkVerdict())
    response = reply(LinkVerdict(signed_in=claim.session))
    return response if claim.bearer else keep_session(request, response, claim.token)


# Programs


async def list_tokens(request: Request) -> Response:
    who = owner(request)
    return reply(ApiTokens(tokens=await house_of(request).db.read(lambda db: actions.tokens(db, who))))


async def add_token(request: Request) -> Response:
    who, asked, house = _confirmed(request), await body(request, NewApiToken), house_of(request)
    slow_down(house, "sign_ins_per_hour", who.account)
    most = house.config.limits.tokens_per_person
    token, secret = await house.db.write(lambda tx: actions.add_token(tx, who, asked, most))
    return reply(ApiTokenMade(token=token, secret=secret), 201)


async def revoke_token(request: Request) -> Response:
    who, token = owner(request), str(request.path_params["token"])
    await house_of(request).db.write(lambda tx: actions.revoke_token(tx, who, token))
    return done()


async def take_ticket(request: Request) -> Response:
    who, house = asker(request, scope="read"), house_of(request)
    # No page may make of its cookie, which no script can read, something that can be carried away.
    if not request.scope["token"]:
        raise Refusal("forbidden")
    slow_down(house, "tickets_per_minute", who.account)
    return reply(await house.db.write(lambda tx: actions.write_ticket(tx, who)), 201)


# Other sites' sign-in


async def begin_oidc(request: Request) -> Response:
    asked, house, name = (
        await body(request, BeginOidc),
        house_of(request),
        str(request.path_params["provider"]),
    )
    oidc = _oidc(house)
    oidc.settings(name)
    who: Who | None = None
    if asked.purpose != "sign_in":
        who = _confirmed(request) if asked.purpose == "link" else owner(request)
    slow_down(house, "oidc_begins_per_minute", request.scope["address"])
    here = site(request)
    flow, cookie = oidc.flows.begin(name, f"{here.url}/api/oidc/{name}/callback", who, asked)
    response = reply(OidcBegun(url=await oidc.address(flow)))
    # Lax, where the session's own cookie is Strict: the way back is a navigation that another site began, and
    # on that browsers send no Strict cookie. So this one alone ties the answer to the browser that asked, and
    # whose account it is about stands in the flow.
    response.set_cookie(
        _cookie(request), cookie, max_age=GOOD_FOR_S, secure=here.secure, httponly=True, samesite="lax"
    )
    return response


async def end_oidc(request: Request) -> Response:
    """Back from the other site. Whatever came of it, the page that follows has no secret in its address."""
    house, name = house_of(request), str(request.path_params["provider"])
    oidc = _oidc(house)
    oidc.settings(name)
    asked, flow, token = request.query_params, None, ""
    try:
        flow = oidc.flows.finish(name, asked.get("state", ""), request.cookies.get(_cookie(request), ""))
        outcome: str = flow.purpose
        token = await _finish(house, oidc, flow, asked.get("code", ""), asked.get("iss", ""))
    except Refusal as refusal:
        house.metrics.errors.add(refusal.code)
        outcome = refusal.code
    response = RedirectResponse(f"/returned#{outcome}", 303, headers={"cache-control": "no-store"})
    if flow is not None:
        response.delete_cookie(_cookie(request), secure=site(request).secure, httponly=True, samesite="lax")
    # Set on the way, this one is Strict already: the page needs none, and what it then asks comes from
    # itself.
    return keep_session(request, response, token) if token else response


async def _finish(house: House, oidc: Oidc, flow: Flow, code: str, issuer: str) -> str:
    """Do what the browser went there for; returns the token of a new session, if that was it."""
    if not code:
        raise Refusal("provider_refused")
    proven, who = await oidc.prove(flow, code, issuer), flow.owner
    if who is not None and flow.purpose == "link":
        await house.db.write(lambda tx: actions.link(tx, who, proven))
        return ""
    if who is not None:
        await house.db.read(lambda db: actions.confirm(db, who, proven))
        house.of_feature["confirmed"].keep(who.device, True)
        return ""
    account = await house.db.read(lambda db: actions.account_of(db, proven))
    slow_down(house, "sign_ins_per_hour", account or flow.provider)
    device = NewDevice(flow.device_name, flow.device_kind, new_secret())
    opened = oidc.settings(flow.provider).sign_up == "yes"
    _, made = await house.db.write(lambda tx: actions.enter(tx, house.config, proven, opened, device))
    house.of_feature["confirmed"].keep(made, True)
    return device.token


async def list_identities(request: Request) -> Response:
    who, house = owner(request), house_of(request)
    found = await house.db.read(lambda db: actions.identities(db, house.config, who))
    return reply(Identities(identities=found))


async def unlink_identity(request: Request) -> Response:
    who, identity = _confirmed(request), str(request.path_params["identity"])
    await house_of(request).db.write(lambda tx: actions.unlink(tx, who, identity))
    return done()


ROUTES = [
    Route("/api/devices", revoke_others, methods=["DELETE"]),
    Route("/api/devices/{device}", rename_device, methods=["PATCH"]),
    Route("/api/device-links", open_link, methods=["POST"]),
    Route("/api/device-links/claim", claim_link, methods=["POST"]),
    Route("/api/device-links/wait", await_link, methods=["POST"]),
    Route("/api/device-links/{link}", see_link, methods=["GET"]),
    Route("/api/device-links/{link}/decide", decide_link, methods=["POST"]),
    Route("/api/tokens", list_tokens, methods=["GET"]),
    Route("/api/tokens", add_token, methods=["POST"]),
    Route("/api/tokens/{token}", revoke_token, methods=["DELETE"]),
    Route("/api/tickets", take_ticket, methods=["POST"]),
    Route("/api/oidc/{provider}/begin", begin_oidc, methods=["POST"]),
    Route("/api/oidc/{provider}/callback", end_oidc, methods=["GET"]),
    Route("/api/identities", list_identities, methods=["GET"]),
    Route("/api/identities/{identity}", unlink_identity, methods=["DELETE"]),
]


def _links(house: House) -> Links:
    found: Links = house.of_feature["device_links"]
    return found


def _oidc(house: House) -> Oidc:
    found: Oidc = house.of_feature["oidc"]
    return found


def _cookie(request: Request) -> str:
    return "__Host-safevoice-oidc" if site(request).secure else "safevoice-oidc"


def _confirmed(request: Request) -> Who:
    """Who asks, where they showed a moment ago that it is them; raises confirm_needed."""
    who, house = owner(request), house_of(request)
    signin.require_confirmed(house, who)
    slow_down(house, "changes_per_minute", who.account)
    return who
