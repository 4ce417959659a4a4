"""What somebody is in the community holds at once, on every socket and for every request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from appliance.features.admin import api as admin_api
from appliance.features.admin.model import SetCommunityRole
from appliance.features.auth import actions as auth
from appliance.wire.http import body
from tests.edge.browser import browser
from tests.server import Server


async def test_who_becomes_something_else_comes_again_as_that(server: Server) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela")
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        await server.house.db.write(lambda tx: auth.change_role(tx, bela.id, "moderator"))
        # 4409 says: connect again at once, with the positions held.
        assert [await socket.closed() for socket in (b, p)] == [4409, 4409]
        assert (await a.ask("ping"))["op"] == "pong"
        async with server.connect(bela, hello=False) as again:
            (log,) = (await again.hello())["logs"]
        (me,) = [event["me"] for event in log["events"] if event["op"] == "me"]
        assert me["role"] == "moderator"


async def test_a_suspended_account_is_out_everywhere_until_its_time_is_over(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        until = server.house.clock.now_ms() + 3_600_000
        await server.house.db.write(lambda tx: auth.suspend(tx, bela.id, until, "Spam"))
        assert [await socket.closed() for socket in (b, p)] == [4401, 4401]
        assert (await a.ask("ping"))["op"] == "pong"
    async with browser(server, bela.token) as web:
        assert (await web.get("/api/rooms")).status_code == 401
    async with server.connect(bela, hello=False) as late:
        assert await late.closed() == 4401


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        (lambda tx, account: auth.change_role(tx, account, "member"), 403),
        (lambda tx, account: auth.suspend(tx, account, 2**50, "Spam"), 401),
    ],
)
async def test_a_request_that_is_kept_open_does_not_outlive_the_power_it_was_begun_with(
    server: Server, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Any, str], object], status: int
) -> None:
    ada, bela = await server.account("ada", admin=True), await server.account("bela", admin=True)
    begun, known, fallen = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def told(request: Request, kind: type[SetCommunityRole]) -> SetCommunityRole:
        known.set()
        return await body(request, kind)

    monkeypatch.setattr(admin_api, "body", told)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"role": '
        begun.set()
        await fallen.wait()
        yield b'"admin"}'

    async with browser(server, bela.token) as b:
        headers = {"content-type": "application/json"}
        path = f"/api/accounts/{ada.id}/role"
        asked: Awaitable[Any] = asyncio.ensure_future(b.post(path, content=slowly(), headers=headers))
        await begun.wait()
        # Who asks is known before the body is read.
        await known.wait()
        await server.house.db.write(lambda tx: meanwhile(tx, bela.id))
        fallen.set()
        assert (await asked).status_code == status
