"""Who is named in a message, and who finds what is for them."""

from typing import Any

from tests.client import Client
from tests.edge.browser import browser
from tests.messages.pages import page
from tests.rooms.making import make_room
from tests.server import Account, Server


async def mentions_of(server: Server, who: Account, query: str = "") -> dict[str, Any]:
    """`GET /api/mentions`."""
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/mentions{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(client: Client, message: str) -> list[str]:
    """Whom the newest event of a message names."""
    await client.ask("ping")
    events = [frame["message"] for frame in client.events("message") if frame["message"]["id"] == message]
    return list(events[-1].get("mentions", []))


async def test_only_members_are_named_each_once_in_the_order_given(server: Server) -> None:
    ada, bela, chidi, dana = [await server.account(name) for name in ("ada", "bela", "chidi", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela, chidi)
        names = [chidi.id, dana.id, bela.id, chidi.id, "0" * 26, ada.id]
        posted = await a.post(room, "you two", mentions=names)
        assert await told(b, posted["subject"]) == [chidi.id, bela.id, ada.id]
        (message,) = (await page(server, bela, room))["messages"]
        assert message["mentions"] == [chidi.id, bela.id, ada.id]
        assert (await a.post(room, "too many", mentions=[bela.id] * 51))["code"] == "bad_request"


async def test_who_cannot_see_a_message_is_not_named_by_its_edit(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela, history="joined")
        early = (await a.post(room, "early"))["subject"]
        await a.do("add_member", room=room, person=chidi.id)
        content = {"type": "text", "text": "early, for all"}
        await a.do("edit", message=early, content=content, mentions=[bela.id, chidi.id])
        assert await told(b, early) == [bela.id]
        assert (await mentions_of(server, chidi))["messages"] == []


async def test_an_edit_replaces_who_is_named_and_each_of_them_hears_what_that_makes_unread(
    server: Server,
) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        posted = await a.post(room, "Bela!", mentions=[bela.id])
        content = {"type": "text", "text": "Chidi!"}
        await a.do("edit", message=posted["subject"], content=content, mentions=[chidi.id])
        lost = await b.until(lambda frame: frame["op"] == "read")
        won = await c.until(lambda frame: frame["op"] == "read")
        assert (lost["unread"], lost.get("mentions", 0)) == (1, 0)
        assert (won["unread"], won["mentions"]) == (1, 1)
        await c.ask("read", room=room, seq=posted["seq"])
        await a.do("edit", message=posted["subject"], content=content, mentions=[])
        await c.ask("ping")
        assert [frame.get("mentions", 0) for frame in c.events("read")] == [1, 0], "read: nothing to tell"


async def test_the_deletion_of_what_named_somebody_is_told_to_them_after_the_tombstone(
    server: Server,
) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        posted = await a.post(room, "Bela!", mentions=[bela.id])
        await a.do("delete", message=posted["subject"])
        mark = await b.until(lambda frame: frame["op"] == "read")
        assert (mark["unread"], mark.get("mentions", 0)) == (0, 0)
        order = [frame["op"] for frame in b.heard if frame["op"] in ("message", "read")]
        assert order == ["message", "message", "read"]
        tombstone = b.events("message")[-1]["message"]
        assert "mentions" not in tombstone
        await c.ask("ping")
        assert c.events("read") == []


async def test_the_tombstone_of_what_was_for_all_still_says_so(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        posted = await a.post(room, "all of you", everyone=True, mentions=[bela.id])
        await a.do("delete", message=posted["subject"])
        await b.ask("ping")
        tombstone = b.events("message")[-1]["message"]
        assert (tombstone["everyone"], tombstone["content"], tombstone.get("mentions")) == (True, None, None)
        assert (await mentions_of(server, bela))["messages"] == []
        rows = await server.house.db.read(lambda db: db.rows("SELECT * FROM mentions"))
        assert rows == []


async def test_what_is_for_me_is_listed_newest_first_in_parts(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        garden, cellar = await make_room(a, bela), await make_room(a, bela)
        wanted: list[str] = []
        for number in range(7):
            room = (garden, cellar)[number % 2]
            await a.post(room, "not for you")
            fields: dict[str, Any] = {"everyone": True} if number % 3 == 0 else {"mentions": [bela.id]}
            wanted.insert(0, (await a.post(room, f"{number}", **fields))["subject"])
        first = await mentions_of(server, bela, "?limit=4")
        assert ([m["id"] for m in first["messages"]], first["more"]) == (wanted[:4], True)
        rest = await mentions_of(server, bela, f"?limit=4&before={wanted[3]}")
        assert ([m["id"] for m in rest["messages"]], rest["more"]) == (wanted[4:], False)
        assert [person["id"] for person in first["people"]] == [ada.id]
        await a.do("remove_member", room=cellar, person=bela.id)
        left = (await mentions_of(server, bela))["messages"]
        assert {m["room"] for m in left} == {garden}
        assert (await mentions_of(server, ada))["messages"] == []


async def test_a_query_of_mentions_that_makes_no_sense_is_refused(server: Server) -> None:
    ada = await server.account("ada")
    async with browser(server, ada.token) as b:
        for query in ("?limit=0", "?limit=51", "?before=x", "?before=", "?after=1"):
            assert (await b.get(f"/api/mentions{query}")).status_code == 400, query
        assert (await b.get("/api/mentions?limit=50&before=" + "0" * 26)).status_code == 200
