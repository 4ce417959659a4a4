"""Read marks, rooms put aside, blocks and attention: equal on all devices of a person."""

from typing import Any

from appliance.features.messages import actions
from appliance.kernel.clock import HandClock
from tests.client import Client
from tests.rooms.making import make_room
from tests.server import Account, Server


async def summary_of(server: Server, who: Account, room: str) -> dict[str, Any]:
    """How a fresh device sees the room."""
    async with server.connect(who, hello=False) as client:
        summaries: list[dict[str, Any]] = (await client.hello())["summaries"]
    return next(summary for summary in summaries if summary["room"] == room)


def counts(event: dict[str, Any]) -> tuple[int, int, bool]:
    """(unread, mentions, put aside) of a read mark or a summary."""
    return event["unread"], event.get("mentions", 0), event.get("marked_unread", False)


async def newest(client: Client, op: str) -> dict[str, Any]:
    await client.ask("ping")
    return client.events(op)[-1]


async def test_a_room_put_aside_is_so_on_all_devices_until_it_is_read_on_one(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        room = await make_room(a, bela)
        seq = (await a.post(room, "Hello", mentions=[bela.id]))["seq"]
        await b.ask("read", room=room, seq=seq)
        assert (await b.do("mark_unread", room=room))["op"] == "ack"
        await b.do("mark_unread", room=room)
        assert counts(await newest(p, "read")) == (0, 0, True)
        assert len(p.events("read")) == 2, "putting aside twice is once"
        assert counts(await summary_of(server, bela, room)) == (0, 0, True)
        await p.ask("read", room=room, seq=seq)
        assert counts(await newest(b, "read")) == (0, 0, False)
        assert counts(await summary_of(server, bela, room)) == (0, 0, False)
        await a.ask("ping")
        assert a.events("read") == []


async def test_reading_backwards_only_takes_a_room_from_aside(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        seqs = [(await a.post(room, f"{n}"))["seq"] for n in range(3)]
        await b.ask("read", room=room, seq=seqs[1])
        await b.do("mark_unread", room=room)
        await b.ask("read", room=room, seq=seqs[0])
        mark = await newest(b, "read")
        assert (mark["read_seq"], *counts(mark)) == (seqs[1], 1, 0, False)


async def test_a_room_put_aside_is_not_any_more_for_whom_left_it_and_came_back(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        await b.do("mark_unread", room=room)
        await b.do("leave", room=room)
        assert (await b.do("mark_unread", room=room))["code"] == "not_found"
        await b.do("join", room=room)
        assert counts(await summary_of(server, bela, room)) == (0, 0, False)


async def test_a_block_makes_every_room_of_theirs_tell_what_is_left_and_a_lift_takes_that_back(
    server: Server,
) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    phone = await server.device(ada)
    async with (
        server.connect(ada) as a,
        server.connect(phone) as p,
        server.connect(bela) as b,
        server.connect(chidi) as c,
    ):
        both, quiet = await make_room(a, bela, chidi), await make_room(a, bela)
        dm = (await b.do("start_dm", person=ada.id))["subject"]
        await b.post(both, "one", mentions=[ada.id])
        await c.post(both, "two", mentions=[ada.id])
        await b.post(dm, "psst")
        await a.ask("ping")
        a.heard.clear()
        assert (await a.do("block", person=bela.id))["op"] == "ack"
        for client in (a, p):
            await client.ask("ping")
            events = {event["room"]: counts(event) for event in client.events("read")}
            assert events == {both: (1, 1, False), dm: (0, 0, False)}, "in the quiet room nothing changed"
        await b.post(both, "not heard")
        assert counts(await summary_of(server, ada, both)) == (1, 1, False)
        a.heard.clear()
        await a.do("unblock", person=bela.id)
        await a.ask("ping")
        events = {event["room"]: counts(event) for event in a.events("read")}
        assert events == {both: (3, 2, False), dm: (1, 0, False)}
        assert quiet not in events
        await b.ask("ping")
        assert b.events("read") == [], "who is blocked is not told"


async def test_what_one_wants_to_be_told_of_is_equal_on_all_devices(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    phone = await timed.device(bela)
    async with timed.connect(ada) as a, timed.connect(bela) as b, timed.connect(phone) as p:
        room, other = await make_room(a, bela), await make_room(a, bela)
        before = (await p.ask("ping"), p.heard[0]["logs"][0]["to"])[1]
        until = clock.now_ms() + 30_000
        await b.do("set_attention", room=room, level="mentions", muted_until=until)
        event = await newest(p, "attention")
        assert (event["room"], event["level"], event["muted_until"]) == (room, "mentions", until)
        await b.do("set_attention", room=room, level="mentions", muted_until=until)
        await b.ask("ping")
        assert len(b.events("attention")) == 1, "what is so already is not told"
        summary = await summary_of(timed, bela, room)
        assert (summary["level"], summary["muted_until"]) == ("mentions", until)
        assert "level" not in await summary_of(timed, bela, other)
        for positions in ({}, {bela.id: before}):
            async with timed.connect(phone, hello=False) as again:
                (log,) = (await again.hello(positions))["logs"]
            held = [each for each in log["events"] if each["op"] == "attention"]
            assert [(each["room"], each["level"]) for each in held] == [(room, "mentions")]
        clock.advance(30)
        assert "muted_until" not in await summary_of(timed, bela, room)
        found = await timed.house.db.read(lambda db: actions.attention(db, bela.id, room))
        assert found == ("mentions", 0)
        assert await timed.house.db.read(lambda db: actions.attention(db, "0" * 26, room)) is None
        await b.do("set_attention", room=room, level="all", muted_until=until)
        event = await newest(p, "attention")
        assert (event["level"], event.get("muted_until", 0)) == ("all", 0), "that time is over"
        await a.ask("ping")
        assert a.events("attention") == []


async def test_a_level_that_is_none_is_refused(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a)
        for fields in ({"level": "loud"}, {"level": "all", "muted_until": -1}, {}):
            assert (await a.do("set_attention", room=room, **fields))["code"] == "bad_request"
