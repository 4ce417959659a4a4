"""One private room, and everybody who could stand in some relation to it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.client import Client, client_id
from tests.edge.browser import browser
from tests.media.sounds import say, webm
from tests.server import Account, Server, room_of

ROLES = (
    "outsider",
    "stranger",
    "guest",
    "member",
    "former",
    "blocked",
    "moderator",
    "owner",
    "staff",
    "admin",
)
"""Who asks. `outsider` has no session. `stranger` is in another room, `guest` came by a link of this one,
`former` was taken out. `blocked` is a member whom `member` and the owner blocked. `moderator` and `owner` are
those of the room. `staff` moderates the community and `admin` runs it; neither is in the room."""

SOCKETS = ROLES[1:]
INSIDE = ("guest", "member", "blocked", "moderator", "owner")
SECRETS = ("Hidden cellar", "what nobody else may read", "and a topic", "Quietly there")
"""Words that nobody outside of the room may ever hear."""

NOTHING = "0" * 26


@dataclass
class Scene:
    """The room and its people. `target` is a member of it who does nothing, `bystander` somebody whom nobody
    here has met; `message` is the owner's, and
    so is `spoken`, which was said aloud. `ids` fills in the paths of routes."""

    server: Server
    people: dict[str, Account]
    sockets: dict[str, Client]
    room: str
    message: str
    own: dict[str, str]
    """By role, a message of theirs in the room."""
    spoken: str
    target: Account
    bystander: Account
    ids: dict[str, str]

    def token(self, role: str) -> str:
        """The bearer token of a role; empty for nobody's."""
        return self.people[role].token if role in self.people else ""


async def call(server: Server, token: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON of an answer that has to be a good one."""
    async with browser(server, token) as b:
        answer = await b.request(method, path, json=body)
    assert answer.status_code < 300, (method, path, answer.text)
    return answer.json() if answer.content else None


@asynccontextmanager
async def setting(server: Server) -> AsyncIterator[Scene]:
    """Put everybody in their place."""
    people = {role: await server.account(role) for role in ("stranger", "member", "former", "blocked")}
    people |= {role: await server.account(role) for role in ("moderator", "owner")}
    people["staff"] = await server.account("staff", role="moderator")
    people["admin"] = await server.account("admin", admin=True)
    target, bystander = await server.account("target"), await server.account("bystander")
    async with AsyncExitStack() as stack:

        async def enter(account: Account) -> Client:
            client: Client = await stack.enter_async_context(server.connect(account))
            return client

        sockets = {role: await enter(account) for role, account in people.items()}
        owner = sockets["owner"]
        inside = [people[role] for role in ("member", "former", "blocked", "moderator")]
        fields = {"name": "Hidden cellar", "topic": "and a topic", "kind": "private"}
        room = str((await owner.do("create_room", **fields))["subject"])
        for account in (*inside, target):
            assert (await owner.do("add_member", room=room, person=account.id))["op"] == "ack"
        await owner.do("set_role", room=room, person=people["moderator"].id, role="moderator")
        people["guest"] = await _guest(server, people["owner"].token, room)
        sockets["guest"] = await enter(people["guest"])
        own = {
            role: str((await sockets[role].post(room, f"what nobody else may read, {role}"))["subject"])
            for role in (*INSIDE, "former")
        }
        await owner.do("remove_member", room=room, person=people["former"].id)
        message = str((await owner.post(room, "what nobody else may read"))["subject"])
        spoken, media = await say(server, people["owner"], owner, room, webm())
        for blocker in ("member", "owner"):
            await sockets[blocker].do("block", person=people["blocked"].id)
        await room_of(sockets["stranger"])
        for socket in sockets.values():
            await socket.ask("ping")
            socket.heard.clear()
        ids = await _ids(server, people, bystander, room) | {"media": media}
        yield Scene(server, people, sockets, room, message, own, spoken, target, bystander, ids)


async def _guest(server: Server, owner: str, room: str) -> Account:
    link = await call(server, owner, "POST", f"/api/rooms/{room}/guest-links", {})
    code = link["url"].rpartition("/")[2]
    asked = {"code": code, "display": "Quietly there", "bearer": True}
    entered = await call(server, "", "POST", "/api/guests", asked)
    return Account(entered["me"]["id"], entered["device"], entered["token"])


async def _ids(server: Server, people: dict[str, Account], bystander: Account, room: str) -> dict[str, str]:
    links = await call(server, people["owner"].token, "GET", f"/api/rooms/{room}/guest-links")
    device = (await server.device(bystander)).device
    named = {"room": room, "account": bystander.id, "person": bystander.id, "device": device}
    return {**named, "link": links["links"][0]["id"], "code": "abcd-efgh-2345", "provider": "nobody"}


def lasting(op: str, **fields: Any) -> dict[str, Any]:
    """A command that changes something."""
    return {"op": op, "client_id": client_id(), **fields}
