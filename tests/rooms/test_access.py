"""Who may do what: every route and every command, for everybody there is.

A new route or command fails the first two tests until it has a row here.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from appliance import app
from appliance.edge import http
from appliance.wire.frames import Hello, Ping, Replay, Report
from tests.client import Client, client_id
from tests.edge.browser import browser
from tests.messages.pages import page
from tests.rooms.making import make_room
from tests.server import Account, Server

ROLES = ("nobody", "outsider", "former", "member", "admin")
"""`nobody` has no session; the others have accounts. `former` was removed; `admin` also owns the room."""

EVERYBODY = (200, 200, 200, 200, 200)
ACCOUNTS = (401, 200, 200, 200, 200)
MEMBERS = (401, 404, 404, 200, 200)
ADMINS = (401, 403, 403, 403, 200)
REFUSED_BODY = (400, 400, 400, 400, 400)
"""Anybody may try: an empty body is all that is wrong."""
UNCONFIRMED = (401, 403, 403, 403, 403)
"""Nobody showed once more that it is them."""

ROUTES: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/api/community"): EVERYBODY,
    ("POST", "/api/setup"): REFUSED_BODY,
    ("POST", "/api/register"): REFUSED_BODY,
    ("POST", "/api/sign-in"): REFUSED_BODY,
    ("POST", "/api/sign-in/challenge"): EVERYBODY,
    ("POST", "/api/sign-in/passkey"): REFUSED_BODY,
    ("POST", "/api/register/challenge"): REFUSED_BODY,
    ("POST", "/api/recover"): REFUSED_BODY,
    ("POST", "/api/reset/look"): REFUSED_BODY,
    ("POST", "/api/reset"): REFUSED_BODY,
    ("POST", "/api/accounts/{account}/reset-link"): (401, 403, 403, 403, 201),
    ("POST", "/api/confirm/challenge"): ACCOUNTS,
    ("POST", "/api/confirm"): (401, 401, 401, 401, 401),  # that is not the password
    ("GET", "/api/sign-in-methods"): ACCOUNTS,
    ("POST", "/api/password"): UNCONFIRMED,
    ("DELETE", "/api/password"): UNCONFIRMED,
    ("POST", "/api/passkeys/challenge"): UNCONFIRMED,
    ("POST", "/api/passkeys"): UNCONFIRMED,
    ("PATCH", "/api/passkeys/{passkey}"): (401, 400, 400, 400, 400),
    ("DELETE", "/api/passkeys/{passkey}"): UNCONFIRMED,
    ("POST", "/api/totp"): UNCONFIRMED,
    ("DELETE", "/api/totp"): UNCONFIRMED,
    ("POST", "/api/totp/confirm"): (401, 400, 400, 400, 400),
    ("POST", "/api/recovery-codes"): UNCONFIRMED,
    ("POST", "/api/sign-out"): (401, 204, 204, 204, 204),
    ("GET", "/api/devices"): ACCOUNTS,
    ("DELETE", "/api/devices/{device}"): (401, 404, 404, 404, 404),  # the device of somebody else
    ("PATCH", "/api/devices/{device}"): (401, 400, 400, 400, 400),
    ("DELETE", "/api/devices"): (401, 204, 204, 204, 204),
    ("POST", "/api/device-links"): (401, 201, 201, 201, 201),
    ("POST", "/api/device-links/claim"): REFUSED_BODY,
    ("POST", "/api/device-links/wait"): REFUSED_BODY,
    ("GET", "/api/device-links/{link}"): (401, 404, 404, 404, 404),
    ("POST", "/api/device-links/{link}/decide"): (401, 400, 400, 400, 400),
    ("GET", "/api/tokens"): ACCOUNTS,
    ("POST", "/api/tokens"): (401, 403, 403, 403, 403),  # nobody confirmed who they are
    ("DELETE", "/api/tokens/{token}"): (401, 404, 404, 404, 404),
    ("POST", "/api/tickets"): (401, 201, 201, 201, 201),
    ("POST", "/api/oidc/{provider}/begin"): (404, 404, 404, 404, 404),  # there is none
    ("GET", "/api/oidc/{provider}/callback"): (404, 404, 404, 404, 404),
    ("GET", "/api/identities"): ACCOUNTS,
    ("DELETE", "/api/identities/{identity}"): (401, 403, 403, 403, 403),
    ("GET", "/api/people"): ACCOUNTS,
    ("GET", "/api/people/{person}"): ACCOUNTS,  # a member of the community
    ("PUT", "/api/me/picture"): (401, 415, 415, 415, 415),  # what was sent is no picture
    ("DELETE", "/api/me/picture"): (401, 204, 204, 204, 204),
    ("GET", "/api/pictures/{picture}"): (401, 404, 404, 404, 404),  # there is none
    ("GET", "/api/invites"): ADMINS,
    ("POST", "/api/invites"): (401, 403, 403, 403, 201),
    ("DELETE", "/api/invites/{invite}"): (401, 403, 403, 403, 204),
    ("GET", "/api/invites/{code}"): EVERYBODY,
    ("GET", "/api/rooms"): ACCOUNTS,
    ("GET", "/api/rooms/{room}/members"): MEMBERS,
    ("GET", "/api/rooms/{room}/messages"): MEMBERS,
    ("GET", "/api/rooms/{room}/bans"): (401, 404, 404, 403, 200),
    ("PUT", "/api/rooms/{room}/picture"): (401, 404, 404, 403, 415),  # what was sent is no picture
    ("DELETE", "/api/rooms/{room}/picture"): (401, 404, 404, 403, 204),
    ("GET", "/api/rooms/{room}/secret"): (401, 404, 404, 403, 403),  # it is none
    ("PATCH", "/api/rooms/{room}/secret"): (401, 404, 404, 403, 403),
    ("PUT", "/api/categories"): (401, 403, 403, 403, 400),
    ("POST", "/api/secret-rooms"): (401, 400, 400, 400, 400),
    ("POST", "/api/secret-rooms/enter"): (401, 400, 400, 400, 400),
    ("GET", "/api/rooms/{room}/receipts"): MEMBERS,
    ("GET", "/api/rooms/{room}/preview"): (401, 404, 404, 404, 404),  # the room is private
    ("GET", "/api/mentions"): ACCOUNTS,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,  # from this machine; tests/edge has the rest
}

COMMANDS: dict[str, tuple[str, str, str, str]] = {
    # outsider, former, member, admin; nobody has no socket at all
    "hello": ("bad_request",) * 4,
    "ping": ("pong",) * 4,
    "replay": ("replayed",) * 4,
    "report": ("ack",) * 4,
    "view": ("ack",) * 4,  # silent where it has no effect
    "typing": ("ack",) * 4,
    "create_room": ("ack",) * 4,
    "start_dm": ("ack",) * 4,
    "join": ("not_found", "not_found", "ack", "ack"),
    "add_member": ("not_found", "not_found", "forbidden", "ack"),
    "remove_member": ("not_found", "not_found", "forbidden", "ack"),
    "change_room": ("not_found", "not_found", "forbidden", "ack"),
    "set_role": ("not_found", "not_found", "forbidden", "ack"),
    "mute_member": ("not_found", "not_found", "forbidden", "ack"),
    "ban": ("not_found", "not_found", "forbidden", "ack"),
    "unban": ("not_found", "not_found", "forbidden", "ack"),
    "archive_room": ("not_found", "not_found", "forbidden", "ack"),
    "delete_room": ("not_found", "not_found", "forbidden", "ack"),
    "restore_room": ("not_found", "not_found", "not_found", "ack"),  # the member was taken out
    "transfer_room": ("not_found", "not_found", "forbidden", "ack"),
    "start_group": ("ack",) * 4,
    "watch": ("ack",) * 4,  # silent about whom one may not see
    "away": ("ack",) * 4,
    "leave": ("ack",) * 4,  # leaving where one is not counts as done
    "post": ("not_found", "not_found", "ack", "ack"),
    "edit": ("not_found", "not_found", "forbidden", "ack"),
    "delete": ("not_found", "not_found", "forbidden", "ack"),
    "read": ("not_found", "not_found", "ack", "ack"),
    "mark_unread": ("not_found", "not_found", "ack", "ack"),
    "set_attention": ("not_found", "not_found", "ack", "ack"),
    "save_draft": ("not_found", "not_found", "ack", "ack"),
    "delivered": ("ack",) * 4,  # silent where it has no effect
    "block": ("ack",) * 4,
    "unblock": ("ack",) * 4,
    "change_profile": ("ack",) * 4,
    "set_nickname": ("ack",) * 4,
    "set_preferences": ("ack",) * 4,
}

OWN_FRAMES = (Hello, Replay, Ping, Report)
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


def routes() -> set[tuple[str, str]]:
    features = [route for feature in app.FEATURES for route in feature.ROUTES]
    return {
        (method, route.path)
        for route in (*features, *http.ROUTES)
        for method in set(route.methods or ()) - {"HEAD"}
    }


async def test_every_route_has_a_row() -> None:
    assert routes() == set(ROUTES)


async def test_every_command_has_a_row(server: Server) -> None:
    verbs = {kind for feature in app.FEATURES for kind in feature.frames(server.house)}
    assert {str(kind.__struct_config__.tag) for kind in (*OWN_FRAMES, *verbs)} == set(COMMANDS)


async def test_every_route_answers_each_as_the_table_says(scene: Scene) -> None:
    device = (await scene.server.device(scene.bystander)).device
    fill = {
        "{room}": scene.room,
        "{device}": device,
        "{invite}": "0" * 26,
        "{code}": "abcd",
        "{account}": scene.bystander.id,
    }
    fill |= {"{person}": scene.bystander.id, "{picture}": "0" * 26}
    last = [row for row in ROUTES if row[1] == "/api/sign-out"]
    for method, route in [row for row in ROUTES if row not in last] + last:
        path = route
        for name, value in fill.items():
            path = path.replace(name, value)
        for role, expected in zip(ROLES, ROUTES[method, route], strict=True):
            token = scene.people[role].token if role != "nobody" else ""
            async with browser(scene.server, token) as b:
                answer = await b.request(method, path, json=None if method == "GET" else {})
            assert answer.status_code == expected, (method, route, role)
            if role in ("nobody", "outsider", "former"):
                assert not any(secret in answer.text for secret in (*SECRETS, scene.room)), (route, role)


def command(op: str, scene: Scene) -> dict[str, Any]:
    content = {"type": "text", "text": "Hello"}
    fields: dict[str, dict[str, Any]] = {
        "replay": {"positions": {scene.room: 0}},
        "report": {"delivery_ms": [1.5]},
        "view": {"room": scene.room},
        "typing": {"room": scene.room},
        "create_room": {"name": "Mine"},
        "start_dm": {"person": scene.newcomer.id},
        "join": {"room": scene.room},
        "add_member": {"room": scene.room, "person": scene.newcomer.id},
        "remove_member": {"room": scene.room, "person": scene.newcomer.id},
        "change_room": {"room": scene.room, "topic": "another"},
        "set_role": {"room": scene.room, "person": scene.people["member"].id, "role": "moderator"},
        "mute_member": {"room": scene.room, "person": scene.people["member"].id, "until": 0},
        "ban": {"room": scene.room, "person": scene.bystander.id},
        "unban": {"room": scene.room, "person": scene.bystander.id},
        "archive_room": {"room": scene.room, "archived": False},
        "delete_room": {"room": scene.room},
        "restore_room": {"room": scene.room},
        "transfer_room": {"room": scene.room, "person": scene.people["member"].id},
        "start_group": {"people": [scene.newcomer.id]},
        "watch": {"people": [scene.people["admin"].id]},
        "away": {"away": False},
        "leave": {"room": scene.room},
        "post": {"room": scene.room, "content": content},
        "edit": {"message": scene.message, "content": content},
        "delete": {"message": scene.message},
        "read": {"room": scene.room, "seq": 1},
        "mark_unread": {"room": scene.room},
        "set_attention": {"room": scene.room, "level": "mentions"},
        "save_draft": {"room": scene.room, "text": "Hello"},
        "delivered": {"marks": {scene.room: 1}},
        "block": {"person": scene.newcomer.id},
        "unblock": {"person": scene.newcomer.id},
        "change_profile": {"status": "Here"},
        "set_nickname": {"person": scene.newcomer.id, "name": "The new one"},
        "set_preferences": {"sounds": False},
    }
    momentary = ("hello", "ping", "replay", "report", "view", "typing", "watch", "away")
    momentary += ("read", "save_draft", "delivered")
    lasting = op not in momentary
    return {"op": op, **fields.get(op, {}), **({"client_id": client_id()} if lasting else {})}


async def test_every_command_answers_each_as_the_table_says(scene: Scene) -> None:
    # What makes another room of it comes last.
    late = ["set_role", "delete_room", "restore_room", "transfer_room", "leave"]
    for op in [op for op in COMMANDS if op not in late] + late[:-1]:
        for role, expected in zip(ROLES[1:], COMMANDS[op], strict=True):
            answer = await scene.sockets[role].ask(**command(op, scene))
            assert (answer.get("code") or answer["op"]) == expected, (op, role)
    for role, expected in zip(ROLES[1:], COMMANDS["leave"], strict=True):
        assert (await scene.sockets[role].ask(**command("leave", scene)))["op"] == expected, role
    for role in ("outsider", "former"):
        told = msgspec.json.encode(scene.sockets[role].heard).decode()
        assert not any(secret in told for secret in SECRETS), role
        replayed = [frame for frame in scene.sockets[role].heard if frame["op"] == "replayed"]
        assert replayed[0]["logs"] == [{"log": scene.room, "after": 0, "to": 0, "gone": True}]
        assert "summaries" not in replayed[0]


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
