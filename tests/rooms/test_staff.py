"""Staff come into a support room and go, and whoever asks there notices nothing."""

from functools import partial
from typing import Any

import msgspec

from appliance.features.rooms import actions, store
from appliance.features.rooms.model import Room
from appliance.kernel import journal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.edge.browser import browser
from tests.messages.pages import page, texts
from tests.server import Account, Server


async def support_room(server: Server, asker: Account) -> str:
    """A room as the desk has it, with only the asker in it."""

    def unit(tx: Tx) -> str:
        made = Room(id=new_id(tx.now), kind="support", name="Help")
        store.add_room(tx, made, None)
        journal.open_log(tx, made.id)
        actions.Rooms(0).admit(tx, made.id, asker.id, "member", actor=asker.id)
        return made.id

    return await server.house.db.write(unit)


async def members(server: Server, who: Account, room: str) -> dict[str, str]:
    async with browser(server, who.token) as b:
        shown = (await b.get(f"/api/rooms/{room}/members")).json()["members"]
    return {member["person"]["name"]: member["role"] for member in shown}


async def test_the_staff_comes_and_goes_unseen_and_hears_what_is_said(server: Server) -> None:
    asker = await server.account("dana")
    ada, bela = [await server.account(name, role="moderator") for name in ("ada", "bela")]
    async with server.connect(asker) as d, server.connect(ada) as a:
        room = await support_room(server, asker)
        first = await d.post(room, "Can you help me?")
        await d.ask("ping")
        d.heard.clear()
        for account in (ada, bela):
            for _ in range(2):
                await server.house.db.write(partial(actions.enter_unseen, room=room, account=account.id))
        event = await a.until(lambda frame: frame["op"] == "joined")
        assert (event["role"], event["room"]["member_count"], event["head"]) == ("staff", 1, first["seq"])
        assert texts(await page(server, ada, room)) == ["Can you help me?"]
        second = await d.post(room, "Hello?")
        # Not even a hole in the log says that somebody came.
        assert second["seq"] == first["seq"] + 1
        assert (await a.until(lambda frame: frame["op"] == "message"))["seq"] == second["seq"]
        assert await members(server, asker, room) == {"dana": "member"}
        assert await members(server, ada, room) == {"dana": "member", "ada": "staff", "bela": "staff"}

        await server.house.db.write(lambda tx: actions.leave_unseen(tx, room, ada.id))
        assert (await a.until(lambda frame: frame["op"] == "left"))["room"] == room
        assert (await a.post(room, "late"))["code"] == "not_found"
        assert await members(server, bela, room) == {"dana": "member", "bela": "staff"}
        await d.post(room, "Anybody?")
        await d.ask("ping")
        assert {frame["op"] for frame in d.heard} <= {"ack", "pong", "message"}
        async with server.connect(asker, hello=False) as again:
            welcome = await again.hello({asker.id: 0, room: 0})
        told = msgspec.json.encode(welcome).decode()
        assert not any(account.id in told for account in (ada, bela))
        logs = {log["log"]: log for log in welcome["logs"]}
        assert {event["op"] for event in logs[room]["events"]} == {"member", "message"}


async def test_nobody_takes_out_whom_they_cannot_see_and_the_asker_stays(server: Server) -> None:
    asker, ada = await server.account("dana"), await server.account("ada", role="moderator")
    async with server.connect(asker) as d, server.connect(ada) as a:
        room = await support_room(server, asker)
        await server.house.db.write(lambda tx: actions.enter_unseen(tx, room, ada.id))
        tries: dict[str, dict[str, Any]] = {
            "leave": {},
            "remove_member": {"person": ada.id},
            "ban": {"person": ada.id},
            "add_member": {"person": ada.id},
            "change_room": {"name": "Mine"},
            "delete_room": {},
        }
        for op, fields in tries.items():
            assert (await d.do(op, room=room, **fields))["code"] == "forbidden", op
            assert (await a.do(op, room=room, **fields))["code"] == "forbidden", op


async def test_a_member_of_the_staff_who_asks_themselves_stays_who_they_are(server: Server) -> None:
    ada = await server.account("ada", role="moderator")
    room = await support_room(server, ada)

    def unit(tx: Tx) -> tuple[str | None, int]:
        actions.enter_unseen(tx, room, ada.id)
        actions.leave_unseen(tx, room, ada.id)
        _, role = actions.require_member(tx, Who(ada.id, ada.device), room)
        return role, actions.member_count(tx, room)

    assert await server.house.db.write(unit) == ("member", 1)


async def test_who_of_the_staff_loses_their_account_is_gone_as_quietly(server: Server) -> None:
    asker, ada = await server.account("dana"), await server.account("ada", role="moderator")
    async with server.connect(asker) as d:
        room = await support_room(server, asker)

        def unit(tx: Tx) -> int:
            actions.enter_unseen(tx, room, ada.id)
            actions.dismiss(tx, room, ada.id, "left", actor=ada.id)
            return actions.member_count(tx, room)

        await d.ask("ping")
        d.heard.clear()
        assert await server.house.db.write(unit) == 1
        await d.ask("ping")
        assert [frame["op"] for frame in d.heard] == ["pong"]
