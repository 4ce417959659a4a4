"""Ringing: who hears of a call, who takes it, and how it ends."""

from tests.calls.pages import direct, pages
from tests.server import Server


async def test_a_call_rings_is_answered_and_ends_with_an_entry_of_its_length(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with pages(server, ada, bela) as (a, b):
        room = await direct(a, bela)
        call = await a.call(room, video=True)
        rings = await b.client.until(lambda frame: frame["op"] == "call")
        assert rings["person"]["id"] == ada.id
        assert "seat" not in rings["call"]
        assert (rings["call"]["state"], rings["call"]["video"], rings["call"]["room"]) == (
            "ringing",
            True,
            room,
        )
        await b.take(call)
        assert await a.peers() == ["gone", b.instance]
        assert await b.peers() == [a.instance]
        assert [each["call"]["seat"] for each in await a.open() + await b.open()] == [a.seat, b.seat]
        assert (await b.hang_up(call))["op"] == "ack"
        for page in (a, b):
            assert await page.states(call) == ["ringing", "active", "answered"]
            assert await page.open() == []
            (entry,) = await page.entries(room)
            over = page.client.events("call")[-1]["call"]
            assert entry["author"] == ada.id
            assert entry["quiet"]
            assert entry["content"]["outcome"] == "answered"
            assert entry["content"]["video"]
            assert entry["content"]["duration_ms"] == over["ended_at"] - over["answered_at"]
