"""What people may see of a room's past: all of it, or the stretches in which they were there."""

from typing import Any

from tests.client import Client
from tests.edge.browser import browser
from tests.messages.pages import page, texts
from tests.rooms.making import make_room
from tests.server import Account, Server


async def replayed(client: Client, room: str, after: int = 0) -> list[Any]:
    (log,) = (await client.ask("replay", positions={room: after}))["logs"]
    return list(log.get("events", []))


class Story:
    """Bela joins, leaves, and joins again a room of ada's that shows newcomers only what comes then."""

    def __init__(self, server: Server, ada: Account, bela: Account, a: Client, b: Client) -> None:
        self.server, self.ada, self.bela, self.a, self.b = server, ada, bela, a, b
        self.room = ""
        self.posted: dict[str, str] = {}

    async def say(self, text: str, **fields: Any) -> str:
        self.posted[text] = (await self.a.post(self.room, text, **fields))["subject"]
        return self.posted[text]

    async def tell(self, history: str) -> None:
        chidi = await self.server.account("chidi")
        self.room = await make_room(self.a, history=history, kind="private")
        await self.a.do("add_member", room=self.room, person=chidi.id)
        await self.say("before")
        await self.a.do("remove_member", room=self.room, person=chidi.id)
        await self.a.do("add_member", room=self.room, person=self.bela.id)
        await self.say("first stretch")
        await self.b.do("leave", room=self.room)
        await self.say("between")
        await self.a.do("add_member", room=self.room, person=self.bela.id)
        await self.say("second stretch", reply_to=self.posted["between"])
        await self.b.until(lambda frame: frame.get("message", {}).get("reply_to", "") != "")
        self.b.heard.clear()


OWN = ["first stretch", "second stretch"]
ALL = ["before", "first stretch", "between", "second stretch"]


async def story(server: Server, a: Client, b: Client, ada: Account, bela: Account, history: str) -> Story:
    told = Story(server, ada, bela, a, b)
    await told.tell(history)
    return told


async def test_with_all_history_a_member_sees_all_of_it(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        told = await story(server, a, b, ada, bela, "all")
        assert texts(await page(server, bela, told.room)) == ALL
        events = await replayed(b, told.room)
        assert [e["message"]["content"]["text"] for e in events if e["op"] == "message"] == ALL
        assert "chidi" in {e["person"]["name"] for e in events if e["op"] == "member"}
        await a.do("edit", message=told.posted["before"], content={"type": "text", "text": "changed"})
        await b.until(lambda frame: frame["op"] == "message")


async def test_who_left_and_came_back_sees_both_stretches_and_nothing_between(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        told = await story(server, a, b, ada, bela, "joined")
        room, hidden = told.room, (told.posted["before"], told.posted["between"])
        assert texts(await page(server, ada, room)) == ALL

        newest = await page(server, bela, room)
        assert (texts(newest), newest["has_before"], newest["has_after"]) == (OWN, False, False)
        assert newest["quoted"] == []
        assert {person["name"] for person in newest["people"]} == {"ada"}
        assert texts(await page(server, bela, room, "?after=0")) == OWN
        one = await page(server, bela, room, "?limit=1")
        assert (texts(one), one["has_before"]) == (["second stretch"], True)
        older = await page(server, bela, room, f"?limit=1&before={one['messages'][0]['seq']}")
        assert (texts(older), older["has_before"], older["has_after"]) == (["first stretch"], False, True)
        around = await page(server, bela, room, f"?around={told.posted['first stretch']}")
        assert texts(around) == OWN

        events = await replayed(b, room)
        assert [e["message"]["content"]["text"] for e in events if e["op"] == "message"] == OWN
        assert {e["person"]["name"] for e in events if e["op"] == "member"} == {"ada", "bela"}
        async with server.connect(bela, hello=False) as again:
            summary = (await again.hello())["summaries"][0]
            assert (summary["unread"], summary["last"]["id"]) == (1, told.posted["second stretch"])

        async with browser(server, bela.token) as web:
            for message in hidden:
                assert (await web.get(f"/api/rooms/{room}/messages?around={message}")).status_code == 404
        for message in hidden:
            content = {"type": "text", "text": "x"}
            assert (await b.do("edit", message=message, content=content))["code"] == "not_found"
            assert (await b.do("delete", message=message))["code"] == "not_found"
            assert (await b.post(room, "look", reply_to=message))["field"] == "reply_to"
        assert (await b.post(room, "mine", reply_to=told.posted["first stretch"]))["op"] == "ack"


async def test_changes_to_what_one_may_not_see_are_not_told_live_either(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        told = await story(server, a, b, ada, bela, "joined")
        for text in ("before", "between"):
            content = {"type": "text", "text": f"a changed secret of {text}"}
            await a.do("edit", message=told.posted[text], content=content)
        await a.do("delete", message=told.posted["between"])
        edited = {"type": "text", "text": "for both"}
        ack = await a.do("edit", message=told.posted["first stretch"], content=edited)
        seen = await b.until(lambda frame: frame["op"] == "message")
        assert (seen["log"], seen["seq"]) == (told.room, ack["seq"])
        assert seen["message"]["content"] == edited
        await b.ask("ping")
        assert len(b.events("message")) == 1
        assert len(a.events("message")) == 8
        # The hole in the log closes with a replay that has nothing in it.
        (log,) = (await b.ask("replay", positions={told.room: ack["seq"] - 4}))["logs"]
        assert log["to"] == ack["seq"]
        assert [event["message"]["id"] for event in log["events"]] == [told.posted["first stretch"]]


async def test_an_heir_rules_only_over_what_it_may_see(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        told = await story(server, a, b, ada, bela, "joined")
        await a.do("leave", room=told.room)
        await b.until(lambda frame: frame["op"] == "joined" and frame["role"] == "owner")
        assert (await b.do("delete", message=told.posted["first stretch"]))["op"] == "ack"
        assert (await b.do("delete", message=told.posted["between"]))["code"] == "not_found"


async def test_who_comes_back_to_all_history_has_no_unread_from_the_time_away(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        await b.do("leave", room=room)
        for number in range(3):
            await a.post(room, f"{number}")
        await b.do("join", room=room)
        await a.post(room, "new")
        assert (await page(server, bela, room))["unread"] == 1
