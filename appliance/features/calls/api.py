"""Calls on the wire."""

from starlette.routing import Route

from appliance.features.calls.model import AskRelay
from appliance.features.calls.worker import Relay
from appliance.kernel.house import House
from appliance.kernel.verbs import Live, Verb


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    relay: Relay = house.of_feature["relay"]
    return {AskRelay: Live(relay.give, guests=True, scope="write")}


def settle(house: House) -> None:
    """Keep what this feature needs between requests."""
    house.of_feature["relay"] = Relay(house)


ROUTES: list[Route] = []
