"""Sign-ins under way at other sites: what we have to remember of each until the browser comes back."""

import secrets
from dataclasses import dataclass

from appliance.features.access.model import BeginOidc, Purpose
from appliance.features.auth.model import DeviceKind
from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import fingerprint, new_secret
from appliance.kernel.session import Who

GOOD_FOR_S = 600
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Flow:
    """`state`, `nonce` and `verifier` as OpenID Connect Core (3.1.2.1) and PKCE (RFC 7636) have them. `back`:
    the address that the provider sends the browser to. `browser`: print of the cookie of the browser that
    began. `owner`: whose account the other one is linked to, or vouches for; None for a sign-in."""

    provider: str
    purpose: Purpose
    state: str
    nonce: str
    verifier: str
    back: str
    browser: bytes
    owner: Who | None
    device_name: str
    device_kind: DeviceKind
    ends: float


class Flows:
    """Each can be finished once, by the browser that began it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._flows: dict[str, Flow] = {}

    def begin(self, provider: str, back: str, owner: Who | None, asked: BeginOidc) -> tuple[Flow, str]:
        """A new one, and the secret that the browser keeps in a cookie meanwhile."""
        now, cookie = self._clock.monotonic(), new_secret()
        self._forget(now)
        flow = Flow(
            provider=provider,
            purpose=asked.purpose,
            state=new_secret(),
            nonce=new_secret(),
            verifier=secrets.token_urlsafe(48),
            back=back,
            browser=fingerprint(cookie),
            owner=owner,
            device_name=asked.device_name,
            device_kind=asked.device_kind,
            ends=now + GOOD_FOR_S,
        )
        self._flows[flow.state] = flow
        return flow, cookie

    def finish(self, provider: str, state: str, cookie: str) -> Flow:
        """The one of this state, which is used up by that; raises sign_in_stale where it is none of this
        browser's, and then it stays for the one whose it is."""
        self._forget(self._clock.monotonic())
        flow = self._flows.get(state)
        if flow is None or flow.provider != provider or flow.browser != fingerprint(cookie):
            raise Refusal("sign_in_stale")
        return self._flows.pop(state)

    def _forget(self, now: float) -> None:
        # In the order of their beginning, so those that are too old are in front.
        while self._flows:
            oldest = next(iter(self._flows.values()))
            if oldest.ends > now and len(self._flows) < MOST:
                return
            del self._flows[oldest.state]
