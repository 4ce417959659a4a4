"""The flood must see what goes wrong: it is run against a small server that does wrong on purpose."""

import itertools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from appliance.dev.flood.load import Flood
from appliance.dev.flood.options import Options, parse
from appliance.dev.flood.report import table
from appliance.wire.frames import PROTOCOL

ROOM = "0" * 26
Fault = Callable[[int, dict[str, Any]], list[dict[str, Any]]]


def no_fault(seq: int, event: dict[str, Any]) -> list[dict[str, Any]]:
    return [event]


def loses_the_fifth(seq: int, event: dict[str, Any]) -> list[dict[str, Any]]:
    return [] if seq == 5 else [event]


def doubles_the_fifth(seq: int, event: dict[str, Any]) -> list[dict[str, Any]]:
    return [event, event] if seq == 5 else [event]


def stores_the_fifth_twice() -> Fault:
    fifth = ""

    def meddle(seq: int, event: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal fifth
        message = event["message"]
        if seq == 5:
            fifth = message["client_id"]
        return [{**event, "message": {**message, "client_id": fifth}}] if seq == 6 else [event]

    return meddle


class Pretender:
    """Acks each post and passes it on to all, as the protocol wants; `fault` meddles with the passing on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.sockets: list[ServerConnection] = []
        self.seqs = itertools.count(1)

    async def answer(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        async for frame in socket:
            command = json.loads(frame)
            if command["op"] == "hello":
                welcome = {"op": "welcome", "id": "hello", "summaries": [{"room": ROOM, "head": 0}]}
                await socket.send(json.dumps(welcome, separators=(",", ":")))
            if command["op"] == "post":
                await self.post(socket, command)

    async def post(self, socket: ServerConnection, command: dict[str, Any]) -> None:
        seq = next(self.seqs)
        message = {"id": str(seq), "content": command["content"], "client_id": command["client_id"]}
        event = {"op": "message", "log": ROOM, "seq": seq, "message": message, "person": {"id": "p"}}
        for passed_on in self.fault(seq, event):
            for member in self.sockets:
                await member.send(json.dumps(passed_on, separators=(",", ":")))
        ack = {"op": "ack", "id": command["id"], "subject": str(seq), "seq": seq, "at": 1}
        await socket.send(json.dumps(ack, separators=(",", ":")))


async def serving(fault: Fault) -> tuple[Server, str]:
    server = await serve(
        Pretender(fault).answer, "127.0.0.1", 0, subprotocols=[Subprotocol(PROTOCOL)], compression=None
    )
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
async def flood_against() -> AsyncIterator[Callable[[Fault], Any]]:
    servers: list[Server] = []

    async def run(fault: Fault) -> dict[str, Any]:
        server, url = await serving(fault)
        servers.append(server)
        options = Options(
            sockets=4, rooms_of=4, window=2, warmup=0.0, duration=0.3, drain=0.2, url=url, chatter=True
        )
        return await Flood(options, {ROOM: ["a", "b", "c", "d"]}).run()

    yield run
    for server in servers:
        server.close()


async def test_a_good_server_has_no_faults(flood_against: Callable[[Fault], Any]) -> None:
    figures = await flood_against(no_fault)
    assert figures["messages"] > 5
    assert figures["deliveries"] >= 4 * (figures["messages"] - 2)
    assert (figures["losses"], figures["doubles"], figures["order_errors"]) == (0, 0, 0)
    assert figures["delivery_ms"]["p50"] > 0
    assert "losses 0" in table(figures)


async def test_a_lost_message_is_seen_by_every_member(flood_against: Callable[[Fault], Any]) -> None:
    figures = await flood_against(loses_the_fifth)
    # Four members miss it, and nobody at all heard of what was acknowledged.
    assert figures["losses"] == 5
    assert figures["order_errors"] == 4


async def test_a_doubled_delivery_is_seen(flood_against: Callable[[Fault], Any]) -> None:
    figures = await flood_against(doubles_the_fifth)
    assert figures["doubles"] == 4
    assert figures["losses"] == 0


async def test_a_message_stored_at_two_places_is_seen(flood_against: Callable[[Fault], Any]) -> None:
    figures = await flood_against(stores_the_fifth_twice())
    assert figures["doubles"] == 1
    assert figures["losses"] == 1


@pytest.mark.parametrize("url", ["http://example.org:80", "http://192.0.2.1:80", "http://10.0.0.1:8080"])
def test_another_machine_is_never_a_target(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--url", url, "--cast", "cast.json"])
    assert "on this machine" in capsys.readouterr().err
