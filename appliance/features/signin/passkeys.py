"""Passkeys: WebAuthn Level 3 (W3C) as a relying party. The library takes a quarter of a second to import and
its checks take a thread, so both happen off the event loop, when the first passkey is used."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from appliance.features.signin.model import NewCredential, Signed
from appliance.kernel import logs
from appliance.kernel.errors import Refusal
from appliance.wire.http import Site

T = TypeVar("T")

KEEPERS = {
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
    "50726f74-6f6e-5061-7373-50726f746f6e": "Proton Pass",
    "fdb141b2-5d84-443e-8a35-4698c205a502": "KeePassXC",
}
"""Names of the most common keepers, by the AAGUID that they give; any other passkey is named by its owner."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that is out. `purpose`: what its answer is good for; `account`: whose answer it must be,
    empty where the passkey itself says so; `device`: which session asked."""

    purpose: str
    challenge: bytes
    account: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a new passkey is for. `known`: credentials that this person has already."""

    account: str
    name: str
    display: str
    known: tuple[bytes, ...] = ()


async def creation_options(site: Site, community: str, owner: Owner, challenge: bytes) -> str:
    """The options for navigator.credentials.create(), as JSON text."""

    def make() -> str:
        import webauthn
        from webauthn.helpers import structs

        options = webauthn.generate_registration_options(
            rp_id=_domain(site),
            rp_name=community,
            user_id=owner.account.encode(),
            user_name=owner.name,
            user_display_name=owner.display,
            challenge=challenge,
            timeout=300_000,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=known) for known in owner.known],
        )
        return webauthn.options_to_json(options)

    return await asyncio.to_thread(make)


async def request_options(site: Site, challenge: bytes, known: tuple[bytes, ...] = ()) -> str:
    """The options for navigator.credentials.get(), as JSON text; without `known` any passkey of this site."""

    def make() -> str:
        import webauthn
        from webauthn.helpers import structs

        options = webauthn.generate_authentication_options(
            rp_id=_domain(site),
            challenge=challenge,
            timeout=300_000,
            allow_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    return await asyncio.to_thread(make)


async def made(site: Site, asked: Asked, answer: Signed) -> NewCredential:
    """The credential that `answer` brings; raises passkey_refused."""

    def check() -> NewCredential:
        import webauthn

        found = webauthn.verify_registration_response(
            credential=answer.credential,
            expected_challenge=asked.challenge,
            expected_rp_id=_domain(site),
            expected_origin=site.url,
            require_user_verification=True,
        )
        return NewCredential(
            id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            synced=found.credential_device_type == "multi_device",
            keeper=KEEPERS.get(found.aaguid, ""),
        )

    return await _checked(check)


async def sign_count(site: Site, asked: Asked, answer: Signed, public_key: bytes, before: int) -> int:
    """The authenticator's counter in a good answer; raises passkey_refused, also when it fell behind
    `before`, for then there are two copies of what should be one (WebAuthn, 6.1.1)."""

    def check() -> int:
        import webauthn

        return webauthn.verify_authentication_response(
            credential=answer.credential,
            expected_challenge=asked.challenge,
            expected_rp_id=_domain(site),
            expected_origin=site.url,
            credential_public_key=public_key,
            credential_current_sign_count=before,
            require_user_verification=True,
        ).new_sign_count

    return await _checked(check)


def names(answer: Signed) -> tuple[bytes, str]:
    """(credential id, account) as an answer of navigator.credentials.get() claims them, not checked yet; the
    account is empty where it names none. Raises passkey_refused."""
    try:
        claimed: Any = json.loads(answer.credential)
        handle = claimed["response"].get("userHandle") or ""
        return _bytes(claimed["rawId"]), _bytes(handle).decode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refusal("passkey_refused") from error


async def _checked(check: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(check)
    except Exception as error:
        # Whatever its parsers of CBOR, COSE and ASN.1 trip over, the answer is no.
        logs.event("passkey.refused", why=f"{type(error).__name__}: {error}"[:200])
        raise Refusal("passkey_refused") from error


def _domain(site: Site) -> str:
    """The relying party's id: the host without its port."""
    return urlsplit(site.url).hostname or ""


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
