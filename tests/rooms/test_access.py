"""What those may learn who are not in a room. Who may do what is in `tests/access/rows.py`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.client import Client, client_id
from tests.edge.browser import browser
from tests.messages.pages import page
from tests.rooms.making import make_room
from tests.server import Account, Server

SECRETS = ("Hidden cellar", "what nobody else may read", "and a topic", "Quiet one")


@dataclass
class Scene:
    """A private room of ada (an admin) with bela in it; chidi was; dana never. `quiet` is one more member,
    of whom others know only through the room."""

    server: Server
    people: dict[str, Account]
    sockets: dict[str, Client]
    room: str
    message: str
    old_message: str
    newcomer: Account
    bystander: Account
    """Somebody whom nobody here has met."""


@pytest.fixture
async def scene(server: Server) -> AsyncIterator[Scene]:
    names = {"outsider": "dana", "former": "chidi", "member": "bela", "admin": "ada"}
    people = {role: await server.account(name, admin=role == "admin") for role, name in names.items()}
    newcomer, bystander = await server.account("emre"), await server.account("farid")
    async with AsyncExitStack() as stack:
        sockets = {
            role: await stack.enter_async_context(server.connect(account)) for role, account in people.items()
        }
        ada = sockets["admin"]
        room = await make_room(
            ada, people["member"], people["former"], kind="private", name="Hidden cellar", topic="and a topic"
        )
        old = await ada.post(room, "what everybody read")
        await ada.do("remove_member", room=room, person=people["former"].id)
        message = await ada.post(room, "what nobody else may read")
        for socket in sockets.values():
            await socket.ask("ping")
            socket.heard.clear()
        yield Scene(server, people, sockets, room, message["subject"], old["subject"], newcomer, bystander)


def command(op: str, scene: Scene) -> dict[str, Any]:
    content = {"type": "text", "text": "Hello"}
    fields: dict[str, dict[str, Any]] = {
        "join": {"room": scene.room},
        "add_member": {"room": scene.room, "person": scene.newcomer.id},
        "remove_member": {"room": scene.room, "person": scene.newcomer.id},
        "leave": {"room": scene.room},
        "post": {"room": scene.room, "content": content},
        "edit": {"message": scene.message, "content": content},
        "delete": {"message": scene.message},
        "read": {"room": scene.room, "seq": 1},
    }
    return {"op": op, **fields[op], **({} if op == "read" else {"client_id": client_id()})}


UNKNOWN = "0" * 26


async def test_a_foreign_room_and_one_that_is_not_there_look_the_same(scene: Scene) -> None:
    """Same answers, byte by byte, but for the ids that the asker gave."""
    for role in ("outsider", "former"):
        socket = scene.sockets[role]
        for op in ("post", "edit", "delete", "read", "join", "add_member", "remove_member", "leave"):
            known = await socket.ask(**command(op, scene))
            asked = command(op, scene)
            asked |= {name: UNKNOWN for name in ("room", "message") if name in asked}
            unknown = await socket.ask(**asked)
            strip = {"id": "", "at": 0, "subject": ""}
            assert {**known, **strip} == {**unknown, **strip}, (op, role)
        async with browser(scene.server, scene.people[role].token) as b:
            for tail in ("members", "messages", "messages?limit=1", f"messages?around={scene.old_message}"):
                known_page = await b.get(f"/api/rooms/{scene.room}/{tail}")
                unknown_page = await b.get(f"/api/rooms/{UNKNOWN}/{tail}")
                assert known_page.status_code == unknown_page.status_code == 404
                assert known_page.content == unknown_page.content


async def test_nothing_of_a_room_reaches_those_who_are_not_in_it(scene: Scene) -> None:
    member, admin = scene.sockets["member"], scene.sockets["admin"]
    await admin.ask("view", room=scene.room)
    await member.ask("view", room=scene.room)
    for role in ("outsider", "former"):
        await scene.sockets[role].ask("view", room=scene.room)
        await scene.sockets[role].ask("typing", room=scene.room)
    await admin.ask("typing", room=scene.room)
    posted = await member.post(scene.room, "more", reply_to=scene.message)
    await member.do("edit", message=posted["subject"], content={"type": "text", "text": "more!"})
    await member.do("delete", message=posted["subject"])
    await member.ask("read", room=scene.room, seq=posted["seq"])
    await admin.do("add_member", room=scene.room, person=scene.newcomer.id)
    await admin.do("remove_member", room=scene.room, person=scene.newcomer.id)
    await member.until(lambda frame: frame["op"] == "typing")
    assert not [typing for typing in admin.events("typing") if typing["person"] != scene.people["admin"].id]
    for role in ("outsider", "former"):
        await scene.sockets[role].ask("ping")
        assert {frame["op"] for frame in scene.sockets[role].heard} == {"ack", "pong"}, role
        async with scene.server.connect(scene.people[role], hello=False) as again:
            welcome = await again.hello({scene.room: 0})
            assert "summaries" not in welcome or welcome["summaries"] == []
            told = msgspec.json.encode(welcome).decode()
            assert not any(secret in told for secret in SECRETS)


async def test_a_reply_cannot_point_out_of_the_room_or_to_what_one_may_not_see(scene: Scene) -> None:
    outsider, member = scene.sockets["outsider"], scene.sockets["member"]
    own = await make_room(outsider, scene.people["member"])
    for asker, target in (
        (outsider, scene.message),
        (outsider, UNKNOWN),
        (member, scene.message),
    ):
        answer = await asker.post(own, "look", reply_to=target)
        assert (answer["code"], answer["field"]) == ("not_found", "reply_to")
    assert (await page(scene.server, scene.people["outsider"], own))["messages"] == []


async def test_the_directory_shows_public_rooms_only(scene: Scene) -> None:
    outsider = scene.sockets["outsider"]
    public = await make_room(scene.sockets["admin"], name="Square")
    await make_room(outsider, kind="private", name="Own")
    await outsider.do("start_dm", person=scene.newcomer.id)
    async with browser(scene.server, scene.people["outsider"].token) as b:
        rooms = (await b.get("/api/rooms")).json()["rooms"]
    assert [(entry["room"]["id"], entry["joined"]) for entry in rooms] == [(public, False)]


async def test_nobody_reads_the_direct_message_of_two(scene: Scene) -> None:
    member, admin = scene.sockets["member"], scene.sockets["admin"]
    dm = (await member.do("start_dm", person=scene.newcomer.id))["subject"]
    await member.post(dm, "between us")
    for asker in (admin, scene.sockets["outsider"]):
        for op, fields in DM_TRIES.items():
            person = {"person": scene.bystander.id} if "member" in op else {}
            assert (await asker.do(op, room=dm, **person, **fields))["code"] == "not_found", op
    for op, fields in DM_TRIES.items():
        person = {"person": scene.bystander.id} if "member" in op else {}
        if op != "post":
            expected = "ack" if op == "join" else "forbidden"
            answer = await member.do(op, room=dm, **person, **fields)
            assert answer.get("code", answer["op"]) == expected, op
    assert (await member.do("leave", room=dm))["code"] == "forbidden"


DM_TRIES: dict[str, dict[str, Any]] = {
    "post": {"content": {"type": "text", "text": "Hello"}},
    "join": {},
    "add_member": {},
    "remove_member": {},
}
