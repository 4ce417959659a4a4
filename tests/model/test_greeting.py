"""What happens between hello and welcome, moment by moment; random programs hardly ever hit these."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from appliance.edge.gate import Gate
from tests.client import Client
from tests.model.device import Device, Sight
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
