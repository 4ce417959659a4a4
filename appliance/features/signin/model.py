"""Signing in: the words."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from appliance.features.auth.model import DeviceKind, Display, Name, Password, ShortText
from appliance.kernel.ids import fingerprint
from appliance.wire.codec import Body, LogEvent, Millis, Noun

RECOVERY_CODES = 10
MOST_PASSKEYS = 20
RESET_HOURS = 24

State = Annotated[str, msgspec.Meta(max_length=64)]
Code = Annotated[str, msgspec.Meta(max_length=64)]
Json = Annotated[str, msgspec.Meta(max_length=16_384)]
PasskeyName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Passkey(Noun, frozen=True):
    """A passkey of mine (WebAuthn). `used_at` is 0 until it is used. `synced`: its keeper may have copied it
    to other devices."""

    id: str
    name: str
    created_at: Millis
    used_at: Millis = 0
    synced: bool = False


class SignInMethods(Noun, frozen=True):
    """`GET /api/sign-in-methods`: how I can sign in. `recovery_left`: recovery codes that were not used."""

    password: bool
    totp: bool
    recovery_left: int
    passkeys: list[Passkey]


class CredentialsChanged(LogEvent, tag="credentials", frozen=True):
    """How I sign in changed (account log): load `sign-in-methods` again if they are shown."""


class SignIn(Body, kw_only=True, frozen=True):
    """`POST /api/sign-in`. `code`: of an authenticator app (6 digits), or a recovery code, where the answer
    to a try without one was `second_step_needed`."""

    name: Name
    password: Password
    code: Code = ""
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class Challenge(Noun, frozen=True):
    """What an authenticator has to sign. `options`: the JSON text of PublicKeyCredentialCreationOptions or
    PublicKeyCredentialRequestOptions (WebAuthn Level 3); `state` goes back with the answer. Good for 5
    minutes, and once."""

    state: str
    options: str


class Signed(Body, kw_only=True, frozen=True):
    """What an authenticator answered: `credential` is the JSON text of PublicKeyCredential.toJSON()."""

    state: State
    credential: Json


class PasskeySignIn(Body, kw_only=True, frozen=True):
    """`POST /api/sign-in/passkey`: the passkey itself says whose it is. No second step follows."""

    passkey: Signed
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class PasskeyForNewAccount(Body, kw_only=True, frozen=True):
    """`POST /api/register/challenge`: to make a passkey for an account that is about to be made; refused as
    registering with that name and invite would be."""

    name: Name
    display: Display = ""
    invite: ShortText = ""


class Confirm(Body, kw_only=True, frozen=True):
    """`POST /api/confirm`: proves that the person is at the device, by their password or a passkey. For 5
    minutes this device may then change how one signs in; signing in does the same."""

    password: Password = ""
    passkey: Signed | None = None


class SetPassword(Body, kw_only=True, frozen=True):
    """`POST /api/password`: the new password, or the first one."""

    password: Password
    sign_out_others: bool = False


class NewPasskey(Body, kw_only=True, frozen=True):
    """`POST /api/passkeys`. Without a name it gets that of its keeper, or else of the device that it was made
    on."""

    passkey: Signed
    name: ShortText = ""
    device_name: ShortText = ""


class RenamePasskey(Body, kw_only=True, frozen=True):
    """`PATCH /api/passkeys/{passkey}`."""

    name: PasskeyName


class TotpSecret(Noun, frozen=True):
    """`POST /api/totp`: a secret for an authenticator app, which counts once a code of it was sent to
    `POST /api/totp/confirm` within 10 minutes. `url` (otpauth://) is what a QR code shows; `secret` is it in
    base32, to be typed."""

    secret: str
    url: str


class ConfirmTotp(Body, kw_only=True, frozen=True):
    """`POST /api/totp/confirm`: a code that the app shows now."""

    code: Code


class RecoveryCodes(Noun, frozen=True):
    """`POST /api/recovery-codes`: new ones, which take the place of all earlier ones; shown this one time.
    `POST /api/totp/confirm` answers with it too, empty where there are unused ones already."""

    codes: list[str]


class Recover(Body, kw_only=True, frozen=True):
    """`POST /api/recover`: a new password by a recovery code. Ends every other session of the account."""

    name: Name
    code: Code
    password: Password
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


class ResetLink(Noun, frozen=True):
    """`POST /api/accounts/{account}/reset-link` (admins, for somebody else): lets that person choose a new
    password, once. Voids the one made before."""

    url: str
    expires_at: Millis


class LookAtReset(Body, kw_only=True, frozen=True):
    """`POST /api/reset/look`: `code` is what stands after the `#` of the link."""

    code: Code


class ResetFor(Noun, frozen=True):
    """Whose password the link is for."""

    name: str
    display: str
    community: str
    expires_at: Millis


class Reset(Body, kw_only=True, frozen=True):
    """`POST /api/reset`: the new password. Ends every session, switches two-step sign-in off, signs in."""

    code: Code
    password: Password
    device_name: ShortText = ""
    device_kind: DeviceKind = "other"
    bearer: bool = False


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A passkey that an authenticator just made. `public_key`: a COSE_Key (RFC 9052, 7); `keeper`: the name
    of what keeps it, empty where that is not known."""

    id: bytes
    public_key: bytes
    sign_count: int
    synced: bool
    keeper: str


def recovery_print(code: str) -> bytes:
    """What is stored of a recovery code, however somebody copied it: case, dashes and spaces do not count."""
    return fingerprint("".join(c for c in code.casefold() if c.isalnum()))


def is_totp(code: str) -> bool:
    """Whether it looks like a code of an app rather than a recovery code."""
    return len("".join(code.split())) <= 8
