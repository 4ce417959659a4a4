"""SIGKILL while it rings, and while two talk: the rows make it right again."""

import asyncio
from pathlib import Path

from tests.calls.pages import Page, direct, minted
from tests.client import Client, client_id, connected
from tests.durability.process import accounts_in, running
from tests.durability.small_disk import fill, on_small_disk
from tests.server import Account


def back(page: Page, client: Client) -> Page:
    """The same tab, loaded anew, on another socket."""
    again = Page(client, page.account)
    again.seat, again.instance = page.seat, minted("life")
    return again


async def test_a_call_outlives_kills_while_it_rings_and_while_two_talk(tmp_path: Path) -> None:
    ada, bela = await accounts_in(tmp_path / "data", "ada", "bela")
    name = client_id()

    async with running(tmp_path / "data") as process:
        async with connected(process.port, ada.token) as on_a, connected(process.port, bela.token) as on_b:
            a, b = Page(on_a, ada), Page(on_b, bela)
            room = await direct(a, bela)
            call = (await a.ring(room, client_id=name))["subject"]
            assert await b.rings() == call
            process.kill()
            await process.ended()
        await process.start()
        async with connected(process.port, ada.token) as on_a, connected(process.port, bela.token) as on_b:
            a, b = back(a, on_a), Page(on_b, bela)
            assert (await a.ring(room, client_id=name))["subject"] == call, "the same call, not one more"
            assert [each["call"]["state"] for each in await a.open() + await b.open()] == ["ringing"] * 2
            await a.here(call)
            await b.take(call)
            assert (await a.peers())[-1] == b.instance
            process.kill()
            await process.ended()
        await process.start()
        async with connected(process.port, ada.token) as on_a, connected(process.port, bela.token) as on_b:
            a, b = back(a, on_a), back(b, on_b)
            assert [each["call"]["seat"] for each in await a.open() + await b.open()] == [a.seat, b.seat]
            await a.here(call)
            await b.here(call)
            assert (await a.signal(call, "{}"))["op"] == "ack"
            await b.hang_up(call)
            assert await a.ended(call) == "answered"
            assert await entries(process.port, ada, room) == ["answered"]
        process.kill()
        await process.ended()
        await process.start()
        assert [one["content"]["outcome"] for one in await process.history(room, bela.token)] == ["answered"]


async def test_on_a_full_disk_a_call_ends_for_both_and_is_written_when_there_is_room(
    tmp_path: Path,
) -> None:
    ada, bela = await accounts_in(tmp_path / "staged", "ada", "bela")
    small = on_small_disk("3m", tmp_path / "data", tmp_path / "staged")
    async with running(tmp_path / "data", before=small) as process:
        ballast = process.inside("ballast")
        async with connected(process.port, ada.token) as on_a, connected(process.port, bela.token) as on_b:
            a, b = Page(on_a, ada), Page(on_b, bela)
            room = await direct(a, bela)
            call = await a.call(room)
            await b.take(call)
            await asyncio.to_thread(fill, ballast)
            assert (await a.hang_up(call))["code"] == "storage_full"
            assert await b.ended(call) == "answered"
            assert await a.open() == await b.open() == []
            ballast.unlink()
            # By itself, without a word of either.
            await on_b.until(lambda frame: frame["op"] == "message")
            assert await b.outcomes(room) == ["answered"]
            ringing = await a.call(room)
            await b.rings()
            await asyncio.to_thread(fill, ballast)
            assert (await b.decline(ringing))["code"] == "storage_full"
            assert await a.ended(ringing) == "declined"


async def entries(port: int, who: Account, room: str) -> list[str]:
    async with connected(port, who.token) as client:
        events = (await client.ask("replay", positions={room: 0}))["logs"][0]["events"]
    return [each["message"]["content"]["outcome"] for each in events if each["op"] == "message"]
