"""Nobody finds what they may not read, however they ask."""

import pytest

from tests.edge.browser import browser
from tests.rooms.making import bring
from tests.search.looking import catch_up, look, texts
from tests.server import Account, Server, room_of


@pytest.fixture(params=["new", "indexed"])
def kept(request: pytest.FixtureRequest) -> bool:
    """Whether what was said is in the index, or too new for that."""
    return bool(request.param == "indexed")


ATTEMPTS = (
    "pumpkin",
    "pump",
    "umpki",
    '"pumpkin soup"',
    "西瓜",
    "from:ada",
    "from:bela",
    "has:link",
    "mentions:me",
    "mentions:bela",
    "is:mine",
    "on:today",
    "before:2100",
    "after:2020",
    "-nothing",
    "-is:mine",
    "in:garden",
    "in:{room}",
    "in:{room} OR pumpkin",
    "pumpkin OR in:{room} OR from:ada",
    "from:ada -x",
)


async def attempts(server: Server, who: Account, room: str) -> set[str]:
    """Everything that somebody finds by asking in every way."""
    found: set[str] = set()
    for attempt in ATTEMPTS:
        query = attempt.replace("{room}", room)
        for fields in ({}, {"wide": True}, {"order": "best"}, {"limit": 1}):
            answer = await look(server, who, query, **fields)
            found |= {"".join(hit["snippet"]) for hit in answer["hits"]}
            cursor = answer.get("cursor")
            while cursor:
                answer = await look(server, who, query, cursor=cursor, **fields)
                found |= {"".join(hit["snippet"]) for hit in answer["hits"]}
                cursor = answer.get("cursor")
    return found


async def in_room(server: Server, who: Account, room: str) -> int:
    async with browser(server, who.token) as b:
        return (await b.post("/api/search", json={"query": "pumpkin", "room": room})).status_code


async def test_an_outsider_finds_nothing_and_learns_nothing(server: Server, kept: bool) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela, kind="private")
        await a.post(room, "pumpkin soup 西瓜 https://x.org @bela", mentions=[bela.id])
        if kept:
            await catch_up(server)
        assert len(await attempts(server, bela, room)) == 1
        assert await attempts(server, dana, room) == set()
        assert (await in_room(server, bela, room), await in_room(server, dana, room)) == (200, 404)
        mine = await look(server, bela, "pumpkin", limit=1)
        assert len(mine["hits"]) == 1
        # What a filter stands for tells nothing either.
        for query in ("in:garden", f"in:{room}"):
            assert "rooms" not in (await look(server, dana, query))["understood"][0]
        assert "named_rooms" not in await look(server, dana, "garden")


async def test_who_left_was_removed_or_banned_finds_nothing_any_more(server: Server, kept: bool) -> None:
    ada, *others = [await server.account(name) for name in ("ada", "bela", "chidi", "emre")]
    bela, chidi, emre = others
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, *others)
        await a.post(room, "pumpkin")
        await b.post(room, "pumpkin of my own")
        if kept:
            await catch_up(server)
        page = await look(server, bela, "pumpkin", limit=1)
        await b.do("leave", room=room)
        await a.do("remove_member", room=room, person=chidi.id)
        await a.do("ban", room=room, person=emre.id)
        for former in others:
            assert await attempts(server, former, room) == set()
            assert await in_room(server, former, room) == 404
        # A page that was begun while one could is not gone on with either.
        rest = await look(server, bela, "pumpkin", limit=1, cursor=page["cursor"])
        assert rest["hits"] == []


async def test_history_is_found_only_in_the_stretches_that_one_was_there(server: Server, kept: bool) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, history="joined")
        await a.post(room, "pumpkin before")
        await a.do("add_member", room=room, person=bela.id)
        await a.post(room, "pumpkin with bela")
        await b.do("leave", room=room)
        await a.post(room, "pumpkin meanwhile")
        await a.do("add_member", room=room, person=bela.id)
        await a.post(room, "pumpkin again")
        if kept:
            await catch_up(server)
        assert await texts(server, bela, "pumpkin") == ["pumpkin again", "pumpkin with bela"]
        assert await attempts(server, bela, room) == {"pumpkin again", "pumpkin with bela"}
        assert len(await texts(server, ada, "pumpkin")) == 4


async def test_blocked_people_fold_away(server: Server, kept: bool) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        await b.post(room, "pumpkin by bela")
        await a.post(room, "pumpkin by ada")
        if kept:
            await catch_up(server)
        await a.do("block", person=bela.id)
        assert await attempts(server, ada, room) == {"pumpkin by ada"}
        assert len(await texts(server, bela, "pumpkin")) == 2
        await a.do("unblock", person=bela.id)
        assert len(await texts(server, ada, "pumpkin")) == 2


async def test_a_deleted_room_is_found_by_nobody_but_its_owner_and_again_once_it_is_back(
    server: Server, kept: bool
) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        await a.post(room, "pumpkin")
        if kept:
            await catch_up(server)
        await a.do("delete_room", room=room)
        assert await attempts(server, bela, room) == set()
        await a.do("restore_room", room=room)
        assert await texts(server, bela, "pumpkin") == ["pumpkin"]


async def test_a_search_waits_in_no_address_and_no_log(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = await server.account("ada")
    async with browser(server, ada.token) as b:
        assert (await b.get("/api/search?query=pumpkin")).status_code in (404, 405)
    await look(server, ada, "pumpkinpie")
    said = capsys.readouterr()
    assert "pumpkinpie" not in said.out + said.err


async def test_a_guest_finds_what_is_in_their_room_and_only_who_is_there(server: Server, kept: bool) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    guest = await server.account("gast", role="guest")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a)
        await server.house.db.write(lambda tx: bring(tx, room, guest.id))
        other = await room_of(b, dana)
        await a.post(room, "pumpkin for the guest")
        await b.post(other, "pumpkin for others")
        if kept:
            await catch_up(server)
        assert await attempts(server, guest, other) == {"pumpkin for the guest"}
        assert "named_people" not in await look(server, guest, "bela")
        assert [person["id"] for person in (await look(server, guest, "ada"))["named_people"]] == [ada.id]
        named = (await look(server, guest, "garden"))["named_rooms"]
        assert [each["id"] for each in named] == [room]
