"""Coming in."""

from starlette.requests import Request
from starlette.responses import Response

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.auth.model import normal_name, tidy_display
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
from appliance.kernel.house import House
from appliance.kernel.ids import new_id, new_secret
from appliance.kernel.transaction import Reader
from appliance.wire.http import body, house_of, reply, site, slow_down


async def sign_in(request: Request) -> Response:
    asked, house = await body(request, SignIn), house_of(request)
    name = normal_name(asked.name) or ""
    forgive = count_try(request, name)
    found = await house.db.read(lambda db: actions.by_name(db, name))
    # No hash stands for no account as well: then it is compared with the decoy.
    right = await house.of_feature["passwords"].matches(found.password if found else None, asked.password)
    if found is None or not right:
        logs.event("sign_in.refused", address=request.scope["address"])
        raise Refusal("wrong_credentials")
    # Before the try is forgiven: else whoever has an account could keep all hashing threads busy.
    slow_down(house, "sign_ins_per_hour", found.id)
    newer = await _newer_hash(house, found.password, asked.password)
    device = NewDevice(asked.device_name, asked.device_kind, new_secret())
    guess = bool(asked.code.strip()) and is_totp(asked.code)
    if guess:
        # For all addresses together: only somebody who has the password can use them up.
        slow_down(house, "code_tries_per_hour", found.id)
    try:
        made = await house.db.write(lambda tx: actions.enter(tx, found, asked.code, newer, device))
    except Refusal as refusal:
        if refusal.code == "second_step_needed":
            forgive()
        raise
    forgive()
    if guess:
        house.limits["code_tries_per_hour"].give_back(found.id)
    return signed_in(request, made, device, bearer=asked.bearer)


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


async def _newer_hash(house: House, stored: str, password: str) -> str | None:
    """The password's hash with today's parameters, where `stored` was made with others."""
    passwords = house.of_feature["passwords"]
    return await passwords.hash(password) if passwords.outdated(stored) else None
