"""What happens between hello and welcome, moment by moment; random programs hardly ever hit these."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from appliance.edge.gate import Gate
from appliance.kernel import db, transaction
from tests.client import Client
from tests.model.device import Device, Sight
from tests.model.world import Command
from tests.server import Account, Server, room_of

Meanwhile = Callable[[], Awaitable[object]]


async def _cast(server: Server, stack: AsyncExitStack) -> tuple[Client, Account, str]:
    """Ada, who owns a room, and Bela, who is in it and not online."""
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    a: Client = await stack.enter_async_context(server.connect(ada))
    return a, bela, await room_of(a, bela, kind="private")


def _after(patch: pytest.MonkeyPatch, step: str, meanwhile: Meanwhile) -> None:
    """Once a gate has read what `step` reads, `meanwhile` happens before it hands it on."""
    original = getattr(Gate, step)

    async def late(gate: Gate, *args: object) -> object:
        found = await original(gate, *args)
        patch.undo()
        await meanwhile()
        return found

    patch.setattr(Gate, step, late)


async def _arrive(server: Server, account: Account, ada: Client) -> Device:
    """Bela comes online and everything comes to rest."""
    device = Device("bela", account, [])
    await device.connect(server)
    await ada.ask("ping")
    for _ in range(2):
        await device.barrier()
        device.pump()
        await device.follow_up()
    return device


def _texts(sights: list[Sight]) -> list[str]:
    """What was said in everything that the device was shown live."""
    live = [sight.frame for sight in sights if sight.frame["op"] == "message"]
    return [frame["message"]["content"]["text"] for frame in live]


@pytest.mark.parametrize("step", ["topics", "welcome"])
async def test_whoever_is_removed_during_hello_hears_no_more_of_the_room(
    server: Server, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async with AsyncExitStack() as stack:
        ada, bela, room = await _cast(server, stack)

        async def meanwhile() -> None:
            await ada.do("remove_member", room=room, person=bela.id)
            await ada.post(room, "Among us")

        _after(monkeypatch, step, meanwhile)
        device = await _arrive(server, bela, ada)
        await ada.post(room, "Still among us")
        await device.barrier()
        device.pump()
        assert _texts(device.sights) == []
        assert device.replica.rooms == {}
        device.cut()
        await device.tidy()


@pytest.mark.parametrize("step", ["topics", "welcome"])
async def test_whoever_is_removed_and_brought_back_during_hello_hears_everything_after(
    server: Server, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async with AsyncExitStack() as stack:
        ada, bela, room = await _cast(server, stack)

        async def meanwhile() -> None:
            await ada.do("remove_member", room=room, person=bela.id)
            await ada.do("add_member", room=room, person=bela.id)

        _after(monkeypatch, step, meanwhile)
        device = await _arrive(server, bela, ada)
        ack = await ada.post(room, "Welcome back")
        await device.barrier()
        device.pump()
        assert _texts(device.sights) == ["Welcome back"]
        assert device.replica.rooms[room].position == ack["seq"]
        device.cut()
        await device.tidy()


@pytest.mark.parametrize("step", ["topics", "welcome"])
async def test_what_is_said_during_hello_is_known_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async with AsyncExitStack() as stack:
        ada, bela, room = await _cast(server, stack)
        before = await ada.post(room, "Before")
        _after(monkeypatch, step, lambda: ada.post(room, "Meanwhile"))
        device = await _arrive(server, bela, ada)
        copy = device.replica.rooms[room]
        assert copy.position == copy.heard == before["seq"] + 1
        assert copy.unread == 2
        assert copy.last is not None
        assert copy.last["content"]["text"] == "Meanwhile"
        device.cut()
        await device.tidy()


async def test_what_was_said_before_somebody_came_is_not_heard_by_reading_faster_than_it_is_published(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        ada: Client = await stack.enter_async_context(server.connect(await server.account("ada")))
        bela = await server.account("bela")
        room = await room_of(ada, kind="private", history="joined")
        content = {"type": "text", "text": "Before her time"}
        said: list[Command] = [
            {"op": "post", "client_id": "before-her-time-1", "room": room, "content": content},
            {"op": "add_member", "client_id": "before-her-time-2", "room": room, "person": bela.id},
        ]
        waiting, committed, published = asyncio.Event(), asyncio.Event(), asyncio.Event()
        hop, loop = db._hop, asyncio.get_running_loop()

        async def late(conn: Any, work: Any, *args: Any) -> Any:
            found = await hop(conn, work, *args)
            if work is transaction.run_batch and not waiting.is_set():
                # Until both commands are there, so that one transaction takes them.
                waiting.set()
                while server.house.db.waiting < len(said):  # noqa: ASYNC110
                    await asyncio.sleep(0)
            elif work is transaction.run_batch:
                committed.set()
                await published.wait()
            return found

        database, rooms_of = server.house.db, server.house.replays.rooms_of
        looked: list[str] = []

        def look(reader: transaction.Reader, account: str) -> list[str]:
            looked.append(account)
            return rooms_of(reader, account)

        async def read(unit: Callable[[transaction.Reader], Any]) -> Any:
            found = await db.Database.read(database, unit)
            if looked:
                loop.create_task(_release(published))
            return found

        monkeypatch.setattr(database, "read", read)
        monkeypatch.setattr(db, "_hop", late)
        monkeypatch.setattr(server.house.replays, "rooms_of", look)
        first = asyncio.ensure_future(server.house.db.write(lambda tx: None))
        await waiting.wait()
        for command in said:
            await ada.say(**command)
        await first
        await committed.wait()
        device = await _arrive(server, bela, ada)
        assert _texts(device.sights) == []
        assert room in device.replica.rooms
        device.cut()
        await device.tidy()


async def _release(published: asyncio.Event) -> None:
    # Long enough for a socket to follow what it has just read, were it to do so at once.
    for _ in range(10):
        await asyncio.sleep(0)
    published.set()
