"""What one began to write follows to one's other devices, and is gone once it is a message."""

from typing import Any

from appliance.kernel.clock import HandClock
from tests.client import Client
from tests.rooms.making import make_room
from tests.server import Account, Server


async def drafts(client: Client) -> list[str]:
    """The texts of all drafts heard of so far."""
    await client.ask("ping")
    return [event["text"] for event in client.events("draft")]


async def kept(server: Server, who: Account) -> dict[str, str]:
    """The drafts that a fresh device gets, by room."""
    async with server.connect(who, hello=False) as client:
        (log,) = (await client.hello())["logs"]
    return {event["room"]: event["text"] for event in log["events"] if event["op"] == "draft"}


async def test_a_draft_is_on_all_my_devices_and_on_nobody_elses(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        room = await make_room(a, bela)
        quoted = (await a.post(room, "Who comes?"))["subject"]
        position = p.heard[0]["logs"][0]["to"]
        assert (await b.ask("save_draft", room=room, text="I could", reply_to=quoted))["op"] == "ack"
        event = await p.until(lambda frame: frame["op"] == "draft")
        assert (event["text"], event["reply_to"], event["device"]) == ("I could", quoted, bela.device)
        await b.ask("save_draft", room=room, text="I could", reply_to=quoted)
        await b.ask("save_draft", room=room, text="I could bring")
        assert await drafts(p) == ["I could", "I could bring"]
        assert await kept(server, bela) == {room: "I could bring"}
        async with server.connect(phone, hello=False) as again:
            (log,) = (await again.hello({bela.id: position}))["logs"]
        assert [e["text"] for e in log["events"] if e["op"] == "draft"] == ["I could bring"]
        await p.ask("save_draft", room=room, text="  ")
        assert await drafts(b) == ["I could", "I could bring", ""]
        assert await kept(server, bela) == {}
        assert await drafts(a) == []
        await p.ask("save_draft", room=room, text="")
        assert len(await drafts(b)) == 3, "what is gone is not forgotten twice"


async def test_a_post_takes_its_draft_along_and_leaves_what_was_begun_elsewhere(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p:
        room, other = await make_room(a), await make_room(a)
        await a.ask("save_draft", room=other, text="another room")
        await a.ask("save_draft", room=room, text="from the desk")
        await a.post(room, "from the desk, and more")
        assert await drafts(p) == ["another room", "from the desk", ""]
        await a.ask("save_draft", room=room, text="begun here")
        await p.post(room, "begun here")
        assert (await drafts(p))[-1] == "", "the same text is the same draft, wherever it is sent"
        await a.ask("save_draft", room=room, text="still being written")
        await p.post(room, "what waited in an outbox")
        assert (await drafts(p))[-1] == "still being written"
        assert await kept(server, ada) == {room: "still being written", other: "another room"}


async def test_a_draft_of_a_room_that_I_left_is_gone(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room, other = await make_room(a, bela), await make_room(a, bela)
        for each in (room, other):
            await b.ask("save_draft", room=each, text="hm")
        await b.do("leave", room=room)
        assert (await b.ask("save_draft", room=room, text="hm"))["code"] == "not_found"
        assert await kept(server, bela) == {other: "hm"}
        await server.house.db.write(lambda tx: tx.run("UPDATE jobs SET due = 0 WHERE kind = 'messages.tidy'"))
        await server.house.jobs.run_due()
        rows = await server.house.db.read(lambda db: db.rows("SELECT room FROM drafts"))
        assert rows == [(other,)]
        again = "SELECT count(*) FROM jobs WHERE kind = 'messages.tidy'"
        assert await server.house.db.read(lambda db: db.value(again)) == 1
        await b.ask("save_draft", room=other, text="")
        await server.house.db.write(lambda tx: tx.run("UPDATE jobs SET due = 0 WHERE kind = 'messages.tidy'"))
        await server.house.jobs.run_due()
        assert await server.house.db.read(lambda db: db.value(again)) == 0


async def test_a_draft_from_before_I_left_does_not_come_back_with_me(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        await b.ask("save_draft", room=room, text="hm")
        await b.do("leave", room=room)
        clock.advance(1)
        position = (await b.do("join", room=room), b.events("joined")[-1]["seq"])[1]
        assert await kept(timed, bela) == {}
        async with timed.connect(bela, hello=False) as again:
            (log,) = (await again.hello({bela.id: position - 3}))["logs"]
        assert [event.get("text", "") for event in log["events"] if event["op"] == "draft"] == [""]
        await b.ask("save_draft", room=room, text="hm")
        assert await kept(timed, bela) == {room: "hm"}


async def test_a_draft_has_a_limit_and_replies_to_what_is_there(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        elsewhere = (await a.post(await make_room(a), "there"))["subject"]
        long: dict[str, Any] = await a.ask("save_draft", room=room, text="ä" * 4097)
        assert (long["code"], long["limit"]) == ("text_too_long", "text_bytes")
        assert (await a.ask("save_draft", room=room, text="ä" * 4096))["op"] == "ack"
        for target in (elsewhere, "0" * 26):
            answer = await a.ask("save_draft", room=room, text="re", reply_to=target)
            assert (answer["code"], answer["field"]) == ("not_found", "reply_to")
