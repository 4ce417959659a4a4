"""Tokens for programs: what they may do, wherever they ask, and how they end."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appliance.features.auth import actions as auth
from appliance.kernel.clock import HandClock
from appliance.kernel.session import CommunityRole
from tests.accessing.going import confirm
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, room_of, serving


async def made(server: Server, account: Account, *scopes: str, days: int = 0) -> tuple[str, Account]:
    """(id, session) of a new token."""
    confirm(server, account)
    async with browser(server, account.token) as b:
        asked = {"name": "a program", "scopes": scopes or ["read"], "days": days}
        answer = await b.post("/api/tokens", json=asked)
    assert answer.status_code == 201, answer.text
    token = answer.json()["token"]["id"]
    return token, Account(account.id, token, answer.json()["secret"])


async def listed(server: Server, account: Account) -> list[dict[str, Any]]:
    async with browser(server, account.token) as b:
        found: list[dict[str, Any]] = (await b.get("/api/tokens")).json()["tokens"]
    return found


async def test_a_token_is_shown_once_and_listed_apart_from_the_devices(
    timed: Server, clock: HandClock
) -> None:
    ada = await timed.account("ada")
    token, program = await made(timed, ada, "write", days=30)
    (shown,) = await listed(timed, ada)
    assert shown == {
        "id": token,
        "name": "a program",
        "scopes": ["read", "write"],
        "created_at": clock.now_ms(),
        "expires_at": clock.now_ms() + 30 * 86_400_000,
    }
    clock.advance(60)
    async with browser(timed, program.token) as b, browser(timed, ada.token) as own:
        assert (await b.get("/api/rooms")).status_code == 200
        assert [each["id"] for each in (await own.get("/api/devices")).json()["devices"]] == [ada.device]
    await timed.house.of_feature["last_seen"].flush()
    assert (await listed(timed, ada))[0]["last_used"] == clock.now_ms()


async def test_whoever_makes_one_has_shown_a_moment_ago_who_they_are(server: Server) -> None:
    ada = await server.account("ada")
    async with browser(server, ada.token) as b:
        answer = await b.post("/api/tokens", json={"name": "x", "scopes": ["read"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "confirm_needed")


async def test_a_token_that_reads_may_not_write_on_any_way(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    _, program = await made(server, ada, "read")
    async with server.connect(ada) as a, server.connect(program) as p, browser(server, program.token) as b:
        room = await room_of(a)
        assert (await p.ask("ping"))["op"] == "pong"
        answer = await p.post(room, "not mine to say")
        assert answer["code"] == "forbidden"
        assert (await p.do("create_room", name="Mine"))["code"] == "forbidden"
        for op, fields in (
            ("typing", {"room": room}),
            ("away", {"away": False}),
            ("delivered", {"marks": {room: 1}}),
        ):
            assert (await p.ask(op, **fields))["code"] == "forbidden", op
        assert (await p.ask("view", room=room))["op"] == "ack"
        assert (await b.get("/api/rooms")).status_code == 200
        assert (await b.get(f"/api/rooms/{room}/messages")).status_code == 200
        await a.post(room, "but heard")
        await p.until(lambda frame: frame["op"] == "message")


async def test_a_token_that_writes_has_not_the_power_of_the_staff(server: Server) -> None:
    """Neither in routes nor in commands: what an admin may do in a room of others is asked of the role."""
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    _, plain = await made(server, ada, "write")
    _, mighty = await made(server, ada, "write", "admin")
    async with browser(server, plain.token) as p, browser(server, mighty.token) as m:
        assert (await p.get("/api/invites")).status_code == 403
        assert (await m.get("/api/invites")).status_code == 200
    async with browser(server, (await made(server, ada, "admin"))[1].token) as looking:
        assert (await looking.get("/api/invites")).status_code == 200
        assert (await looking.post("/api/invites", json={})).status_code == 403
    found = [await server.house.db.read(partial(auth.authenticate, token=t.token)) for t in (plain, mighty)]
    assert [who.role for who in found if who] == ["member", "admin"]
    async with server.connect(bela) as b, server.connect(plain) as p2:
        room = await room_of(b)
        assert (await p2.post(room, "I am in here as nobody"))["code"] == "not_found"


async def test_only_the_staff_gives_the_power_of_the_staff(server: Server) -> None:
    rows: tuple[tuple[CommunityRole, int], ...] = (("member", 403), ("moderator", 201))
    for role, expected in rows:
        account = await server.account(role, role=role)
        confirm(server, account)
        async with browser(server, account.token) as b:
            answer = await b.post("/api/tokens", json={"name": "x", "scopes": ["admin"]})
        assert answer.status_code == expected, role


OWN: list[tuple[str, str]] = [
    ("GET", "/api/devices"),
    ("DELETE", "/api/devices"),
    ("PATCH", "/api/devices/{own}"),
    ("DELETE", "/api/devices/{own}"),
    ("POST", "/api/device-links"),
    ("GET", "/api/device-links/{own}"),
    ("POST", "/api/device-links/{own}/decide"),
    ("GET", "/api/tokens"),
    ("POST", "/api/tokens"),
    ("DELETE", "/api/tokens/{own}"),
    ("GET", "/api/identities"),
    ("DELETE", "/api/identities/{own}"),
    ("GET", "/api/sign-in-methods"),
    ("POST", "/api/password"),
    ("POST", "/api/passkeys/challenge"),
    ("POST", "/api/totp"),
    ("POST", "/api/recovery-codes"),
    ("POST", "/api/confirm"),
]


@pytest.mark.parametrize(("method", "path"), OWN)
async def test_no_program_touches_how_one_signs_in(server: Server, method: str, path: str) -> None:
    ada = await server.account("ada", admin=True)
    _, program = await made(server, ada, "read", "write", "admin")
    confirm(server, program)
    bodies = {"PATCH": {"name": "x"}, "POST": {"name": "x", "scopes": ["read"], "confirm": True}}
    async with browser(server, program.token) as b:
        answer = await b.request(method, path.replace("{own}", ada.device), json=bodies.get(method))
    assert answer.status_code in (400, 403), answer.text
    assert answer.json()["code"] in ("forbidden", "bad_request")
    async with browser(server, program.token) as b:
        assert (await b.get("/api/rooms")).status_code == 200, "and nothing became of the session"


async def test_a_revoked_token_is_worth_nothing_and_its_sockets_close(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    token, program = await made(server, ada, "write")
    async with (
        server.connect(program) as p,
        browser(server, ada.token) as b,
        browser(server, dana.token) as d,
    ):
        assert (await d.delete(f"/api/tokens/{token}")).status_code == 404
        assert (await b.delete(f"/api/tokens/{ada.device}")).status_code == 404, "that one is no token"
        assert (await b.delete(f"/api/tokens/{token}")).status_code == 204
        assert await p.closed() == 4401
        assert (await b.delete(f"/api/tokens/{token}")).status_code == 404
    async with browser(server, program.token) as gone:
        assert (await gone.get("/api/rooms")).status_code == 401
    assert await listed(server, ada) == []


async def test_a_program_may_sign_itself_out(server: Server) -> None:
    ada = await server.account("ada")
    _, program = await made(server, ada, "read")
    async with browser(server, program.token) as b:
        assert (await b.post("/api/sign-out")).status_code == 204
    assert await listed(server, ada) == []


async def test_when_its_time_is_over_the_open_socket_closes_too(timed: Server, clock: HandClock) -> None:
    ada = await timed.account("ada")
    _, program = await made(timed, ada, "write", days=1)
    async with timed.connect(program) as p:
        clock.advance(86_399)
        await timed.house.jobs.run_due()
        assert (await p.ask("ping"))["op"] == "pong"
        clock.advance(1)
        await timed.house.jobs.run_due()
        assert await p.closed() == 4401
    async with browser(timed, program.token) as b:
        assert (await b.get("/api/rooms")).status_code == 401


async def test_the_end_of_a_token_that_was_revoked_before_is_no_trouble(
    timed: Server, clock: HandClock
) -> None:
    ada = await timed.account("ada")
    token, _ = await made(timed, ada, days=1)
    async with browser(timed, ada.token) as b:
        await b.delete(f"/api/tokens/{token}")
    clock.advance(86_400 * 100)
    await timed.house.jobs.run_due()
    failed = await timed.house.db.read(lambda db: db.rows("SELECT kind, error FROM jobs WHERE error <> ''"))
    assert failed == []


async def test_one_person_has_so_many_and_no_more(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, tokens_per_person=2)) as server:
        ada = await server.account("ada")
        first, _ = await made(server, ada)
        await made(server, ada)
        async with browser(server, ada.token) as b:
            answer = await b.post("/api/tokens", json={"name": "x", "scopes": ["read"]})
            assert (answer.json()["code"], answer.json()["limit"]) == ("too_many", "tokens_per_person")
            await b.delete(f"/api/tokens/{first}")
        await made(server, ada)


async def test_guests_have_no_tokens(server: Server) -> None:
    guest = await server.account("guest", role="guest")
    confirm(server, guest)
    async with browser(server, guest.token) as b:
        assert (await b.post("/api/tokens", json={"name": "x", "scopes": ["read"]})).status_code == 403
