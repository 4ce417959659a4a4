"""One place where people sign in instead: OpenID Connect Core 1.0 with the authorization code flow and PKCE.

Loaded when the first person goes there: authlib and an HTTP client take half a second and 20 MB.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from appliance.config import Provider as Settings
from appliance.features.access.breaker import Breaker, UnavailableError
from appliance.features.access.flows import Flow
from appliance.features.access.model import Proven, wished_names
from appliance.features.access.outgoing import Outgoing, may_ask
from appliance.kernel import logs
from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal

S = TypeVar("S", bound=msgspec.Struct)

PATIENCE_S = 10.0
"""For all that one step of a sign-in asks of the provider."""
KEEP_S = 3600.0
NEW_KEYS_EVERY_S = 60.0
LEEWAY_S = 60
AGAIN_WITHIN_S = 660
"""How long ago somebody may have signed in there who showed once more who they are: as long as that may
take."""
MOST_SUBJECT = 255
SIGNED_BY = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
"""Only with keys that the provider publishes: never "none", nor with a secret that others may hold as
well."""


class Metadata(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    authorization_response_iss_parameter_supported: bool = False


class UntrustedError(Exception):
    """The provider answered, and it proves nothing."""


class Provider:
    """Every method raises provider_down, or provider_refused where an answer came that proves nothing."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._breaker = Breaker(clock)
        self._outgoing = Outgoing(settings.issuer)
        self._metadata: Metadata | None = None
        self._metadata_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    async def close(self) -> None:
        """End its connections."""
        await self._outgoing.aclose()

    async def address(self, flow: Flow) -> str:
        """Where the browser has to go."""
        async with self._asking():
            metadata = await self._describe()
        # Whoever only has the browser of somebody who is signed in there must not get through.
        again = {"prompt": "login", "max_age": "0"} if flow.purpose == "confirm" else {}
        url, _ = self._client(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=flow.state,
            code_verifier=flow.verifier,
            nonce=flow.nonce,
            redirect_uri=flow.back,
            scope="openid profile",
            **again,
        )
        return str(url)

    async def prove(self, flow: Flow, code: str, issuer: str) -> Proven:
        """Who came back with this code; `issuer`: who says so in the address (RFC 9207), where it does."""
        async with self._asking():
            metadata = await self._describe()
            if issuer != metadata.issuer and (
                issuer or metadata.authorization_response_iss_parameter_supported
            ):
                raise UntrustedError("another issuer answered")
            token = await self._exchange(metadata, flow, code)
            claims = await self._verify(metadata, flow, token)
            names, display = wished_names(claims)
            if not names and metadata.userinfo_endpoint and isinstance(token.get("access_token"), str):
                names, display = wished_names(await self._user_info(metadata, token["access_token"], claims))
        return Proven(metadata.issuer, claims["sub"], names, display)

    # What is asked

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        try:
            with self._breaker.call():
                try:
                    async with asyncio.timeout(PATIENCE_S):
                        yield
                except (TimeoutError, httpx2.HTTPError, msgspec.DecodeError) as error:
                    logs.warning("oidc.down", issuer=self._settings.issuer, why=repr(error)[:200])
                    raise UnavailableError from error
        except UntrustedError as error:
            logs.warning("oidc.refused", issuer=self._settings.issuer, why=str(error)[:200])
            raise Refusal("provider_refused") from error

    async def _describe(self) -> Metadata:
        now = self._clock.monotonic()
        if self._metadata is None or self._metadata_at + KEEP_S < now:
            issuer = self._settings.issuer.rstrip("/")
            found = await self._get(f"{issuer}/.well-known/openid-configuration", Metadata)
            if found.issuer.rstrip("/") != issuer:
                raise UntrustedError(f"it calls itself {found.issuer}")
            ends = (
                found.authorization_endpoint,
                found.token_endpoint,
                found.jwks_uri,
                found.userinfo_endpoint,
            )
            for url in filter(None, ends):
                if not may_ask(self._settings.issuer, url):
                    raise UntrustedError(f"it names {url} as its own")
            self._metadata, self._metadata_at, self._keys = found, now, None
        return self._metadata

    async def _key_set(self, metadata: Metadata, kid: str | None) -> KeySet:
        """The provider's keys; asked for again where one is new, but not at everybody's wish."""
        now = self._clock.monotonic()
        known = self._keys is not None and (kid is None or any(key.kid == kid for key in self._keys))
        if self._keys is None or (not known and self._keys_at + NEW_KEYS_EVERY_S <= now):
            # Before it is awaited: those who come meanwhile need not ask as well.
            self._keys_at = now
            found = await self._get(metadata.jwks_uri, _Keys)
            try:
                self._keys = KeySet.import_key_set({"keys": found.keys})
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise UntrustedError("its keys cannot be read") from error
        return self._keys

    async def _exchange(self, metadata: Metadata, flow: Flow, code: str) -> dict[str, Any]:
        try:
            return dict(
                await self._client(metadata).fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    redirect_uri=flow.back,
                )
            )
        except OAuthError as error:
            raise UntrustedError(f"no token for this code: {error.error}") from error
        except httpx2.HTTPError:
            raise
        except ValueError as error:
            raise UnavailableError from error

    async def _verify(self, metadata: Metadata, flow: Flow, token: dict[str, Any]) -> dict[str, Any]:
        """The claims of the ID token (OpenID Connect Core, 3.1.3.7)."""
        allowed = [each for each in SIGNED_BY if each in metadata.id_token_signing_alg_values_supported]
        raw = str(token.get("id_token", "")).encode()
        try:
            header = jws.extract_compact(raw).headers()
        except (JoseError, ValueError) as error:
            raise UntrustedError("no ID token") from error
        if header.get("alg") not in allowed:
            raise UntrustedError(f"signed by {header.get('alg')!r}")
        keys = await self._key_set(metadata, header.get("kid"))
        try:
            found = jwt.decode(raw, keys, algorithms=allowed)
            claims = CodeIDToken(
                found.claims,
                found.header,
                options={
                    "iss": {"essential": True, "value": metadata.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                },
                params={
                    "nonce": flow.nonce,
                    "client_id": self._settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            now = self._clock.now_ms() // 1000
            claims.validate(now=now, leeway=LEEWAY_S)
            if flow.purpose == "confirm" and claims["auth_time"] + AGAIN_WITHIN_S < now:
                raise UntrustedError("it did not ask again")
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise UntrustedError(f"its ID token: {error!r}") from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
            raise UntrustedError("its ID token names nobody")
        return dict(claims)

    async def _user_info(self, metadata: Metadata, access: str, claims: dict[str, Any]) -> dict[str, Any]:
        """What else it tells of this person; nothing where that fails, for a name can be made up."""
        try:
            found = await self._get(metadata.userinfo_endpoint, dict[str, Any], f"Bearer {access}")
        except (httpx2.HTTPError, msgspec.DecodeError):
            return {}
        return found if found.get("sub") == claims["sub"] else {}

    # How

    async def _get(self, url: str, kind: Any, authorization: str = "") -> Any:
        headers = {"accept": "application/json"} | ({"authorization": authorization} if authorization else {})
        client = httpx2.AsyncClient(transport=self._outgoing, trust_env=False, timeout=PATIENCE_S)
        answer = await client.get(url, headers=headers)
        if answer.status_code != httpx2.codes.OK:
            raise httpx2.RemoteProtocolError(f"{answer.status_code} at {url}")
        return msgspec.json.decode(answer.content, type=kind)

    def _client(self, metadata: Metadata) -> AsyncOAuth2Client:
        """A new one each time, for it remembers the last token that it got; the way out lives on."""
        settings, methods = self._settings, metadata.token_endpoint_auth_methods_supported
        post = "client_secret_post" in methods and "client_secret_basic" not in methods
        way = (
            "none" if not settings.client_secret else "client_secret_post" if post else "client_secret_basic"
        )
        return AsyncOAuth2Client(
            settings.client_id,
            settings.client_secret or None,
            token_endpoint_auth_method=way,
            code_challenge_method="S256",
            transport=self._outgoing,
            trust_env=False,
            timeout=PATIENCE_S,
        )


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]
