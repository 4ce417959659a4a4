"""The demo community with one room that has been talking for years, and the person who looks at it."""

import asyncio
from datetime import datetime

from appliance import app
from appliance.config import Config
from appliance.dev.bench.crowd import Cast
from appliance.dev.bench.pages import write_history
from appliance.dev.office import person
from appliance.dev.seed import script
from appliance.dev.seed.settle import ADMIN, Community, batches
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import CreateRoom
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Tx

LOOKER = "looker"
"""Not a room: under this name the cast holds the session of the person who looks."""
LONG = "Long Table"
LONG_MESSAGES = 100_000
TOLD = 5000
TALKERS = ("walter", "noor", "priya", "yuki")
SEED = 1881
NO_PASSWORD = "!"


def settle(config: Config) -> Cast:
    """The cast: the talkers of the long room, and the looker."""
    community = Community(script.people(), script.rooms(), script.dms(), datetime.now(), SEED)
    community.tell(TOLD)

    def long_room(tx: Tx) -> Cast:
        me = person(tx, ADMIN)
        made = Rooms(100).create(tx, me, CreateRoom(client_id="long-table-00000001", name=LONG))
        talkers = [person(tx, name).account for name in TALKERS]
        for account in talkers:
            Rooms(100).admit(tx, made.subject, account, "member", actor=me.account)
        return {
            made.subject: [_session(tx, account) for account in talkers],
            LOOKER: [_session(tx, me.account)],
        }

    async def write() -> Cast:
        async with app.opened(config) as house:
            for unit in batches(community.happenings(NO_PASSWORD)):
                await house.db.write(unit)
            return await house.db.write(long_room)

    app.migrate(config)
    cast = asyncio.run(write())
    write_history(config.data, LONG_MESSAGES, next(iter(cast)))
    return cast


def _session(tx: Tx, account: str) -> str:
    token = new_secret()
    auth.sign_in(tx, account, NewDevice("Chromium on Linux", "desktop", token))
    return token
