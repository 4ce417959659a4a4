"""How many fit into a room, however they come, and however many of them at once."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel.transaction import Reader
from tests.client import Client
from tests.edge.browser import browser
from tests.rooms.making import make_room, make_secret
from tests.server import ROOMY, Account, Server, serving

JOINERS, LIMIT = 30, 20


async def counted(server: Server, room: str) -> tuple[int, int]:
    """(members that there are, how many the room says there are)"""

    def look(db: Reader) -> tuple[int, int]:
        here = db.value("SELECT count(*) FROM members WHERE room = :room", room=room)
        return here, db.value("SELECT member_count FROM rooms WHERE id = :room", room=room)

    return await server.house.db.read(look)


async def joiners(server: Server, stack: AsyncExitStack) -> tuple[list[Account], list[Client]]:
    accounts = [await server.account(f"person{number}") for number in range(JOINERS)]
    return accounts, [await stack.enter_async_context(server.connect(account)) for account in accounts]


async def test_of_thirty_who_join_at_once_as_many_get_in_as_fit(server: Server) -> None:
    async with AsyncExitStack() as stack:
        _, clients = await joiners(server, stack)
        a = await stack.enter_async_context(server.connect(await server.account("ada")))
        room = await make_room(a)
        assert (await a.do("change_room", room=room, member_limit=LIMIT))["op"] == "ack"
        answers = await asyncio.gather(*(client.do("join", room=room) for client in clients))
        codes = [answer.get("code", "ack") for answer in answers]
        assert (codes.count("ack"), codes.count("room_full")) == (LIMIT - 1, JOINERS - LIMIT + 1)
        assert {answer.get("limit") for answer in answers} == {None, "member_limit"}
        assert await counted(server, room) == (LIMIT, LIMIT)
        await a.ask("ping")
        assert a.events("member")[-1]["member_count"] == LIMIT
        # Coming and going at once, the count is never wrong and the room never too full.
        ops = ("leave", "join") * 3
        await asyncio.gather(*(client.do(op, room=room) for client in clients for op in ops))
        here, said = await counted(server, room)
        assert here == said <= LIMIT


async def test_of_thirty_who_enter_by_a_code_at_once_as_many_get_in_as_fit(tmp_path: Path) -> None:
    limits = replace(ROOMY, argon2_threads=4, secret_tries=100)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada = await server.account("ada")
        accounts = [await server.account(f"person{number}") for number in range(JOINERS)]
        made = await make_secret(server, ada, member_limit=LIMIT)

        async def enter(account: Account) -> Any:
            async with browser(server, account.token) as b:
                return await b.post("/api/secret-rooms/enter", json={"code": made["code"]})

        answers = await asyncio.gather(*(enter(account) for account in accounts))
        codes = [answer.status_code for answer in answers]
        assert (codes.count(200), codes.count(404)) == (LIMIT - 1, JOINERS - LIMIT + 1)
        assert await counted(server, made["room"]) == (LIMIT, LIMIT)


async def test_a_limit_that_falls_below_the_count_puts_nobody_out(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(chidi) as c:
        room = await make_room(a, bela)
        assert (await a.do("change_room", room=room, member_limit=1))["op"] == "ack"
        assert await counted(server, room) == (2, 2)
        assert (await c.do("join", room=room))["limit"] == "member_limit"
        assert (await a.do("change_room", room=room, member_limit=0))["op"] == "ack"
        assert (await c.do("join", room=room))["op"] == "ack"


@pytest.mark.parametrize(("count", "answer"), [(49, "ack"), (50, "bad_request")])
async def test_a_group_has_at_most_fifty_people(server: Server, count: int, answer: str) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    others = [await server.account(f"person{number}") for number in range(count)]
    async with server.connect(ada) as a:
        made = await a.do("start_group", people=[other.id for other in others])
        assert made.get("code", made["op"]) == answer
        if answer == "ack":
            assert await counted(server, made["subject"]) == (50, 50)
            refused = await a.do("add_member", room=made["subject"], person=bela.id)
            assert refused["code"] == "room_full"
