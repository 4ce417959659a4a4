"""The demo community at one hour of one evening: a picture differs only by what changed in the app."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from appliance import app
from appliance.config import Config
from appliance.dev.gatherings import WALKERS, gathered
from appliance.dev.office import URL, person, staff_at_work
from appliance.dev.portraits import portray
from appliance.dev.screenshots.relaying import try_relay
from appliance.dev.seed import script
from appliance.dev.seed.settle import ADMIN, Community, batches
from appliance.dev.seed.sound import put_down
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import CreateRoom
from appliance.kernel.clock import Clock, SystemClock, TickingClock
from appliance.kernel.house import House
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Tx
from appliance.wire.http import Site

END = datetime(2025, 9, 20, 20, 40, tzinfo=UTC)
LOOKED_AT = END + timedelta(minutes=6)
"""The hour on everybody's screen when they begin to look."""
SETTLED_AT = LOOKED_AT - timedelta(seconds=20)
AT_REST = LOOKED_AT + timedelta(seconds=90)
"""The hour of each picture. What is done before that takes less, on a slow machine as well."""
MESSAGES = 20_000
SEED = 1881
BUSY = "The Gate"
EMPTY = "Roof Garden"
CODE = "TEAPARTY"
"""What opens a secret room that is made in a picture."""


async def settle(house: House, messages: int = MESSAGES) -> None:
    """The demo community, and a room in which nobody has spoken yet."""
    community = Community(script.people(), script.rooms(), script.dms(), END, SEED)
    community.tell(messages)
    for unit in batches(community.happenings("!")):
        await house.db.write(unit)
    topic = "Tomatoes nearer to the sun. First meeting once the ladder is found."

    def empty_room(tx: Tx) -> None:
        me = person(tx, ADMIN)
        made = Rooms(100).create(tx, me, CreateRoom(client_id="roof-garden-000001", name=EMPTY, topic=topic))
        for name in ("walter", "noor", "priya"):
            Rooms(100).admit(tx, made.subject, person(tx, name).account, "member", actor=me.account)

    end = int(END.timestamp() * 1000)
    await house.db.write(empty_room)
    await house.db.write(gathered(end, ADMIN))
    await house.db.write(staff_at_work(end, ADMIN, BUSY, WALKERS[0]))
    await portray(house)
    put_down(house)


async def index(house: House) -> None:
    """All of it can be found: what is taken in meanwhile would be another part in each picture. After a start
    of its own, since what was said into the past is seen at a start."""
    indexer = house.of_feature["search"]
    await indexer.catch_up()
    while await indexer.fill({}) is not None:
        pass


def session(tx: Tx) -> str:
    """Signs the admin in; returns the token."""
    token = new_secret()
    auth.sign_in(tx, person(tx, ADMIN).account, NewDevice("Chromium on Linux", "desktop", token))
    return token


class _Standing(SystemClock):
    """A wall clock that stands still."""

    def __init__(self, at: datetime) -> None:
        self._at = int(at.timestamp() * 1000)

    def now_ms(self) -> int:
        return self._at


def clock_at(hour: datetime) -> Clock:
    """It shows this hour for good, and yet puts everything that is done in it in order."""
    return TickingClock(_Standing(hour))


@contextmanager
def same_codes() -> Iterator[None]:
    """What is handed on as a code is drawn by a seed."""
    with patch("secrets.choice", Random(SEED).choice):
        yield


@contextmanager
def same_links() -> Iterator[None]:
    """What people hand on has the same code and the same address each time, and so the same QR code."""
    code = patch("appliance.features.rooms.actions.secret.new_code", lambda: CODE)
    with code, patch.object(Site, "url", URL):
        yield


@asynccontextmanager
async def serving(folder: Path, at: datetime = LOOKED_AT) -> AsyncIterator[tuple[House, str]]:
    """A server on this folder at that hour, and its address."""
    config = Config(data=folder, listen="127.0.0.1:0", development="yes")
    config = replace(config, limits=replace(config.limits, messages_per_minute=0))
    app.migrate(config)
    async with app.running(config, clock_at(at)) as (house, port):
        await try_relay(house)
        yield house, f"http://localhost:{port}"
