"""Who may open a socket, and how it ends for those who may not."""

from dataclasses import replace
from pathlib import Path

import pytest

from appliance.edge.gate import Gate
from appliance.features.auth import actions as auth
from appliance.kernel.session import Who
from tests.edge.raw import CLOSE, Wire, frame, http_head, tcp, text, upgrade, wired
from tests.server import ROOMY, Server, serving


async def answer_to(server: Server, request: bytes) -> tuple[int, dict[str, str], Wire | None]:
    async with tcp(server) as wire:
        await wire.send(request)
        status, headers = await http_head(wire)
        return status, headers, wire


async def test_the_upgrade_is_refused_as_a_table(server: Server) -> None:
    ada = await server.account("ada")
    site = f"127.0.0.1:{server.port}"
    cases: dict[str, tuple[dict[str, str], int]] = {
        "own origin": ({"Origin": f"http://{site}", "Host": site}, 101),
        "own origin in capitals": ({"Origin": f"HTTP://{site}".upper(), "Host": site}, 101),
        "no origin, with a bearer token": ({}, 101),
        "another site": ({"Origin": "https://evil.example", "Host": site}, 403),
        "another port": ({"Origin": "http://127.0.0.1:1", "Host": site}, 403),
        "the site's name as a prefix": ({"Origin": f"http://{site}.evil.example", "Host": site}, 403),
        "the site's name as a user": ({"Origin": f"http://{site}@evil.example", "Host": site}, 403),
        "null": ({"Origin": "null", "Host": site}, 403),
        "null, and a host of that name": ({"Origin": "null", "Host": "null"}, 403),
        "empty host and a file": ({"Origin": "file://", "Host": site}, 403),
        "no address at all": ({"Origin": "http://[", "Host": site}, 403),
        "nonsense": ({"Origin": "::::", "Host": site}, 403),
        "a cookie without an origin": (
            {"Authorization": "", "Cookie": f"safevoice={ada.token}", "Host": site},
            403,
        ),
        "another path": ({"path": "/api/sockets"}, 404),
        "the app's path": ({"path": "/"}, 404),
        "no subprotocol": ({"Sec-WebSocket-Protocol": ""}, 400),
        "another subprotocol": ({"Sec-WebSocket-Protocol": "safevoice.v0"}, 400),
        "no key": ({"Sec-WebSocket-Key": ""}, 400),
        "a bad key": ({"Sec-WebSocket-Key": "x"}, 400),
        "an old version": ({"Sec-WebSocket-Version": "8"}, 400),
    }
    for name, (changed, status) in cases.items():
        found, headers, _ = await answer_to(server, upgrade(ada.token, **changed))
        assert found == status, name
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
        if status == 101:
            assert headers["sec-websocket-protocol"] == "safevoice.v1"
            assert "sec-websocket-extensions" not in headers, "compression costs too much memory"


async def test_a_refused_upgrade_ends_the_connection(server: Server) -> None:
    async with tcp(server) as wire:
        await wire.send(upgrade("", Origin="https://evil.example"))
        assert b" 403 " in await wire.ended()


async def test_a_cookie_with_the_own_origin_opens_a_socket(server: Server) -> None:
    ada = await server.account("ada")
    site = f"127.0.0.1:{server.port}"
    async with tcp(server) as wire:
        cookie = f'other={{"json": 1}}; safevoice={ada.token}; more="x'
        await wire.send(upgrade("", Cookie=cookie, Origin=f"http://{site}", Host=site))
        assert (await http_head(wire))[0] == 101
        assert (await wire.hello())["account"] == ada.id


@pytest.mark.parametrize("token", ["", "nobody's token", "é" * 40])
async def test_who_is_not_signed_in_is_told_so_after_the_upgrade(server: Server, token: str) -> None:
    async with tcp(server) as wire:
        await wire.send(upgrade(token).decode().encode("latin-1"))
        assert (await http_head(wire))[0] == 101
        assert await wire.closed() == 4401


