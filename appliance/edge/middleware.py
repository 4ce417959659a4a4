"""Every HTTP request passes here: who asks, from where, and what every answer must carry."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appliance.config import Config
from appliance.edge import doorstep
from appliance.edge.http import on_crash, refuse
from appliance.kernel.errors import Refusal
from appliance.kernel.limits import Limiter
from appliance.kernel.session import Who
from appliance.wire.http import SAFE_METHODS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html safevoice",
    )
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
}


RESET = "the handler is closed"
"""What uvloop says of a connection that the other side has just broken off, a moment before anybody is told
of its end. Nothing went wrong then, and nobody should read of it among what did."""


class Door:
    """Pure ASGI: sets `who`, `site`, `address` and `direct` in the scope, and `who_now`, which asks once more
    who that is. `limiter` counts the requests of
    each account: every one of them reads the database, and there are few readers. `seen` hears of each
    device that asked: a program may never open a socket."""

    def __init__(
        self,
        app: ASGIApp,
        config: Config,
        authenticate: Callable[[str], Awaitable[Who | None]],
        limiter: Limiter,
        seen: Callable[[str], None],
    ) -> None:
        self._app = app
        self._config = config
        self._authenticate = authenticate
        self._limiter = limiter
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        here = doorstep.look(headers, scope.get("client"), scope["scheme"] == "https", self._config)
        scope["address"], scope["site"], scope["direct"] = here.address, here.site, here.direct
        scope["token"] = here.token if here.bearer else ""
        scope["who_now"] = partial(self._authenticate, here.token)

        begun = False

        async def hardened(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                if here.site.secure:
                    out.setdefault("strict-transport-security", "max-age=31536000")
            try:
                await send(message)
            except RuntimeError as error:
                if RESET not in str(error):
                    raise

        api = scope["path"].startswith("/api/")
        if api and scope["method"] not in SAFE_METHODS and not here.same_origin:
            await refuse(Refusal("origin_refused"))(scope, receive, hardened)
            return
        try:
            scope["who"] = await self._admit(here.token) if api and here.token else None
            await self._app(scope, receive, hardened)
        except Refusal as refusal:
            # Only of `_admit`: those of handlers were answered further in.
            await refuse(refusal)(scope, receive, hardened)
        except Exception as error:
            # Starlette's own answer to a crash would go out without our headers.
            if begun:
                raise
            await (await on_crash(Request(scope), error))(scope, receive, hardened)

    async def _admit(self, token: str) -> Who | None:
        who = await self._authenticate(token)
        wait = self._limiter.take(who.account) if who else 0
        if wait:
            raise Refusal("rate_limited", retry_after_ms=wait, limit="requests_per_minute")
        if who:
            self._seen(who.device)
        return who
