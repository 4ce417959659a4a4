"""A passkey's keeper in software: what a phone and its browser do (WebAuthn Level 3), and how they lie."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.server import Server

Json = dict[str, Any]

PRESENT, VERIFIED, MAY_SYNC, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
BITWARDEN = bytes.fromhex("d548826e79b4db40a3d811116f7e8349")


@dataclass
class Key:
    """A passkey. `count` is what the authenticator says of how often it was used."""

    id: bytes
    secret: ec.EllipticCurvePrivateKey
    account: bytes
    count: int = 0


@dataclass
class Authenticator:
    """`lies`: what it puts in place of the truth, by name: origin, type, challenge, rp, flags, handle."""

    server: Server
    site: str = ""
    """Where the browser believes to be, if not at the server's own address."""
    counts: bool = True
    keeper: bytes = bytes(16)
    keys: list[Key] = field(default_factory=list)
    lies: Json = field(default_factory=dict)

    @property
    def host(self) -> str:
        return str(urlsplit(self.site or self.server.url).hostname)

    def make(self, challenge: Json) -> Json:
        """navigator.credentials.create(): a new passkey, and what is sent of it."""
        options = json.loads(challenge["options"])
        assert options["rp"]["id"] == self.host
        key = Key(os.urandom(32), ec.generate_private_key(ec.SECP256R1()), _bytes(options["user"]["id"]))
        self.keys.append(key)
        numbers = key.secret.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = self.keeper + len(key.id).to_bytes(2, "big") + key.id + cbor2.dumps(cose)
        data = self._data(key, PRESENT | VERIFIED | MAY_SYNC | SYNCED | ATTESTED) + attested
        response = {
            "clientDataJSON": _text(self._client_data("webauthn.create", options)),
            "attestationObject": _text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._answer(challenge, key, response)

    def use(self, challenge: Json, key: Key | None = None) -> Json:
        """navigator.credentials.get() with the newest passkey, or with `key`."""
        options = json.loads(challenge["options"])
        key = key or self.keys[-1]
        key.count += self.counts
        data = self._data(key, PRESENT | VERIFIED | MAY_SYNC | SYNCED)
        client = self._client_data("webauthn.get", options)
        signature = key.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = self.lies.get("handle", key.account)
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(handle) if handle else None,
        }
        return self._answer(challenge, key, response)

    def _data(self, key: Key, flags: int) -> bytes:
        domain = hashlib.sha256(self.lies.get("rp", self.host).encode()).digest()
        return domain + bytes([self.lies.get("flags", flags)]) + key.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: Json) -> bytes:
        said = {
            "type": self.lies.get("type", kind),
            "challenge": self.lies.get("challenge", options["challenge"]),
            "origin": self.lies.get("origin", self.site or self.server.url),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, challenge: Json, key: Key, response: Json) -> Json:
        credential = {"id": _text(key.id), "rawId": _text(key.id), "type": "public-key", "response": response}
        return {"state": challenge["state"], "credential": json.dumps(credential)}


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
