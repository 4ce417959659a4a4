"""Direct messages of several: all are equal, and who does not want to be asked is not in one."""

from typing import Any

import pytest

from appliance.features.people import actions as people
from appliance.features.people.model import Block
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.client import client_id
from tests.messages.pages import page, texts
from tests.rooms.making import bring, make_room
from tests.server import Account, Server


async def block(server: Server, who: Account, other: str) -> None:
    command = Block(client_id=client_id(), person=other)
    await server.house.db.write(lambda tx: people.block(tx, Who(who.id, who.device), command))


async def test_all_are_in_a_group_from_the_start_and_know_one_another(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        made = await a.do("start_group", people=[bela.id, chidi.id, bela.id, ada.id], name=" The \n three ")
        for client, others in ((a, (bela, chidi)), (b, (ada, chidi)), (c, (ada, bela))):
            event = await client.until(lambda frame: frame["op"] == "joined")
            assert (event["room"]["kind"], event["room"]["name"]) == ("group", "The three")
            assert {person["id"] for person in event["people"]} == {other.id for other in others}
            assert (event["role"], event["room"]["member_count"]) == ("member", 3)
        posted = await c.post(made["subject"], "Hello")
        assert (await b.until(lambda frame: frame["op"] == "message"))["seq"] == posted["seq"]
        async with server.connect(bela, hello=False) as again:
            (whole,) = (await again.hello())["logs"]
        (joined,) = [event for event in whole["events"] if event["op"] == "joined"]
        assert [person["name"] for person in joined["people"]] == ["ada", "chidi"]
        # Not the same group: people have several.
        assert (await a.do("start_group", people=[bela.id]))["subject"] != made["subject"]


async def test_anybody_brings_others_into_a_group_who_see_what_comes_then(server: Server) -> None:
    ada, bela, chidi, dana = [await server.account(name) for name in ("ada", "bela", "chidi", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        group = (await a.do("start_group", people=[bela.id]))["subject"]
        await a.post(group, "between two")
        assert (await b.do("add_member", room=group, person=chidi.id))["op"] == "ack"
        await a.post(group, "between three")
        assert texts(await page(server, chidi, group)) == ["between three"]
        assert (await c.do("change_room", room=group, name="", topic="Us"))["op"] == "ack"
        for op in ("remove_member", "ban"):
            assert (await a.do(op, room=group, person=chidi.id))["code"] == "forbidden"
        assert (await a.do("leave", room=group))["op"] == "ack"
        gone = await c.until(lambda frame: frame["op"] == "member" and frame["role"] is None)
        assert (gone["person"]["id"], gone["member_count"]) == (ada.id, 2)
        # Nobody inherits anything: all are equal.
        assert (await b.do("delete_room", room=group))["code"] == "forbidden"
        assert (await b.do("join", room=group))["op"] == "ack"
        async with server.connect(dana) as d:
            assert (await d.do("join", room=group))["code"] == "not_found"


async def test_who_blocked_me_is_in_no_conversation_that_i_open(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(chidi) as c:
        old = (await c.do("start_dm", person=bela.id))["subject"]
        for blocked in (ada, chidi):
            await block(server, bela, blocked.id)
        group = (await a.do("start_group", people=[chidi.id]))["subject"]
        tries: dict[str, dict[str, Any]] = {
            "start_dm": {"person": bela.id},
            "start_group": {"people": [chidi.id, bela.id]},
            "add_member": {"room": group, "person": bela.id},
        }
        for op, fields in tries.items():
            refused = await a.do(op, **fields)
            assert (refused["code"], refused["field"]) == ("forbidden", "person"), op
        # What there was before stays as it is.
        assert (await c.do("start_dm", person=bela.id))["subject"] == old
        async with server.connect(bela) as b:
            assert (await b.do("start_dm", person=ada.id))["op"] == "ack"


async def test_newcomers_whom_nobody_invited_write_only_to_those_who_look_after_the_community(
    server: Server,
) -> None:
    new, other = await server.account("new"), await server.account("other")
    moderator = await server.account("moderator", role="moderator")
    trusted_at = server.house.clock.now_ms() + 3_600_000

    def unit(tx: Tx) -> None:
        tx.run("UPDATE accounts SET trusted_at = :at WHERE id = :id", at=trusted_at, id=new.id)

    await server.house.db.write(unit)
    async with server.connect(new) as n, server.connect(other) as o:
        assert (await n.do("start_dm", person=other.id))["code"] == "newcomer"
        assert (await n.do("start_group", people=[moderator.id, other.id]))["code"] == "newcomer"
        assert (await n.do("start_dm", person=moderator.id))["op"] == "ack"
        assert (await o.do("start_dm", person=new.id))["op"] == "ack"


@pytest.mark.parametrize("op", ["start_dm", "start_group", "add_member"])
async def test_a_guest_is_only_in_the_rooms_of_their_links(server: Server, op: str) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    guest = await server.account("guest", role="guest")
    async with server.connect(ada) as a, server.connect(guest) as g:
        shared, other = await make_room(a), await make_room(a)
        await server.house.db.write(lambda tx: bring(tx, shared, guest.id))
        fields: dict[str, dict[str, Any]] = {
            "start_dm": {"person": guest.id},
            "start_group": {"people": [bela.id, guest.id]},
            "add_member": {"room": other, "person": guest.id},
        }
        assert (await a.do(op, **fields[op]))["code"] == "forbidden"
        assert (await g.do("join", room=other))["code"] == "forbidden"
        assert (await g.post(shared, "Hello"))["op"] == "ack"
        assert (await g.do("leave", room=shared))["op"] == "ack"
