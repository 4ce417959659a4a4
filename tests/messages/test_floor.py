"""Who may post right now: slow mode, mutes, archived rooms, rooms where only moderators post."""

from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.messages import actions
from appliance.features.rooms import actions as rooms
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import Client
from tests.rooms.making import make_room
from tests.server import Server


def text(content: str) -> dict[str, str]:
    return {"type": "text", "text": content}


async def refused(client: Client, room: str, **fields: Any) -> dict[str, Any]:
    """The error of a post that is not taken."""
    answer = await client.post(room, "Hello", **fields)
    assert answer["op"] == "error", answer
    return answer


async def test_slow_mode_lets_each_member_post_once_in_its_seconds(timed: Server, clock: HandClock) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a, timed.connect(bela) as b, timed.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        await a.do("change_room", room=room, slow_s=30)
        assert (await b.post(room, "one"))["op"] == "ack"
        clock.advance(12)
        waiting = await refused(b, room)
        assert (waiting["code"], waiting["retry_after_ms"]) == ("slow_mode", 18_000)
        assert "field" not in waiting
        other = await c.post(room, "somebody else")
        assert (await c.do("edit", message=other["subject"], content=text("I meant me")))["op"] == "ack"
        clock.advance(18)
        second = await b.post(room, "two")
        assert second["op"] == "ack"
        await b.do("delete", message=second["subject"])
        assert (await refused(b, room))["code"] == "slow_mode", "taking back does not give the turn back"
        for _ in range(2):
            assert (await a.post(room, "who leads does not wait"))["op"] == "ack"


async def test_a_repeat_of_what_was_posted_in_slow_mode_is_no_second_post(
    timed: Server, clock: HandClock
) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        await a.do("change_room", room=room, slow_s=30)
        first = await b.post(room, "one", client_id="the-same-in-slow-mode")
        again = await b.post(room, "one", client_id="the-same-in-slow-mode")
        assert {**again, "id": ""} == {**first, "id": ""}


