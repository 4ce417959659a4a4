"""What the server itself writes into a room: calls that are over."""

from functools import partial

import pytest

from appliance.features.auth import actions as auth
from appliance.features.messages import actions
from appliance.features.messages.model import CallEntry
from appliance.kernel.transaction import Tx
from tests.messages.test_marks import counts, newest, summary_of
from tests.search.looking import catch_up, texts
from tests.server import Account, Server

ENTRY = CallEntry(video=True, outcome="answered", duration_ms=61_000)
MISSED = CallEntry(video=False, outcome="missed")


async def note(server: Server, caller: Account, room: str, entry: CallEntry, *, quiet: bool) -> int:
    def unit(tx: Tx, entry: CallEntry, quiet: bool) -> int:
        person = auth.person(tx, caller.id)
        assert person is not None
        return actions.note_call(tx, room, person, entry, quiet=quiet)

    return await server.house.db.write(partial(unit, entry=entry, quiet=quiet))


async def pair(server: Server) -> tuple[Account, Account]:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    return ada, bela


async def test_a_quiet_entry_is_heard_and_replayed_and_unread_for_nobody(server: Server) -> None:
    ada, bela = await pair(server)
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = (await a.do("start_dm", person=bela.id))["subject"]
        begun = (await b.ask("replay", positions={room: 0}))["logs"][0]["to"]
        seq = await note(server, ada, room, ENTRY, quiet=True)
        heard = await b.until(lambda frame: frame["op"] == "message")
        assert (heard["seq"], heard["message"]["quiet"], heard["person"]["id"]) == (seq, True, ada.id)
        content = {"type": "call", "video": True, "outcome": "answered", "duration_ms": 61_000}
        assert heard["message"]["content"] == content
        found = await summary_of(server, bela, room)
        assert counts(found) == (0, 0, False)
        assert found["last"] == heard["message"]
        events = (await b.ask("replay", positions={room: begun}))["logs"][0]["events"]
        assert [event["message"] for event in events] == [heard["message"]]
        await a.post(room, "Back again")
        assert counts(await summary_of(server, bela, room)) == (1, 0, False)


async def test_a_missed_call_is_unread_for_the_one_who_was_called(server: Server) -> None:
    ada, bela = await pair(server)
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = (await a.do("start_dm", person=bela.id))["subject"]
        seq = await note(server, ada, room, MISSED, quiet=False)
        assert counts(await summary_of(server, bela, room)) == (1, 0, False)
        assert counts(await summary_of(server, ada, room)) == (0, 0, False)
        await b.ask("read", room=room, seq=seq)
        assert counts(await newest(b, "read")) == (0, 0, False)


async def test_nobody_posts_or_changes_an_entry_and_only_its_author_deletes_it(server: Server) -> None:
    ada, bela = await pair(server)
    call = {"type": "call", "video": False, "outcome": "missed", "duration_ms": 0}
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = (await a.do("start_dm", person=bela.id))["subject"]
        assert (await a.do("post", room=room, content=call))["code"] == "content_unknown"
        own = (await a.post(room, "Hello"))["subject"]
        assert (await a.do("edit", message=own, content=call))["code"] == "content_unknown"
        await note(server, ada, room, MISSED, quiet=False)
        heard = await b.until(lambda frame: frame["op"] == "message" and frame["message"]["id"] != own)
        entry = heard["message"]["id"]
        text = {"type": "text", "text": "It was not me"}
        for client in (a, b):
            assert (await client.do("edit", message=entry, content=text))["code"] == "forbidden"
        assert (await b.do("delete", message=entry))["code"] == "forbidden"
        assert (await a.do("delete", message=entry))["op"] == "ack"
        gone = await b.until(lambda frame: frame["op"] == "message" and "deleted_at" in frame["message"])
        assert gone["message"]["content"] is None
        assert counts(await summary_of(server, bela, room)) == (1, 0, False), "Hello"


@pytest.mark.parametrize("caught_up", [False, True])
async def test_search_finds_what_was_said_around_an_entry_and_not_the_entry(
    server: Server, caught_up: bool
) -> None:
    ada, bela = await pair(server)
    async with server.connect(ada) as a:
        room = (await a.do("start_dm", person=bela.id))["subject"]
        await a.post(room, "a missed call")
        await note(server, ada, room, MISSED, quiet=False)
        await a.post(room, "answered the call")
    if caught_up:
        await catch_up(server)
    found = [await texts(server, bela, query) for query in ("call", "missed", "answered", "from:ada")]
    said = ["answered the call", "a missed call"]
    assert found == [said, said[1:], said[:1], said]


async def test_an_entry_is_wiped_purged_and_taken_along_like_a_message(server: Server) -> None:
    ada, bela = await pair(server)
    async with server.connect(ada) as a:
        room = (await a.do("start_dm", person=bela.id))["subject"]
        await note(server, ada, room, ENTRY, quiet=True)
    lines, _ = await server.house.db.read(lambda db: actions.export(db, ada.id, f"{room} 0"))
    assert [line["kind"] for line in lines] == ["message"]
    ids = [line["id"] for line in lines]
    await server.house.db.write(lambda tx: actions.bury_all(tx, ids, ada.id))
    assert (await server.house.db.read(lambda db: actions.export(db, ada.id, f"{room} 0")))[0] == []
    assert await server.house.db.write(lambda tx: actions.purge(tx, room, 10)) == 1
