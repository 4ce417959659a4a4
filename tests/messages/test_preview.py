"""A look into a public room before joining it."""

from typing import Any

from tests.edge.browser import browser
from tests.messages.pages import texts
from tests.rooms.making import make_room
from tests.server import Account, Server


async def look(server: Server, who: Account, room: str) -> tuple[int, dict[str, Any]]:
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/rooms/{room}/preview")
    return answer.status_code, answer.json()


async def test_the_newest_messages_of_a_public_room_are_shown_without_what_only_members_know(
    server: Server,
) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a:
        room = await make_room(a, bela)
        posted = [(await a.post(room, f"{n}"))["subject"] for n in range(25)]
        await a.do("delete", message=posted[20])
        await a.post(room, "you", mentions=[bela.id], reply_to=posted[0], everyone=True)
        status, found = await look(server, dana, room)
        assert status == 200
        assert texts(found) == [f"{n}" for n in (*range(5, 20), *range(21, 25))] + ["you"]
        assert set(found["messages"][-1]) == {"id", "room", "seq", "rev", "author", "at", "content"}
        assert [person["id"] for person in found["people"]] == [ada.id]
        assert found["member_count"] == 2


async def test_where_newcomers_see_only_what_comes_there_is_nothing_to_look_at(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    async with server.connect(ada) as a:
        room = await make_room(a, history="joined")
        await a.post(room, "among us")
        status, found = await look(server, dana, room)
        assert (status, found["messages"], found["people"], found["member_count"]) == (200, [], [], 1)


async def test_what_one_cannot_join_one_cannot_look_into(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    guest = await server.account("guest", role="guest")
    async with server.connect(ada) as a:
        shown = await make_room(a)
        closed = [await make_room(a, kind="private"), (await a.do("start_dm", person=bela.id))["subject"]]
        archived, deleted, barred = [await make_room(a) for _ in range(3)]
        await a.do("archive_room", room=archived, archived=True)
        await a.do("delete_room", room=deleted)
        await a.do("ban", room=barred, person=dana.id)
        assert (await look(server, dana, shown))[0] == 200
        for room in (*closed, archived, deleted, barred, "0" * 26):
            assert (await look(server, dana, room))[0] == 404
        assert (await look(server, bela, barred))[0] == 200
        assert (await look(server, guest, shown))[0] == 403
