"""Tickets: how a program opens a socket where it can set no header."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest

from appliance.features.auth import actions as auth
from appliance.kernel.clock import HandClock
from appliance.kernel.session import Who
from tests.edge.browser import browser
from tests.edge.raw import Wire, http_head, tcp, text, upgrade
from tests.server import ROOMY, Account, Server, serving


async def taken(server: Server, account: Account) -> str:
    async with browser(server, account.token) as b:
        answer = await b.post("/api/tickets")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"])


def offer(ticket: str, **headers: str) -> bytes:
    return upgrade(Sec_WebSocket_Protocol=f"safevoice.v1, safevoice.ticket.{ticket}", **headers)


async def knock(wire: Wire, request: bytes) -> dict[str, str]:
    await wire.send(request)
    status, headers = await http_head(wire)
    assert status == 101
    return headers


async def refused(server: Server, ticket: str) -> bool:
    async with tcp(server) as wire:
        await knock(wire, offer(ticket))
        return await wire.closed() == 4401


async def test_a_ticket_opens_one_socket_also_for_a_page_of_another_site(server: Server) -> None:
    ada = await server.account("ada")
    ticket = await taken(server, ada)
    async with tcp(server) as wire:
        headers = await knock(wire, offer(ticket, Origin="https://elsewhere.example"))
        assert headers["sec-websocket-protocol"] == "safevoice.v1"
        welcome = await wire.hello()
        assert (welcome["account"], welcome["device"]) == (ada.id, ada.device)
    assert await refused(server, ticket), "the same one again"


async def test_a_ticket_is_worth_what_the_session_is(server: Server) -> None:
    ada = await server.account("ada")
    await server.house.db.write(
        lambda tx: auth.sign_in(
            tx, ada.id, auth.NewDevice("program", "other", "secret-of-a-program", scopes="read")
        )
    )
    ticket = await taken(server, replace(ada, token="secret-of-a-program"))
    async with tcp(server) as wire:
        await knock(wire, offer(ticket))
        await wire.hello()
        fields = {"name": "Mine", "client_id": "test-client-id-of-a-ticket"}
        await wire.send(text(op="create_room", id="1", **fields))
        assert (await wire.answer("1"))["code"] == "forbidden"


async def test_a_cookie_beside_a_ticket_does_not_count(server: Server) -> None:
    ada = await server.account("ada")
    async with tcp(server) as wire:
        evil = {"Origin": "https://evil.example", "Cookie": f"safevoice={ada.token}"}
        await knock(wire, offer("made.up.ticket", **evil))
        assert await wire.closed() == 4401
    async with tcp(server) as wire:
        await wire.send(upgrade(Sec_WebSocket_Protocol="safevoice.v1, safevoice.ticket.", **evil))
        assert (await http_head(wire))[0] == 403, "an empty one is none"


async def test_tickets_that_are_worth_nothing(timed: Server, clock: HandClock) -> None:
    ada = await timed.account("ada")
    key = await timed.house.db.write(lambda tx: auth.own_secret(tx, "ticket_key"))
    good = {"aud": "safevoice.socket", "sub": ada.device, "jti": "1", "exp": clock.now_ms() / 1000 + 60}

    def of(signed_with: str = key, **changed: Any) -> str:
        claims = {name: value for name, value in (good | changed).items() if value is not None}
        return jwt.encode(claims, signed_with, "HS256")

    none = f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{_segment(good)}."
    for ticket in (
        none,
        of("another key that is long enough for this"),
        of(aud="somebody else"),
        of(aud=None),
        of(sub="0" * 26),
        of(sub=None),
        of(jti=None),
        of(exp=None),
        of(exp=clock.now_ms() / 1000),
        "x",
    ):
        assert await refused(timed, ticket), ticket
    async with tcp(timed) as wire:
        await knock(wire, offer(of()))
        assert (await wire.hello())["op"] == "welcome"


def _segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_a_ticket_is_good_for_a_minute_and_then_forgotten(timed: Server, clock: HandClock) -> None:
    ada = await timed.account("ada")
    first, late = await taken(timed, ada), await taken(timed, ada)
    clock.advance(59.9)
    async with tcp(timed) as wire:
        await knock(wire, offer(first))
        await wire.hello()
    clock.advance(0.1)
    assert await refused(timed, late)
    clock.advance(3600)
    await timed.house.jobs.run_due()
    assert await timed.house.db.read(lambda db: db.value("SELECT count(*) FROM used_tickets")) == 0


async def test_a_used_ticket_is_used_after_a_restart_too(tmp_path: Path, clock: HandClock) -> None:
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        used, kept = await taken(server, ada), await taken(server, ada)
        async with tcp(server) as wire:
            await knock(wire, offer(used))
            await wire.hello()
    async with serving(tmp_path / "data", clock=clock) as server:
        assert await refused(server, used)
        async with tcp(server) as wire:
            await knock(wire, offer(kept))
            assert (await wire.hello())["account"] == ada.id


async def test_the_ticket_of_a_revoked_device_is_worth_nothing(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)
    ticket = await taken(server, phone)
    await server.house.db.write(lambda tx: auth.revoke(tx, Who(ada.id, ada.device), phone.device))
    assert await refused(server, ticket)


async def test_a_device_that_is_revoked_on_its_way_in_gets_no_welcome(server: Server) -> None:
    ada = await server.account("ada")
    ticket = await taken(server, ada)
    async with tcp(server) as wire:
        await knock(wire, offer(ticket))
        await server.house.db.write(lambda tx: auth.revoke(tx, Who(ada.id, ada.device), ada.device))
        await wire.send(text(op="hello", id="1", positions={}))
        assert await wire.closed() == 4401


async def test_a_ticket_opens_nothing_but_sockets(server: Server) -> None:
    ada = await server.account("ada")
    ticket = await taken(server, ada)
    async with browser(server) as b:
        for headers in (
            {"Authorization": f"Bearer {ticket}"},
            {"Sec-WebSocket-Protocol": f"safevoice.v1, safevoice.ticket.{ticket}"},
        ):
            assert (await b.get("/api/devices", headers=headers)).status_code == 401


@pytest.mark.parametrize("role", ["member", "guest"])
async def test_no_page_makes_a_ticket_of_its_cookie_and_no_guest_has_one(server: Server, role: Any) -> None:
    ada = await server.account("ada", role=role)
    async with browser(server) as b:
        b.cookies.set("safevoice", ada.token)
        assert (await b.post("/api/tickets")).json()["code"] == "forbidden"
    if role == "guest":
        async with browser(server, ada.token) as b:
            assert (await b.post("/api/tickets")).json()["code"] == "forbidden"


async def test_tickets_are_limited(tmp_path: Path, clock: HandClock) -> None:
    limits = replace(ROOMY, tickets_per_minute=2)
    async with serving(tmp_path / "data", limits=limits, clock=clock) as server:
        ada = await server.account("ada")
        async with browser(server, ada.token) as b:
            assert [(await b.post("/api/tickets")).status_code for _ in range(3)] == [201, 201, 429]
