"""Fills a data folder with people who only exist to load a server: written straight into the database,
because ten thousand sign-ups by HTTP would hash passwords for half an hour."""

import asyncio
from itertools import islice

from appliance import app
from appliance.config import Config
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import CreateRoom
from appliance.kernel.ids import new_secret
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

NO_PASSWORD = "!"
"""Stored instead of a hash: no password has it, so nobody signs in with one."""
AT_ONCE = 10
"""Rooms filled in one transaction."""

Cast = dict[str, list[str]]
"""The session tokens of the people in each room."""


class _Filler:
    def __init__(self, rooms_of: int) -> None:
        self._rooms = Rooms(room_members=rooms_of)
        self._people = 0
        self.cast: Cast = {}

    def fill_room(self, tx: Tx, members: int) -> None:
        owner, token = self._newcomer(tx)
        client_id = f"crowd-room-{len(self.cast):012d}"
        made = self._rooms.create(
            tx, owner, CreateRoom(client_id=client_id, name=f"Room {len(self.cast) + 1}")
        )
        tokens = self.cast[made.subject] = [token]
        for _ in range(members - 1):
            who, token = self._newcomer(tx)
            self._rooms.admit(tx, made.subject, who.account, "member", actor=owner.account)
            tokens.append(token)

    def _newcomer(self, tx: Tx) -> tuple[Who, str]:
        self._people += 1
        token = new_secret()
        me = auth.add_account(tx, NewAccount(f"p{self._people}", f"Person {self._people}", NO_PASSWORD))
        me, device = auth.sign_in(tx, me.id, NewDevice("flood", "other", token))
        return Who(me.id, device), token


def fill(config: Config, sockets: int, rooms_of: int) -> Cast:
    """Make rooms of `rooms_of` until `sockets` people are in them; {room: [session tokens]}."""
    filler = _Filler(rooms_of)
    sizes = iter([rooms_of] * -(-sockets // rooms_of))

    async def write() -> None:
        async with app.opened(config) as house:
            while some := list(islice(sizes, AT_ONCE)):

                def unit(tx: Tx, some: list[int] = some) -> None:
                    for members in some:
                        filler.fill_room(tx, members)

                await house.db.write(unit)

    app.migrate(config)
    asyncio.run(write())
    return filler.cast
