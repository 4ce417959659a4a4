"""Pages of people who call each other: what a tab knows, over the test client's socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

from appliance.kernel.clock import HandClock
from tests.client import Client, Frame
from tests.server import Account, Server

_numbers = count(1)


def minted(what: str) -> str:
    """A seat, or one life of a page."""
    return f"{what}-{next(_numbers):016d}"


class Page:
    """One tab: it keeps its seat, and has one instance for each life."""

    def __init__(self, client: Client, account: Account) -> None:
        self.client = client
        self.account = account
        self.seat = minted("seat")
        self.instance = minted("life")

    async def ring(self, room: str, *, video: bool = False, **fields: Any) -> Frame:
        return await self.client.do("ring", room=room, video=video, seat=self.seat, **fields)

    async def call(self, room: str, **fields: Any) -> str:
        """Ring, and be there."""
        answer = await self.ring(room, **fields)
        assert answer["op"] == "ack", answer
        await self.here(answer["subject"])
        return str(answer["subject"])

    async def answer(self, call: str) -> Frame:
        return await self.client.do("answer_call", call=call, seat=self.seat)

    async def take(self, call: str) -> None:
        """Answer, and be there."""
        answer = await self.answer(call)
        assert answer["op"] == "ack", answer
        await self.here(call)

    async def decline(self, call: str) -> Frame:
        return await self.client.do("decline_call", call=call)

    async def hang_up(self, call: str) -> Frame:
        return await self.client.do("hang_up", call=call)

    async def here(self, call: str) -> Frame:
        said = {"call": call, "seat": self.seat, "instance": self.instance}
        return await self.client.ask("call_here", **said)

    async def signal(self, call: str, signal: str) -> Frame:
        return await self.client.ask("call_signal", call=call, instance=self.instance, signal=signal)

    async def open(self) -> list[Any]:
        """What `ask_calls` says."""
        await self.client.ask("ask_calls")
        calls: list[Any] = self.client.events("calls")[-1].get("calls", [])
        return calls

    async def states(self, call: str) -> list[str]:
        """Of a call, as this page heard it, in order: the state, or how it ended."""
        await self.client.ask("ping")
        heard = [event["call"] for event in self.client.events("call") if event["call"]["id"] == call]
        return [each.get("outcome") or each["state"] for each in heard]

    async def peers(self) -> list[str]:
        """What was said of the other page: the life in which it is here, or `gone`."""
        await self.client.ask("ping")
        return [event["instance"] if event["here"] else "gone" for event in self.client.events("call_peer")]

    async def ended(self, call: str) -> str:
        """How it ended, once it has."""
        heard = await self.client.until(
            lambda frame: frame["op"] == "call" and frame["call"]["id"] == call and "outcome" in frame["call"]
        )
        return str(heard["call"]["outcome"])

    async def rings(self) -> str:
        """The id of the call that rings here, once it does."""
        heard = await self.client.until(
            lambda frame: frame["op"] == "call" and frame["call"]["state"] == "ringing"
        )
        return str(heard["call"]["id"])

    async def entries(self, room: str) -> list[Any]:
        """What calls left in the room, oldest first, as one heard it."""
        await self.client.ask("ping")
        heard = [event["message"] for event in self.client.events("message")]
        return [each for each in heard if each["room"] == room and each["content"]["type"] == "call"]

    async def outcomes(self, room: str) -> list[str]:
        """How the calls of the room ended, as its entries say."""
        return [entry["content"]["outcome"] for entry in await self.entries(room)]


@asynccontextmanager
async def pages(server: Server, *accounts: Account) -> AsyncIterator[list[Page]]:
    """A page for each; the same account may come twice, as two tabs of one device."""
    async with AsyncExitStack() as stack:
        yield [
            Page(await stack.enter_async_context(server.connect(account)), account) for account in accounts
        ]


async def direct(page: Page, other: Account) -> str:
    """The direct message between both."""
    return str((await page.client.do("start_dm", person=other.id))["subject"])


async def unread(server: Server, who: Account, room: str) -> int:
    """How many a fresh device has to read there."""
    async with server.connect(who, hello=False) as client:
        summaries = (await client.hello())["summaries"]
    return int(next(each["unread"] for each in summaries if each["room"] == room))


async def pass_time(server: Server, clock: HandClock, seconds: float, *alive: Page) -> None:
    """Time passes by hand, for these pages in steps in which their sockets do not fall silent."""
    while seconds > 0:
        clock.advance(min(seconds, 20))
        seconds -= 20
        for page in alive:
            await page.client.ask("ping")
        await server.house.of_feature["ringing"].round()


async def gone(server: Server, account: Account, *, but: int = 0) -> None:
    """The server has noticed that all sockets of the account are closed, but so many."""
    moved = asyncio.Event()
    server.house.bus.on_move(lambda subscriber, here: moved.set())
    async with asyncio.timeout(10):
        while len(server.house.bus.of_account(account.id)) > but:
            await moved.wait()
            moved.clear()
