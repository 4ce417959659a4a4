"""What the handlers of this feature share."""

import os
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from appliance.features.auth.actions import NewDevice
from appliance.features.auth.model import Me, SignedIn
from appliance.features.signin import actions, passkeys
from appliance.features.signin.model import Signed
from appliance.features.signin.passkeys import Asked
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_secret
from appliance.kernel.session import Who
from appliance.wire.http import house_of, keep_session, owner, reply, site, slow_down


def count_try(request: Request, name: str) -> Callable[[], None]:
    """Count a try at the account `name`, before it is made, so that tries at the same moment cannot slip
    past; raises rate_limited. What is returned forgives it."""
    limits, address = house_of(request).limits, request.scope["address"]
    keys = {
        "sign_in_tries": (name, address),
        "sign_in_tries_per_address": address,
        "sign_in_tries_per_account": name,
    }
    taken: list[str] = []

    def forgive() -> None:
        for limit in taken:
            limits[limit].give_back(keys[limit])

    for limit, key in keys.items():
        try:
            slow_down(house_of(request), limit, key)
        except Refusal:
            forgive()
            raise
        taken.append(limit)
    return forgive


def challenge(request: Request, purpose: str, account: str = "", device: str = "") -> tuple[str, Asked]:
    """(state, challenge) for an authenticator, remembered until it is answered."""
    house = house_of(request)
    slow_down(house, "challenges_per_minute", request.scope["address"])
    state, asked = new_secret(), Asked(purpose, os.urandom(32), account, device)
    house.of_feature["challenges"].keep(state, asked)
    return state, asked


async def key_of(
    request: Request, answer: Signed, purpose: str, who: Who | None = None
) -> tuple[actions.StoredPasskey, int]:
    """(passkey, its new counter) of a good answer; of `who`, or of whomever the passkey names. Raises
    challenge_over or passkey_refused."""
    house = house_of(request)
    asked = actions.answered(house, answer, purpose, who.device if who else "")
    credential, named = passkeys.names(answer)
    key = await house.db.read(lambda db: actions.passkey(db, credential))
    # Where nobody is named yet the passkey has to say whose it is (WebAuthn, 7.2, step 6).
    owner = asked.account or named
    if key is None or key.account != owner or named not in ("", owner):
        raise Refusal("passkey_refused")
    return key, await passkeys.sign_count(site(request), asked, answer, key.public_key, key.sign_count)


def confirmed(request: Request) -> Who:
    """Who asks, where they showed a moment ago that it is them; raises confirm_needed."""
    who, house = owner(request), house_of(request)
    actions.require_confirmed(house, who)
    slow_down(house, "changes_per_minute", who.account)
    return who


def signed_in(request: Request, made: tuple[Me, str], device: NewDevice, *, bearer: bool) -> Response:
    me, device_id = made
    house_of(request).of_feature["confirmed"].keep(device_id, True)
    response = reply(SignedIn(me=me, device=device_id, token=device.token if bearer else ""))
    return response if bearer else keep_session(request, response, device.token)
