"""Changing how one signs in, and an admin's link for somebody who cannot any more."""

from starlette.requests import Request
from starlette.responses import Response

from appliance.features.auth import actions as auth
from appliance.features.signin import actions, passkeys, totp
from appliance.features.signin.api.shared import challenge, confirmed, key_of
from appliance.features.signin.model import (
    Challenge,
    Confirm,
    ConfirmTotp,
    NewPasskey,
    RecoveryCodes,
    RenamePasskey,
    ResetLink,
    SetPassword,
    TotpSecret,
)
from appliance.features.signin.passkeys import Owner
from appliance.features.signin.worker import Brief
from appliance.kernel.errors import Refusal
from appliance.kernel.transaction import Reader
from appliance.wire.http import admin, body, done, house_of, owner, reply, site, slow_down


async def confirm_challenge(request: Request) -> Response:
    who, house = owner(request), house_of(request)
    state, asked = challenge(request, "confirm", who.account, who.device)
    known = await house.db.read(lambda db: actions.credentials(db, who.account))
    options = await passkeys.request_options(site(request), asked.challenge, known)
    return reply(Challenge(state=state, options=options))


async def confirm(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, Confirm), house_of(request)
    key = ("confirm", who.account)
    slow_down(house, "sign_in_tries", key)
    if asked.passkey is not None:
        used, count = await key_of(request, asked.passkey, "confirm", who)
        await house.db.write(lambda tx: actions.use_passkey(tx, used, count))
    else:
        found = await house.db.read(lambda db: actions.by_id(db, who.account))
        stored = found.password if found else None
        if not await house.of_feature["passwords"].matches(stored, asked.password):
            raise Refusal("wrong_credentials", text="This password is not right.", field="password")
    house.limits["sign_in_tries"].give_back(key)
    house.of_feature["confirmed"].keep(who.device, True)
    return done()


async def sign_in_methods(request: Request) -> Response:
    who = owner(request)
    return reply(await house_of(request).db.read(lambda db: actions.methods(db, who.account)))


async def set_password(request: Request) -> Response:
    who, asked, house = confirmed(request), await body(request, SetPassword), house_of(request)
    auth.check_password(asked.password)
    slow_down(house, "sign_ins_per_hour", who.account)
    hashed = await house.of_feature["passwords"].hash(asked.password)
    others = asked.sign_out_others
    await house.db.write(lambda tx: actions.set_password(tx, who, hashed, sign_out_others=others))
    return done()


async def remove_password(request: Request) -> Response:
    who = confirmed(request)
    await house_of(request).db.write(lambda tx: actions.remove_password(tx, who))
    return done()


async def passkey_challenge(request: Request) -> Response:
    who, house = confirmed(request), house_of(request)

    def look(db: Reader) -> tuple[str, Owner]:
        actions.check_room_for_passkey(db, who.account)
        me = auth.person(db, who.account)
        if me is None:
            raise Refusal("not_found")
        known = actions.credentials(db, who.account)
        return auth.settings(db, house.config).name, Owner(who.account, me.name, me.display, known)

    community, person = await house.db.read(look)
    state, asked = challenge(request, "create", who.account, who.device)
    options = await passkeys.creation_options(site(request), community, person, asked.challenge)
    return reply(Challenge(state=state, options=options))


async def add_passkey(request: Request) -> Response:
    who, given, house = confirmed(request), await body(request, NewPasskey), house_of(request)
    asked = actions.answered(house, given.passkey, "create", who.device)
    new = await passkeys.made(site(request), asked, given.passkey)
    names = {"name": given.name, "device": given.device_name}
    return reply(await house.db.write(lambda tx: actions.add_passkey(tx, who.account, new, **names)), 201)


async def rename_passkey(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, RenamePasskey), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    passkey = str(request.path_params["passkey"])
    await house.db.write(lambda tx: actions.rename_passkey(tx, who, passkey, asked.name))
    return done()


async def remove_passkey(request: Request) -> Response:
    who, passkey = confirmed(request), str(request.path_params["passkey"])
    await house_of(request).db.write(lambda tx: actions.remove_passkey(tx, who, passkey))
    return done()


async def begin_totp(request: Request) -> Response:
    who, house = confirmed(request), house_of(request)

    def look(db: Reader) -> tuple[str, str]:
        found = actions.check_may_begin_totp(db, who.account)
        return found.name, auth.settings(db, house.config).name

    name, community = await house.db.read(look)
    secret = totp.new_secret()
    house.of_feature["totp_secrets"].keep(who.device, secret)
    return reply(TotpSecret(secret=secret, url=totp.url(secret, name, community)))


async def confirm_totp(request: Request) -> Response:
    who, asked, house = owner(request), await body(request, ConfirmTotp), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    secrets: Brief[str] = house.of_feature["totp_secrets"]
    secret = secrets.look(who.device)
    if secret is None:
        raise Refusal("challenge_over")
    codes = await house.db.write(lambda tx: actions.switch_totp_on(tx, who, secret, asked.code))
    secrets.take(who.device)
    return reply(RecoveryCodes(codes=codes))


async def switch_totp_off(request: Request) -> Response:
    who = confirmed(request)
    await house_of(request).db.write(lambda tx: actions.switch_totp_off(tx, who))
    return done()


async def make_recovery_codes(request: Request) -> Response:
    who = confirmed(request)
    codes = await house_of(request).db.write(lambda tx: actions.make_recovery_codes(tx, who))
    return reply(RecoveryCodes(codes=codes), 201)


async def make_reset_link(request: Request) -> Response:
    who, house, account = admin(request), house_of(request), str(request.path_params["account"])
    # Whoever has such a link can become that person, so no program with a token makes one.
    owner(request)
    slow_down(house, "links_per_hour", who.account)
    code, expires_at = await house.db.write(lambda tx: actions.make_reset_link(tx, who, account))
    return reply(ResetLink(url=f"{site(request).url}/reset#{code}", expires_at=expires_at), 201)
