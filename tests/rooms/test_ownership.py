"""Who owns a room, also while several people give and take at the same time."""

import asyncio

from appliance.kernel.transaction import Reader
from tests.client import Client
from tests.rooms.making import bring, make_room
from tests.server import Account, Server


async def roles(server: Server, room: str) -> dict[str, str]:
    """What everybody in the room is, by name."""

    def look(db: Reader) -> dict[str, str]:
        return dict(
            db.rows(
                "SELECT a.name, m.role FROM members m JOIN accounts a ON a.id = m.account"
                " WHERE m.room = :room",
                room=room,
            )
        )

    return await server.house.db.read(look)


async def promote(owner: Client, room: str, *people: Account) -> None:
    for person in people:
        answer = await owner.do("set_role", room=room, person=person.id, role="moderator")
        assert answer["op"] == "ack", answer


async def test_a_transfer_makes_one_owner_and_one_moderator_on_all_screens(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(chidi) as c:
        room = await make_room(a, bela, chidi)
        done = await a.do("transfer_room", room=room, person=bela.id)
        assert await roles(server, room) == {"ada": "moderator", "bela": "owner", "chidi": "member"}
        assert await b.until(lambda frame: frame["op"] == "joined" and frame["role"] == "owner")
        assert await a.until(lambda frame: frame["op"] == "joined" and frame["role"] == "moderator")
        told = (await c.until(lambda frame: frame.get("seq") == done["seq"]))["role"]
        assert told == "owner"
        assert (await a.do("transfer_room", room=room, person=ada.id))["code"] == "forbidden"
        assert (await b.do("transfer_room", room=room, person=bela.id))["code"] == "forbidden"
        assert (await b.do("transfer_room", room=room, person="0" * 26))["code"] == "not_found"


async def test_of_two_transfers_at_once_one_counts(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p:
        room = await make_room(a, bela, chidi)
        answers = await asyncio.gather(
            a.do("transfer_room", room=room, person=bela.id),
            p.do("transfer_room", room=room, person=chidi.id),
        )
        assert sorted(answer.get("code", "ack") for answer in answers) == ["ack", "forbidden"]
        found = await roles(server, room)
        assert sorted(found.values()) == ["member", "moderator", "owner"]
        assert found["ada"] == "moderator"


async def test_an_owner_who_leaves_while_handing_over_leaves_exactly_one_owner(server: Server) -> None:
    for order in (("transfer_room", "leave"), ("leave", "transfer_room")):
        ada, bela, chidi = [
            await server.account(f"{name}-{order[0][0]}") for name in ("ada", "bela", "chidi")
        ]
        async with server.connect(ada) as a, server.connect(await server.device(ada)) as phone:
            room = await make_room(a, bela, chidi)
            fields = {"transfer_room": {"person": chidi.id}, "leave": {}}
            first, second = await asyncio.gather(
                a.do(order[0], room=room, **fields[order[0]]),
                phone.do(order[1], room=room, **fields[order[1]]),
            )
            found = await roles(server, room)
            assert sorted(found.values()) == ["member", "owner"]
            # Either it was handed over before its owner left, or the oldest member inherited it.
            handed_over = first["op"] == second["op"] == "ack"
            heir = "chidi" if handed_over else "bela"
            assert next(name for name, role in found.items() if role == "owner").startswith(heir)


async def test_a_room_goes_to_the_oldest_moderator_and_only_then_to_the_oldest_member(
    server: Server,
) -> None:
    ada, bela, chidi, dana = [await server.account(name) for name in ("ada", "bela", "chidi", "dana")]
    async with server.connect(ada) as a, server.connect(chidi) as c, server.connect(dana) as d:
        room = await make_room(a, bela, chidi, dana)
        await promote(a, room, dana, chidi)
        await a.do("leave", room=room)
        assert await roles(server, room) == {"bela": "member", "chidi": "owner", "dana": "moderator"}
        await c.do("leave", room=room)
        assert await roles(server, room) == {"bela": "member", "dana": "owner"}
        await d.do("leave", room=room)
        assert await roles(server, room) == {"bela": "owner"}


async def test_a_moderator_can_be_made_a_plain_member_again_and_a_guest_nothing(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    guest = await server.account("guest", role="guest")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a, bela)
        await server.house.db.write(lambda tx: bring(tx, room, guest.id))
        await promote(a, room, bela)
        assert (await b.do("set_role", room=room, person=ada.id, role="member"))["code"] == "forbidden"
        for person, expected in ((guest, "forbidden"), (ada, "forbidden")):
            refused = await a.do("set_role", room=room, person=person.id, role="moderator")
            assert refused["code"] == expected
        assert (await a.do("transfer_room", room=room, person=guest.id))["code"] == "forbidden"
        before = await a.do("set_role", room=room, person=bela.id, role="member")
        # Saying so again changes nothing.
        assert (await a.do("set_role", room=room, person=bela.id, role="member"))["seq"] == before["seq"]
        assert (await roles(server, room))["bela"] == "member"


async def test_a_guest_inherits_nothing_and_the_next_member_who_comes_owns_the_room(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    guest = await server.account("guest", role="guest")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await make_room(a)
        await server.house.db.write(lambda tx: bring(tx, room, guest.id))
        await a.do("leave", room=room)
        assert await roles(server, room) == {"guest": "guest"}
        await b.do("join", room=room)
        assert await roles(server, room) == {"guest": "guest", "bela": "owner"}