async def test_whoever_is_muted_in_a_room_reads_until_the_end_of_it(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room, other = await make_room(a, bela), await make_room(a, bela)
        said = (await b.post(room, "before"))["subject"]
        until = clock.now_ms() + 30_000
        assert (await a.do("mute_member", room=room, person=bela.id, until=until))["op"] == "ack"
        muted = await refused(b, room)
        assert (muted["code"], muted["retry_after_ms"]) == ("muted", 30_000)
        assert (await b.do("edit", message=said, content=text("still speaking")))["code"] == "muted"
        assert (await b.post(other, "elsewhere"))["op"] == "ack"
        assert (await b.do("delete", message=said))["op"] == "ack"
        clock.advance(30)
        assert (await b.post(room, "after"))["op"] == "ack"


async def test_whoever_is_muted_in_the_community_is_so_everywhere(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room, dm = await make_room(a, bela), (await b.do("start_dm", person=ada.id))["subject"]
        await timed.house.db.write(lambda tx: auth.silence(tx, bela.id, clock.now_ms() + 5000))
        for each in (room, dm):
            assert (await refused(b, each))["code"] == "muted"
        clock.advance(5)
        assert (await b.post(dm, "again"))["op"] == "ack"


async def test_in_an_archived_room_nothing_is_added_or_changed_but_things_go(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        said = (await b.post(room, "before"))["subject"]
        await a.do("archive_room", room=room, archived=True)
        for client in (a, b):
            assert (await refused(client, room))["code"] == "room_archived"
        assert (await b.do("edit", message=said, content=text("no")))["code"] == "room_archived"
        assert (await b.do("delete", message=said))["op"] == "ack"
        await a.do("archive_room", room=room, archived=False)
        assert (await b.post(room, "after"))["op"] == "ack"


async def test_where_only_moderators_post_members_do_not(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        await a.do("set_role", room=room, person=chidi.id, role="moderator")
        await a.do("change_room", room=room, posting="moderators")
        assert (await refused(b, room))["code"] == "posting_closed"
        for client in (a, c):
            assert (await client.post(room, "news"))["op"] == "ack"


async def test_only_who_leads_a_room_speaks_to_all_of_it_but_in_a_group_everybody(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela, chidi)
        answer = await refused(b, room, everyone=True)
        assert (answer["code"], answer["field"]) == ("forbidden", "everyone")
        assert (await a.post(room, "all of you", everyone=True))["op"] == "ack"
        event = await b.until(lambda frame: frame["op"] == "message")
        assert event["message"]["everyone"] is True
        group = (await b.do("start_group", people=[ada.id, chidi.id]))["subject"]
        assert (await a.post(group, "all of us", everyone=True))["op"] == "ack"
        dm = (await b.do("start_dm", person=ada.id))["subject"]
        assert (await refused(b, dm, everyone=True))["code"] == "forbidden"


async def test_a_moderator_takes_others_messages_back_and_that_is_written_down(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        await a.do("set_role", room=room, person=chidi.id, role="moderator")
        said = (await b.post(room, "rude"))["subject"]
        assert (await c.do("delete", message=said))["op"] == "ack"
        own = (await c.post(room, "mine"))["subject"]
        await c.do("delete", message=own)
        rows = await server.house.db.read(
            lambda db: db.rows(
                "SELECT actor, subject, room, detail FROM audit WHERE action = 'message.delete'"
            )
        )
        assert rows == [(chidi.id, bela.id, room, said)]


async def test_newcomers_are_looked_at_by_who_asked_to_and_nobody_else_is(
    timed: Server, clock: HandClock
) -> None:
    looked: list[tuple[str, int]] = []

    def look(tx: Tx, who: Who, links: int) -> None:
        looked.append((who.account, links))
        if links > 1:
            raise Refusal("forbidden", field="content")

    hooks: actions.Hooks = timed.house.of_feature["posting"]
    hooks.newcomers[:] = [look]
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    trusted_at = clock.now_ms() + 30_000
    await timed.house.db.write(lambda tx: _distrust(tx, bela.id, trusted_at))
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        room = await make_room(a, bela)
        await a.post(room, "https://a.example https://b.example")
        said = (await b.post(room, "see www.a.example"))["subject"]
        assert (await b.post(room, "https://a.example HTTP://b.example"))["code"] == "forbidden"
        more = text("http://a.example and www.b.example")
        assert (await b.do("edit", message=said, content=more))["code"] == "forbidden"
        assert looked == [(bela.id, 1), (bela.id, 2), (bela.id, 2)]
        clock.advance(30)
        assert (await b.post(room, "https://a.example https://b.example"))["op"] == "ack"


def _distrust(tx: Tx, account: str, until: int) -> None:
    tx.run("UPDATE accounts SET trusted_at = :until WHERE id = :id", until=until, id=account)


async def test_the_staff_speaks_with_one_voice_and_nobody_sees_whose(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = (await a.do("ask_for_help", about="The door"))["subject"]
        desk = await server.house.db.write(lambda tx: _come(tx, room, bela.id, chidi.id))
        for client in (b, c):
            await client.until(lambda frame: frame["op"] == "joined")
        asked = await a.post(room, "Is anybody there?", mentions=[bela.id])
        assert asked["op"] == "ack"
        said = await b.post(room, "We are.", mentions=[chidi.id])
        event = await a.until(lambda frame: frame.get("seq") == said["seq"])
        assert (event["message"]["author"], event["person"]["id"]) == (desk, desk)
        # Who of the staff is there is not to be found out by naming them.
        assert not any("mentions" in frame["message"] for frame in a.events("message"))
        changed = await c.do("edit", message=said["subject"], content=text("We are here."))
        assert changed["op"] == "ack", "what one of them said, all of them said"
        for staff in (bela, chidi):
            summary = await summary_of(server, staff, room)
            assert (summary["unread"], summary["last"]["author"]) == (1, desk), "their own is not unread"
        assert (await summary_of(server, ada, room))["unread"] == 1
        assert not any(staff.id in str(a.heard) for staff in (bela, chidi))


def _come(tx: Tx, room: str, *staff: str) -> str:
    for account in staff:
        rooms.enter_unseen(tx, room, account)
    return auth.desk(tx)


async def summary_of(server: Server, who: Any, room: str) -> dict[str, Any]:
    async with server.connect(who, hello=False) as client:
        found: dict[str, Any] = {one["room"]: one for one in (await client.hello())["summaries"]}[room]
        return found
