"""Messages are edited, deleted, read; what is deleted is nowhere any more."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.client import Client
from tests.messages.pages import page, texts
from tests.rooms.making import make_room
from tests.server import ROOMY, Account, Server, serving


def text(content: str) -> dict[str, str]:
    return {"type": "text", "text": content}


async def test_an_edit_is_seen_by_all_keeps_its_place_and_says_when(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        posted = await a.post(room, "Helo")
        await a.post(room, "next")
        edited = await a.do("edit", message=posted["subject"], content=text("Hello"))
        event = await b.until(lambda frame: frame.get("message", {}).get("edited_at", 0) > 0)
        message = event["message"]
        assert (message["content"], message["seq"], message["rev"]) == (
            text("Hello"),
            posted["seq"],
            edited["seq"],
        )
        assert event["seq"] == edited["seq"] == posted["seq"] + 2
        assert texts(await page(server, bela, room)) == ["Hello", "next"]


async def test_who_may_edit_and_delete(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        of_bela = (await b.post(room, "by bela"))["subject"]
        of_ada = (await a.post(room, "by ada"))["subject"]
        for client, message, op, expected in (
            (c, of_bela, "edit", "forbidden"),
            (a, of_bela, "edit", "forbidden"),
            (c, of_bela, "delete", "forbidden"),
            (b, of_ada, "delete", "forbidden"),
            (b, of_bela, "edit", "ack"),
            (a, of_bela, "delete", "ack"),
            (b, of_bela, "delete", "ack"),
            (b, of_bela, "edit", "message_deleted"),
            (a, of_ada, "delete", "ack"),
        ):
            fields: dict[str, Any] = {"content": text("changed")} if op == "edit" else {}
            answer = await client.do(op, message=message, **fields)
            assert answer.get("code", answer["op"]) == expected, (op, expected)
        assert texts(await page(server, chidi, room)) == [None, None]


async def test_deleting_twice_counts_as_done_and_says_nothing_twice(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        posted = await a.post(room, "gone")
        first = await a.do("delete", message=posted["subject"])
        again = await a.do("delete", message=posted["subject"])
        assert (again["seq"], again["subject"]) == (first["seq"], posted["subject"])
        await a.ask("ping")
        assert len(a.events("message")) == 2


SECRET = "a secret of many words, number "


async def test_what_was_deleted_or_edited_away_is_in_no_answer_and_not_in_the_file(tmp_path: Path) -> None:
    folder, marks = tmp_path / "data", [f"<{SECRET}{n}>" for n in range(150)]
    async with serving(folder, limits=replace(ROOMY, socket_frames_per_second=0)) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await make_room(a, bela)
            for number, mark in enumerate(marks):
                posted = (await a.post(room, mark * (1 + number * 7 % 40)))["subject"]
                if number % 3 == 0:
                    await a.do("edit", message=posted, content=text("nothing to see " * (number % 7) + "."))
                if number % 3 == 1 or number % 6 == 0:
                    await a.do("delete", message=posted)
                    again = await a.post(room, "answer", reply_to=posted)
                    assert again["op"] == "ack"
            kept = {mark for number, mark in enumerate(marks) if number % 3 == 2}
            found = await everything(server, bela, b, room)
            assert {mark for mark in marks if mark in found} == kept
    # Closing empties the WAL into the database.
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert {mark for mark in marks if mark.encode() in stored} == kept


async def everything(server: Server, who: Account, client: Client, room: str) -> str:
    """All that the server tells somebody of a room, as text."""
    told: list[Any] = [await client.ask("replay", positions={room: 0, who.id: 0})]
    query = "?limit=100&after=0"
    while True:
        found = await page(server, who, room, query)
        told.append(found)
        if not found["has_after"]:
            break
        query = f"?limit=100&after={found['messages'][-1]['seq']}"
    async with server.connect(who, hello=False) as again:
        told.append(await again.hello({room: 0}))
    return str(told)


async def test_a_tombstone_keeps_its_place_and_nothing_else_of_what_was_said(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        posted = await a.post(room, "gone")
        ack = await a.do("delete", message=posted["subject"])
        event = await b.until(lambda frame: frame.get("message", {}).get("deleted_at", 0) > 0)
        assert event["message"] == {
            "id": posted["subject"],
            "room": room,
            "seq": posted["seq"],
            "rev": ack["seq"],
            "author": ada.id,
            "at": posted["at"],
            "content": None,
            "client_id": event["message"]["client_id"],
            "deleted_at": ack["at"],
        }


async def test_a_repeated_post_after_its_deletion_gets_the_first_ack_and_brings_nothing_back(
    server: Server,
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        first = await a.post(room, "once", client_id="once-and-never-again")
        await a.do("delete", message=first["subject"])
        again = await a.post(room, "once", client_id="once-and-never-again")
        assert {**again, "id": ""} == {**first, "id": ""}
        assert texts(await page(server, ada, room)) == [None]
        for fields in ({"reply_to": first["subject"]}, {"room": await make_room(a)}):
            other: dict[str, Any] = {"room": room, "client_id": "once-and-never-again", **fields}
            assert (await a.post(text="once", **other))["code"] == "conflict"
        phone = await server.device(ada)
        async with server.connect(phone) as p:
            own = await p.post(room, "another device", client_id="once-and-never-again")
            assert own["op"] == "ack"
        deleted = await a.do("delete", message=first["subject"], client_id="once-and-never-again")
        assert deleted["code"] == "conflict"


async def test_read_marks_go_forward_only_and_are_equal_on_all_devices_of_a_person(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        room = await make_room(a, bela)
        seqs = [(await a.post(room, f"{n}"))["seq"] for n in range(4)]
        assert (await b.ask("read", room=room, seq=seqs[1]))["op"] == "ack"
        mark = await p.until(lambda frame: frame["op"] == "read")
        assert (mark["log"], mark["room"], mark["read_seq"], mark["unread"]) == (bela.id, room, seqs[1], 2)
        for seq in (seqs[0], seqs[1], 0):
            await p.ask("read", room=room, seq=seq)
        found = await page(server, bela, room)
        assert (found["read_seq"], found["unread"]) == (seqs[1], 2)
        await p.ask("ping")
        assert len(p.events("read")) == 1
        await a.do("delete", message=found["messages"][2]["id"])
        await b.post(room, "my own does not count")
        async with server.connect(phone, hello=False) as again:
            welcome = await again.hello({bela.id: mark["seq"] - 1})
            (summary,) = welcome["summaries"]
            assert (summary["read_seq"], summary["unread"]) == (seqs[1], 1)
            assert summary["last"]["content"] == text("my own does not count")
            assert summary["person"]["name"] == "bela"
            assert summary["member_count"] == 2
            replayed = [event for event in welcome["logs"][0]["events"] if event["op"] == "read"]
            assert [(event["read_seq"], event["unread"]) for event in replayed] == [(seqs[1], 1)]
        await a.ask("ping")
        assert a.events("read") == []


async def test_a_summary_of_a_room_without_messages_and_of_one_where_all_are_deleted(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        empty, cleared = await make_room(a), await make_room(a)
        posted = await a.post(cleared, "gone")
        await a.do("delete", message=posted["subject"])
        async with server.connect(ada, hello=False) as again:
            summaries = {one["room"]: one for one in (await again.hello())["summaries"]}
        bare = {"op": "summary", "room": empty, "head": 1, "read_seq": 1, "unread": 0, "member_count": 1}
        assert summaries[empty] == bare
        assert "last" not in summaries[cleared]
        assert summaries[cleared]["unread"] == 0


async def test_the_same_text_at_once_from_many_devices_is_in_one_order_for_all(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        asked = [
            (client, await client.say("post", **command(room, n))) for n in range(40) for client in (a, b)
        ]
        for client, request in asked:
            ack = await client.until(lambda frame, request=request: frame.get("id") == request)
            assert ack["op"] == "ack"
        for client in (a, b):
            await client.ask("ping")
        heard = [[event["message"]["id"] for event in client.events("message")] for client in (a, b)]
        assert heard[0] == heard[1]
        assert heard[0] == [message["id"] for message in (await page(server, ada, room))["messages"]]


def command(room: str, number: int) -> dict[str, Any]:
    return {"room": room, "content": text("same"), "client_id": f"many-at-once-{number:04d}"}
