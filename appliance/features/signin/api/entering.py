"""Coming in."""

from starlette.requests import Request
from starlette.responses import Response

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.auth.model import Me, normal_name, tidy_display
from appliance.features.signin import actions, passkeys
from appliance.features.signin.api.shared import challenge, count_try, key_of, signed_in
from appliance.features.signin.model import (
    Challenge,
    LookAtReset,
    PasskeyForNewAccount,
    PasskeySignIn,
    Recover,
    Reset,
    ResetFor,
    SignIn,
    is_totp,
)
from appliance.features.signin.passkeys import Owner
from appliance.kernel import logs
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id, new_secret
from appliance.kernel.transaction import Reader
from appliance.wire.http import body, house_of, reply, site, slow_down


async def sign_in(request: Request) -> Response:
    asked, house = await body(request, SignIn), house_of(request)
    name = normal_name(asked.name) or ""
    forgive = count_try(request, name)
    found = await _whose(request, name, asked.password)
    # Before the try is forgiven: else whoever has an account could keep all hashing threads busy.
    slow_down(house, "sign_ins_per_hour", found.id)
    guess = bool(asked.code.strip()) and is_totp(asked.code)
    if guess:
        # For all addresses together: only somebody who has the password can use them up.
        slow_down(house, "code_tries_per_hour", found.id)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())
    try:
        made = await _enter(request, found, asked, device)
    except Refusal as refusal:
        if refusal.code == "second_step_needed":
            forgive()
        raise
    forgive()
    if guess:
        house.limits["code_tries_per_hour"].give_back(found.id)
    return signed_in(request, made, device, bearer=asked.bearer)


async def _whose(request: Request, name: str, password: str) -> actions.Account:
    """The account that this is the password of; raises wrong_credentials, which takes as long."""
    house = house_of(request)
    found = await house.db.read(lambda db: actions.by_name(db, name))
    # No hash stands for no account as well: then it is compared with the decoy.
    right = await house.of_feature["passwords"].matches(found.password if found else None, password)
    if found is None or not right:
        logs.event("sign_in.refused", address=request.scope["address"])
        raise Refusal("wrong_credentials")
    return found


async def _enter(
    request: Request, found: actions.Account, asked: SignIn, device: NewDevice
) -> tuple[Me, str]:
    """Sign in, and renew a hash that was made with other parameters than today's."""
    house, passwords = house_of(request), house_of(request).of_feature["passwords"]
    newer = await passwords.hash(asked.password) if passwords.outdated(found.password) else None
    try:
        made: tuple[Me, str] = await house.db.write(
            lambda tx: actions.enter(tx, found, asked.code, newer, device)
        )
    except Refusal as refusal:
        if refusal.code != "wrong_credentials":
            raise
        # Changed since it was looked at; or only renewed, by another sign-in at the same moment.
        now = await _whose(request, found.name, asked.password)
        made = await house.db.write(lambda tx: actions.enter(tx, now, asked.code, None, device))
    return made


async def sign_in_challenge(request: Request) -> Response:
    state, asked = challenge(request, "sign-in")
    return reply(
        Challenge(state=state, options=await passkeys.request_options(site(request), asked.challenge))
    )


async def sign_in_by_passkey(request: Request) -> Response:
    asked, house = await body(request, PasskeySignIn), house_of(request)
    slow_down(house, "sign_in_tries_per_address", request.scope["address"])
    key, count = await key_of(request, asked.passkey, "sign-in")
    slow_down(house, "sign_ins_per_hour", key.account)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())
    made = await house.db.write(lambda tx: actions.enter_by_passkey(tx, key, count, device))
    house.limits["sign_in_tries_per_address"].give_back(request.scope["address"])
    return signed_in(request, made, device, bearer=asked.bearer)


async def register_challenge(request: Request) -> Response:
    asked, house = await body(request, PasskeyForNewAccount), house_of(request)
    name, invite = auth.check_name(asked.name), asked.invite.strip()

    def look(db: Reader) -> str:
        auth.check_sign_up(db, house.config, invite)
        # Looked at once more when the account is made; here so that no passkey is made in vain.
        if auth.password_of(db, name) is not None:
            raise Refusal("name_taken", field="name")
        return auth.settings(db, house.config).name

    state, out = challenge(request, "register", new_id(house.clock.now_ms()))
    community = await house.db.read(look)
    person = Owner(out.account, name, tidy_display(asked.display, name))
    options = await passkeys.creation_options(site(request), community, person, out.challenge)
    return reply(Challenge(state=state, options=options))


async def recover(request: Request) -> Response:
    asked, house = await body(request, Recover), house_of(request)
    auth.check_password(asked.password)
    name = normal_name(asked.name) or ""
    forgive = count_try(request, name)

    def look(db: Reader) -> actions.Account:
        found = actions.by_name(db, name)
        if found is None or not actions.knows_recovery(db, found.id, asked.code):
            raise Refusal("code_wrong", text="Name or recovery code is not right.", field="code")
        return found

    # Looked at once more when it is used; here so that a guess costs no hash.
    found = await house.db.read(look)
    slow_down(house, "sign_ins_per_hour", found.id)
    hashed = await house.of_feature["passwords"].hash(asked.password)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())
    made = await house.db.write(lambda tx: actions.recover(tx, found, asked.code, hashed, device))
    forgive()
    return signed_in(request, made, device, bearer=asked.bearer)


async def look_at_reset(request: Request) -> Response:
    asked, house = await body(request, LookAtReset), house_of(request)
    slow_down(house, "invite_looks_per_minute", request.scope["address"])

    def look(db: Reader) -> ResetFor:
        return actions.look_at_reset(db, asked.code, auth.settings(db, house.config).name)[1]

    return reply(await house.db.read(look))


async def reset(request: Request) -> Response:
    asked, house = await body(request, Reset), house_of(request)
    auth.check_password(asked.password)
    slow_down(house, "invite_looks_per_minute", request.scope["address"])
    # Looked at once more when it is used; here so that a guess costs no hash.
    found, _ = await house.db.read(lambda db: actions.look_at_reset(db, asked.code, ""))
    slow_down(house, "sign_ins_per_hour", found.id)
    hashed = await house.of_feature["passwords"].hash(asked.password)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())
    made = await house.db.write(lambda tx: actions.reset(tx, asked.code, hashed, device))
    return signed_in(request, made, device, bearer=asked.bearer)
