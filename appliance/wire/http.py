"""HTTP requests and answers, as thin handlers need them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.session import Scope, Who
from appliance.wire.codec import encode
from appliance.wire.decode import decode

B = TypeVar("B", bound=msgspec.Struct)

MAX_BODY = 64 * 1024
COOKIE_SECONDS = 400 * 24 * 3600
BODY_WAIT_S = 20.0


def house_of(request: Request) -> House:
    """The kernel that this request is served by."""
    house: House = request.app.state.house
    return house


SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


def asker(request: Request, *, guests: bool = False, scope: Scope | None = None) -> Who:
    """Who sent the request; raises signed_out, or forbidden for a guest where guests may not, and for a
    session that is confined to something else than `scope` (by itself: read for what changes nothing)."""
    who: Who | None = request.scope.get("who")
    if who is None:
        raise Refusal("signed_out")
    needed: Scope = scope or ("read" if request.method in SAFE_METHODS else "write")
    if (who.guest and not guests) or not who.may_use(needed):
        raise Refusal("forbidden")
    return who


def owner(request: Request, *, guests: bool = False) -> Who:
    """The person themselves, at a device that they signed in: no program with a token may touch how one
    signs in. Raises signed_out or forbidden."""
    who = asker(request, guests=guests)
    if who.scopes:
        raise Refusal("forbidden")
    return who


def staff(request: Request) -> Who:
    """Who sent the request, when it is an admin or a moderator; raises signed_out or forbidden."""
    who = asker(request)
    if not who.staff or not who.may_use("admin"):
        raise Refusal("forbidden")
    return who


def admin(request: Request) -> Who:
    """Who sent the request, when it is an admin; raises signed_out or forbidden."""
    who = staff(request)
    if not who.admin:
        raise Refusal("forbidden")
    return who


async def body(request: Request, kind: type[B]) -> B:
    """The request's JSON body as a Struct; raises bad_request or too_large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal("bad_request", text="The body must be application/json.")
    received = await upload(request, MAX_BODY, within_s=BODY_WAIT_S)
    try:
        return decode(msgspec.json.Decoder(kind), received)
    except msgspec.DecodeError as error:
        raise Refusal("bad_request", text=f"{error}.") from error


async def upload(request: Request, most: int, *, within_s: float) -> bytes:
    """The request's body as it comes, at most `most` bytes; raises bad_request or too_large, and signed_out
    or forbidden where who asks became somebody else meanwhile."""
    received = bytearray()

    async def take(part: bytes) -> None:
        received.extend(part)

    await receive(request, most, take, within_s=within_s)
    return bytes(received)


async def receive(
    request: Request,
    most: int,
    take: Callable[[bytes], Awaitable[None]],
    *,
    within_s: float,
    each_bytes: int = 0,
) -> None:
    """The same for what is too large to be held in memory: `take` gets each part as it comes. With
    `each_bytes` so many have to come `within_s`, and then as many again: a slow line gets through, and
    nobody stays by a trickle."""
    size = reached = 0
    # Else what is too large would be received up to where that shows.
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise Refusal("too_large", limit="body")
    try:
        async with asyncio.timeout(within_s) as patience:
            async for chunk in request.stream():
                size += len(chunk)
                if each_bytes and size - reached >= each_bytes:
                    reached = size
                    patience.reschedule(asyncio.get_running_loop().time() + within_s)
                if size > most:
                    raise Refusal("too_large", limit="body")
                await take(chunk)
    except TimeoutError as error:
        raise Refusal("bad_request", text="The body did not come.") from error
    except ClientDisconnect as error:
        raise Refusal("bad_request", text="The body ended too early.") from error
    who = request.scope.get("who")
    now = await request.scope["who_now"]() if who is not None else None
    # Else a request that is kept open would outlive the power that it was begun with.
    if now != who:
        raise Refusal("forbidden" if now else "signed_out")


def slow_down(house: House, limit: str, *keys: Hashable) -> None:
    """Count a try of each of `keys` against the limiter `limit`; raises rate_limited, and counts none."""
    taken: list[Hashable] = []
    for key in keys:
        wait = house.limits[limit].take(key)
        if wait:
            for earlier in taken:
                house.limits[limit].give_back(earlier)
            raise Refusal("rate_limited", retry_after_ms=wait, limit=limit)
        taken.append(key)


def keep_session(request: Request, response: Response, token: str) -> Response:
    """Let the browser keep a session in its cookie."""
    here = site(request)
    response.set_cookie(
        here.cookie, token, max_age=COOKIE_SECONDS, secure=here.secure, httponly=True, samesite="strict"
    )
    return response


def end_session(request: Request, response: Response) -> Response:
    """Let the browser forget its session."""
    here = site(request)
    response.delete_cookie(here.cookie, secure=here.secure, httponly=True, samesite="strict")
    # The browser then drops what it still holds for this site, whatever the page forgot.
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def reply(answer: msgspec.Struct, status: int = 200) -> Response:
    """A Struct as JSON, never to be cached: it is one person's view at one moment."""
    return Response(
        encode(answer), status, media_type="application/json", headers={"cache-control": "no-store"}
    )


def done() -> Response:
    """204: it is done, there is nothing to say."""
    return Response(status_code=204, headers={"cache-control": "no-store"})


class Site(msgspec.Struct, frozen=True):
    """How a request reached us. `secure`: over https; `protected`: nobody on the way can read along (https,
    or the machine itself); `url`: what to put before a path to make a link that people can send."""

    secure: bool
    host: str
    public_url: str

    @property
    def protected(self) -> bool:
        name = self.host.rpartition(":")[0] if not self.host.endswith("]") else self.host
        return self.secure or (name or self.host) in ("localhost", "127.0.0.1", "[::1]")

    @property
    def cookie(self) -> str:
        """Browsers drop a `__Host-` cookie silently over plain http, so there it has a plain name."""
        return "__Host-safevoice" if self.secure else "safevoice"

    @property
    def url(self) -> str:
        return self.public_url or f"{'https' if self.secure else 'http'}://{self.host}"


def site(request: Request) -> Site:
    """Where the browser believes to be; set by the middleware."""
    found: Site = request.scope["site"]
    return found
