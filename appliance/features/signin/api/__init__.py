"""Signing in, and how one does, on the wire."""

from starlette.routing import Route

from appliance.features.signin import actions
from appliance.features.signin.api import changing, entering
from appliance.features.signin.passkeys import Asked
from appliance.features.signin.worker import CHALLENGE_S, CONFIRMED_S, SECRET_S, Brief
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded, and keep what it needs between requests."""
    house.replays.register(actions.CREDENTIALS, actions.load_credentials)
    house.of_feature["challenges"] = Brief[Asked](house.clock, CHALLENGE_S)
    house.of_feature["totp_secrets"] = Brief[str](house.clock, SECRET_S)
    # By device: who signed in, or showed once more who they are, a moment ago.
    house.of_feature["confirmed"] = Brief[bool](house.clock, CONFIRMED_S)


ROUTES = [
    Route("/api/sign-in", entering.sign_in, methods=["POST"]),
    Route("/api/sign-in/challenge", entering.sign_in_challenge, methods=["POST"]),
    Route("/api/sign-in/passkey", entering.sign_in_by_passkey, methods=["POST"]),
    Route("/api/register/challenge", entering.register_challenge, methods=["POST"]),
    Route("/api/recover", entering.recover, methods=["POST"]),
    Route("/api/confirm/challenge", changing.confirm_challenge, methods=["POST"]),
    Route("/api/confirm", changing.confirm, methods=["POST"]),
    Route("/api/sign-in-methods", changing.sign_in_methods, methods=["GET"]),
    Route("/api/password", changing.set_password, methods=["POST"]),
    Route("/api/password", changing.remove_password, methods=["DELETE"]),
    Route("/api/passkeys/challenge", changing.passkey_challenge, methods=["POST"]),
    Route("/api/passkeys", changing.add_passkey, methods=["POST"]),
    Route("/api/passkeys/{passkey}", changing.rename_passkey, methods=["PATCH"]),
    Route("/api/passkeys/{passkey}", changing.remove_passkey, methods=["DELETE"]),
    Route("/api/totp", changing.begin_totp, methods=["POST"]),
    Route("/api/totp", changing.switch_totp_off, methods=["DELETE"]),
    Route("/api/totp/confirm", changing.confirm_totp, methods=["POST"]),
    Route("/api/recovery-codes", changing.make_recovery_codes, methods=["POST"]),
    Route("/api/accounts/{account}/reset-link", changing.make_reset_link, methods=["POST"]),
    Route("/api/reset/look", entering.look_at_reset, methods=["POST"]),
    Route("/api/reset", entering.reset, methods=["POST"]),
]
