"""Who lives there: five hundred rooms of two, and an asker in fifty of them."""

import asyncio
import random
from typing import Any

from appliance import app
from appliance.config import Config
from appliance.dev.bench.crowd import NO_PASSWORD, Cast, fill
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.rooms.actions import Rooms
from appliance.kernel.ids import new_secret
from appliance.kernel.transaction import Reader, Tx

ASKER = "asker"


def move_in(config: Config, rooms: int, mine: int) -> tuple[Cast, str, dict[str, list[str]], frozenset[str]]:
    """(sessions by room, the asker's session, accounts by room, the asker's rooms)."""
    cast, token = fill(config, 2 * rooms, 2), new_secret()
    chosen = random.Random(3).sample(sorted(cast), mine)

    def unit(tx: Tx) -> str:
        me = auth.add_account(tx, NewAccount(ASKER, "The one who asks", NO_PASSWORD))
        auth.sign_in(tx, me.id, NewDevice("asks", "other", token))
        for room in chosen:
            Rooms(room_members=10).admit(tx, room, me.id, "member", actor=me.id)
        return me.id

    def look(db: Reader) -> list[Any]:
        return db.rows("SELECT room, account FROM members ORDER BY room, account")

    async def write() -> list[Any]:
        async with app.opened(config) as house:
            await house.db.write(unit)
            return await house.db.read(look)

    members: dict[str, list[str]] = {}
    for room, account in asyncio.run(write()):
        members.setdefault(room, []).append(account)
    return cast, token, members, frozenset(chosen)
