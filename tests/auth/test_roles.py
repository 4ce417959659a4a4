"""What somebody is in the community holds at once, on every socket."""

from appliance.features.auth import actions as auth
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
