"""Codes by which new devices join, as long as they are good: in memory, for a restart may well void them."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from appliance.features.access.model import LINK_SECONDS, LinkClaimant
from appliance.features.auth.model import DeviceKind, SignedIn
from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import fingerprint, new_code, new_id, new_secret
from appliance.kernel.session import Who

FETCHED_WITHIN_S = 60
"""How long the new device has to fetch a yes, also again where an answer was lost on the way."""
MOST = 5000


@dataclass(slots=True)
class Claim:
    """A new device that asked to be let in, until it is `refused`, or has a `session` and its `token`; `busy`
    while that is made. `changed` wakes the question that it holds open."""

    claimant: LinkClaimant
    bearer: bool
    refused: bool = False
    busy: bool = False
    session: SignedIn | None = None
    token: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Link:
    """A code that the device `owner.device` shows. `ends`: seconds of the monotonic clock. `code` and
    `secret` are prints: what opens an account stands in no memory dump."""

    id: str
    owner: Who
    ends: float
    expires_at: int
    code: bytes
    secret: bytes = b""
    claim: Claim | None = None


class Links:
    """All that are good now, by their id, by their code until it is used, and by the claimant's secret
    then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[str, Link] = {}
        self._by_code: dict[bytes, Link] = {}
        self._by_secret: dict[bytes, Link] = {}

    def open(self, owner: Who) -> tuple[Link, str]:
        """A new code for this device, in place of one that it showed before; raises rate_limited where so
        many are open that it must be a flood."""
        self._forget_expired()
        for link in [link for link in self._links.values() if link.owner.device == owner.device]:
            self._void(link)
        if len(self._links) >= MOST:
            raise Refusal("rate_limited", retry_after_ms=LINK_SECONDS * 1000, limit="device_links_per_hour")
        code, now = new_code(), self._clock.now_ms()
        ends = self._clock.monotonic() + LINK_SECONDS
        link = Link(new_id(now), owner, ends, now + LINK_SECONDS * 1000, _print(code))
        self._links[link.id] = self._by_code[link.code] = link
        return link, code

    def claim(self, code: str, name: str, kind: DeviceKind, *, bearer: bool) -> tuple[Link, str]:
        """The link of this code, which is used up by that, and the secret to fetch the answer with; raises
        link_invalid."""
        self._forget_expired()
        link = self._by_code.pop(_print(code), None)
        if link is None:
            raise Refusal("link_invalid", field="code")
        secret = new_secret()
        link.claim = Claim(LinkClaimant(device_name=name, device_kind=kind, number=_number()), bearer)
        link.secret = fingerprint(secret)
        self._by_secret[link.secret] = link
        return link, secret

    def shown_by(self, who: Who, link: str) -> Link:
        """The link that this very device shows; raises not_found."""
        self._forget_expired()
        found = self._links.get(link)
        if found is None or found.owner.device != who.device:
            raise Refusal("not_found", field="link")
        return found

    @contextmanager
    def letting_in(self, link: Link) -> Iterator[Claim]:
        """The old device said yes: inside, the session is made. Raises not_found where nobody asked, or where
        it was decided before."""
        claim = link.claim
        if claim is None or claim.busy or claim.refused or claim.session is not None:
            raise Refusal("not_found", field="link")
        # Before anything is awaited: two yeses at the same moment must not make two sessions.
        claim.busy = True
        try:
            yield claim
        finally:
            claim.busy = False
        link.ends = self._clock.monotonic() + FETCHED_WITHIN_S
        claim.changed.set()

    def refuse(self, link: Link) -> None:
        """The old device said no, or withdrew a code that nobody used. Doing it twice counts as done."""
        if link.claim is None:
            self._void(link)
        elif not link.claim.busy and link.claim.session is None:
            link.claim.refused = True
            link.claim.changed.set()

    async def verdict(self, secret: str, patience_s: float, stopping: asyncio.Event) -> Claim | None:
        """The claim of who was let in, or None when nothing was decided so long; raises link_invalid or
        link_refused."""
        self._forget_expired()
        link = self._by_secret.get(fingerprint(secret))
        if link is None or link.claim is None:
            raise Refusal("link_invalid")
        claim = link.claim
        if claim.session is None and not claim.refused:
            # Whoever asks again has given the earlier question up.
            claim.changed.set()
            claim.changed = changed = asyncio.Event()
            await _either(changed, stopping, min(patience_s, link.ends - self._clock.monotonic()))
        if claim.session is not None:
            return claim
        if link.id not in self._links:
            raise Refusal("link_invalid")
        if claim.refused:
            raise Refusal("link_refused")
        return None

    def _forget_expired(self) -> None:
        now = self._clock.monotonic()
        for link in [link for link in self._links.values() if link.ends <= now]:
            self._void(link)

    def _void(self, link: Link) -> None:
        self._links.pop(link.id, None)
        self._by_code.pop(link.code, None)
        self._by_secret.pop(link.secret, None)
        if link.claim is not None:
            link.claim.changed.set()


async def _either(first: asyncio.Event, second: asyncio.Event, patience_s: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, timeout=max(patience_s, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _print(code: str) -> bytes:
    """However somebody copied it by hand: case, dashes and spaces do not count."""
    return fingerprint("".join(c for c in code.casefold() if c.isalnum()))


def _number() -> str:
    return f"{secrets.randbelow(10_000):04}"
