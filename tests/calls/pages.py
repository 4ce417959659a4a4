"""Pages of people who call each other: what a tab knows, over the test client's socket."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

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

    async def entries(self, room: str) -> list[Any]:
        """What calls left in the room, oldest first, as one heard it."""
        await self.client.ask("ping")
        heard = [event["message"] for event in self.client.events("message")]
        return [each for each in heard if each["room"] == room and each["content"]["type"] == "call"]


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
