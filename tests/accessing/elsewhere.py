"""A small OpenID Connect provider that lies, stalls and dies on request."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from appliance.config import Provider

Json = dict[str, Any]
CLIENT_ID, SECRET = "safevoice", "pass+word%20"


def _segment(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@dataclass
class Elsewhere:
    """What is set here changes what it says. `claims`: of the next ID token, None takes one away; `metadata`:
    of itself; `user`: what it tells of a person when asked; `answers`: paths and what they answer instead;
    `asked`: every path that was asked for, in order."""

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    now: Any = time.time
    claims: Json = field(default_factory=dict)
    header: Json = field(default_factory=dict)
    token: Json = field(default_factory=dict)
    metadata: Json = field(default_factory=dict)
    user: Json = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    forge: Any = None
    stalled: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @property
    def settings(self) -> Provider:
        """As our configuration has it."""
        return Provider(issuer=self.issuer, client_id=CLIENT_ID, client_secret=SECRET, label="Elsewhere")

    def agree(self, url: str, subject: str = "ada@there", **changed: str) -> str:
        """Somebody signs in at the address that they were sent to; returns what follows the `?` on the way
        back."""
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert asked["scope"].split() == ["openid", "profile"]
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked | {"subject": subject}
        back = {"code": code, "state": asked["state"], "iss": self.issuer} | changed
        return "&".join(f"{name}={value}" for name, value in back.items() if value)

    def _metadata(self) -> Json:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/user",
            "id_token_signing_alg_values_supported": ["ES256", "none", "HS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def _exchange(self, form: dict[str, str], authorization: str) -> tuple[int, Json]:
        told = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.get(form.get("code", ""))
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        good = (
            told == f"{CLIENT_ID}:{SECRET}"
            and asked is not None
            and form["code"] not in self.used
            and proof.decode().rstrip("=") == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
        )
        if not good or asked is None:
            return 400, {"error": "invalid_grant"}
        self.used.add(form["code"])
        now = int(self.now())
        claims: Json = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": asked["subject"],
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = self.forge(claims) if self.forge else self.sign(claims)
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": signed} | self.token

    def sign(self, claims: Json, key: ECKey | None = None) -> str:
        """An ID token as it should be."""
        signing = key or self.key
        return jwt.encode({"alg": "ES256", "kid": signing.kid} | self.header, claims, signing)

    def unsigned(self, claims: Json) -> str:
        """One that nobody signed (RFC 7519, 6)."""
        return f"{_segment({'alg': 'none'})}.{_segment(claims)}."

    def sealed(self, claims: Json, secret: bytes) -> str:
        """One that is signed with a secret (HS256), as both sides could."""
        content = f"{_segment({'alg': 'HS256', 'kid': '1'})}.{_segment(claims)}"
        seal = hmac.digest(secret, content.encode(), "sha256")
        return f"{content}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Json]:
        if path == "/.well-known/openid-configuration":
            return 200, self._metadata()
        if path == "/keys":
            return 200, dict(KeySet([self.key]).as_dict(private=False))
        if path == "/token":
            return self._exchange(form, authorization)
        if path == "/user":
            return 200, self.user
        return 404, {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        path = first.split(" ")[1]
        self.asked.append(path)
        if self.stalled is not None:
            await self.stalled.wait()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        status, answer = self.answers.get(path) or _encoded(
            self.answer(path, form, headers.get("authorization", ""))
        )
        extra = f"Location: {self.issuer}/elsewhere\r\n" if status == 302 else ""
        writer.write(
            f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{extra}"
            f"Content-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode()
            + answer
        )
        await writer.drain()
        writer.close()


def _encoded(answer: tuple[int, Json]) -> tuple[int, bytes]:
    return answer[0], json.dumps(answer[1]).encode()


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Elsewhere]:
    """It, on a port of its own."""
    provider = Elsewhere()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        if provider.stalled is not None:
            provider.stalled.set()
        server.close()
        await server.wait_closed()