async def test_without_hello_in_time_the_socket_is_closed(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, hello_seconds=0)) as server:
        ada = await server.account("ada")
        async with wired(server, ada, hello=False) as wire:
            assert await wire.closed() == 4408


async def test_hello_in_time_stops_that_clock(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        await wire.send(text(op="ping", id="1"))
        assert (await wire.answer("1"))["op"] == "pong"


async def test_a_device_revoked_between_upgrade_and_hello_gets_no_welcome(server: Server) -> None:
    ada = await server.account("ada")
    async with wired(server, ada, hello=False) as wire:
        await server.house.db.write(lambda tx: auth.revoke(tx, Who(ada.id, ada.device), ada.device))
        await wire.send(text(op="hello", id="1", positions={}))
        assert await wire.frame() == (CLOSE, b"\x11\x31session_ended")


async def test_who_is_something_else_by_the_time_of_hello_comes_again(server: Server) -> None:
    """Not "session ended": that would make the client delete all that it keeps."""
    ada = await server.account("ada")
    async with wired(server, ada, hello=False) as wire:
        # An answer, be it a refusal, says that the server has found out who this is.
        await wire.send(text(op="ping", id="0"))
        await wire.frame()
        await server.house.db.write(lambda tx: auth.change_role(tx, ada.id, "moderator"))
        await wire.send(text(op="hello", id="1", positions={}))
        assert await wire.frame() == (CLOSE, b"\x11\x39resume")


async def test_a_device_revoked_while_hello_is_under_way_gets_no_welcome(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await server.account("ada")
    welcome = Gate.welcome

    async def revoked_meanwhile(gate: Gate, who: Who, hello: object) -> bytes:
        built = await welcome(gate, who, hello)  # type: ignore[arg-type]
        await server.house.db.write(lambda tx: auth.revoke(tx, who, who.device))
        return built

    monkeypatch.setattr(Gate, "welcome", revoked_meanwhile)
    async with wired(server, ada, hello=False) as wire:
        await wire.send(text(op="hello", id="1", positions={}))
        assert await wire.frame() == (CLOSE, b"\x11\x31session_ended")
    assert server.house.bus.of_account(ada.id) == frozenset()


async def test_an_open_socket_of_a_revoked_device_is_closed_at_once_and_only_that(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)
    async with server.connect(ada) as first, server.connect(phone) as second:
        await server.house.db.write(lambda tx: auth.revoke(tx, Who(ada.id, ada.device), phone.device))
        assert await second.closed() == 4401
        await first.until(lambda frame: frame["op"] == "devices")
        assert (await first.ask("ping"))["op"] == "pong"


async def test_too_many_sockets_of_one_person_and_of_one_address(tmp_path: Path) -> None:
    limits = replace(ROOMY, sockets_per_person=2, sockets_per_address=4)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada), server.connect(ada):
            async with wired(server, ada, hello=False) as third:
                assert await third.closed() == 4430
            async with (
                server.connect(bela),
                server.connect(bela),
                wired(server, bela, hello=False) as fifth,
            ):
                assert await fifth.closed() == 4430
        async with server.connect(ada), server.connect(ada):
            pass


async def test_counts_of_sockets_return_to_nothing(tmp_path: Path, gates: list[Gate]) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada")
        for way in range(6):
            async with wired(server, ada, hello=way % 2 == 0) as wire:
                if way > 3:
                    await wire.send(frame(CLOSE))
                    await wire.ended()
        async with tcp(server) as wire:
            await wire.send(upgrade("nobody"))
            await wire.closed()
            await wire.send(frame(CLOSE))
            await wire.ended()
        # The server hears of each end a turn of the loop later than we do.
        async with server.connect(ada) as last:
            await last.ask("ping")
            assert server.house.metrics.sockets.read() >= 1
    assert (gates[0]._by_address, gates[0]._by_person) == ({}, {})
    assert gates[0].house.metrics.sockets.read() == 0
    assert gates[0].house.bus.everyone() == []
