"""People on the wire. `block` and `unblock` are bound where unread messages are counted, `change_profile`
where rooms are: more than this feature's own changes with them."""

from starlette.routing import Route

from appliance.features.people import actions
from appliance.features.people.model import SetNickname, SetPreferences
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {
        SetNickname: Write(actions.set_nickname, "changes_per_minute"),
        SetPreferences: Write(actions.set_preferences, "changes_per_minute", guests=True),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded."""
    house.replays.register_whole(actions.whole)
    house.replays.register(actions.BLOCKED, actions.load_blocked)
    house.replays.register(actions.NICKNAMES, actions.load_nicknames)
    house.replays.register(actions.PREFERENCES, actions.load_preferences)


ROUTES: list[Route] = []
