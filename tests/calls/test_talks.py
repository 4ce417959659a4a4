"""Talking while one holds a button: who is talked to, and who hears nothing of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from tests.client import Client
from tests.server import Account, Server, room_of

TALK = "a-talk-of-this-page"


@dataclass
class Two:
    """Ada and Bela in their conversation, which `a` and `b` have on screen."""

    server: Server
    ada: Account
    bela: Account
    a: Client
    b: Client
    room: str
    stack: AsyncExitStack

    async def page(self, account: Account) -> Client:
        """One more page that has it on screen."""
        page: Client = await self.stack.enter_async_context(self.server.connect(account))
        await page.ask("view", room=self.room)
        return page

    async def begins(self) -> bool:
        """Ada begins to talk; whether Bela's page hears of it, else Ada's hears that nobody listens."""
        since = len(self.a.heard)
        assert (await self.a.ask("begin_talk", room=self.room, talk=TALK))["op"] != "error"
        await self.b.ask("ping")
        for _ in range(100):
            if self.b.events("talk_begun"):
                return True
            if any(frame["op"] == "talk_ended" for frame in self.a.heard[since:]):
                return False
            await self.b.ask("ping")
            await self.a.ask("ping")
        raise AssertionError("neither")


@pytest.fixture
async def two(server: Server) -> AsyncIterator[Two]:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with AsyncExitStack() as stack:
        a: Client = await stack.enter_async_context(server.connect(ada))
        b: Client = await stack.enter_async_context(server.connect(bela))
        room = str((await a.do("start_dm", person=bela.id))["subject"])
        for each in (a, b):
            await each.ask("view", room=room)
        yield Two(server, ada, bela, a, b, room, stack)


async def test_what_both_pages_say_reaches_the_other_and_the_end_too(two: Two) -> None:
    assert await two.begins()
    assert two.b.events("talk_begun")[0] == {"op": "talk_begun", "talk": TALK, "room": two.room}
    assert (await two.b.ask("talk_signal", talk=TALK, signal="here"))["op"] != "error"
    assert (await two.a.until(lambda frame: frame["op"] == "talk_signal"))["signal"] == "here"
    await two.a.ask("talk_signal", talk=TALK, signal="offer")
    assert (await two.b.until(lambda frame: frame["op"] == "talk_signal"))["signal"] == "offer"
    await two.a.ask("end_talk", talk=TALK)
    await two.b.until(lambda frame: frame["op"] == "talk_ended")
    assert (await two.b.ask("talk_signal", talk=TALK, signal="late"))["code"] == "call_over"
    # Ended already.
    assert (await two.b.ask("end_talk", talk=TALK))["op"] != "error"


async def test_of_several_pages_the_first_to_answer_listens(two: Two) -> None:
    other = await two.page(two.bela)
    assert await two.begins()
    await two.b.ask("talk_signal", talk=TALK, signal="me")
    await other.until(lambda frame: frame["op"] == "talk_ended")
    assert (await other.ask("talk_signal", talk=TALK, signal="me too"))["code"] == "call_over"
    await two.a.ask("talk_signal", talk=TALK, signal="offer")
    await two.b.until(lambda frame: frame["op"] == "talk_signal")
    await other.ask("ping")
    assert other.events("talk_signal") == []


async def test_who_does_not_want_to_listen_leaves_it_to_another_page(two: Two) -> None:
    other = await two.page(two.bela)
    assert await two.begins()
    await two.b.ask("end_talk", talk=TALK)
    await two.a.ask("ping")
    assert two.a.events("talk_ended") == []
    await other.ask("end_talk", talk=TALK)
    await two.a.until(lambda frame: frame["op"] == "talk_ended")


@pytest.mark.parametrize("why", ["elsewhere", "away", "invisible", "blocked", "blocks", "offline"])
async def test_where_nobody_may_hear_it_the_talk_is_over_and_nobody_knows_why(two: Two, why: str) -> None:
    if why == "elsewhere":
        await two.b.ask("view", room=None)
    elif why == "away":
        await two.b.ask("away", away=True)
    elif why == "invisible":
        await two.b.do("set_preferences", invisible=True)
    elif why == "blocked":
        await two.b.do("block", person=two.ada.id)
    elif why == "blocks":
        await two.a.do("block", person=two.bela.id)
    else:
        await two.b.connection.close()
        await two.a.ask("begin_talk", room=two.room, talk=TALK)
        await two.a.until(lambda frame: frame["op"] == "talk_ended")
        return
    assert not await two.begins()
    assert two.a.events("talk_ended") == [{"op": "talk_ended", "talk": TALK}]


async def test_only_direct_messages_have_it_and_only_their_two_people(two: Two) -> None:
    dana = await two.server.account("dana")
    async with two.server.connect(dana) as d:
        assert (await d.ask("begin_talk", room=two.room, talk="another-talk-of-it"))["code"] == "not_found"
        assert await two.begins()
        for op, more in (("talk_signal", {"signal": "in between"}), ("end_talk", {})):
            await d.ask(op, talk=TALK, **more)
        await two.b.ask("talk_signal", talk=TALK, signal="here")
        assert (await two.a.until(lambda frame: frame["op"] == "talk_signal"))["signal"] == "here"
        assert two.a.events("talk_ended") == []
    room = await room_of(two.a, two.bela)
    await two.b.ask("view", room=room)
    since = len(two.a.heard)
    await two.a.ask("begin_talk", room=room, talk="a-talk-in-a-room-of-many")
    await two.a.until(lambda frame: frame["op"] == "talk_ended", since=since)


async def test_a_page_that_goes_ends_it_for_the_other(two: Two) -> None:
    assert await two.begins()
    await two.b.ask("talk_signal", talk=TALK, signal="here")
    await two.b.connection.close()
    await two.a.until(lambda frame: frame["op"] == "talk_ended")
    assert (await two.a.ask("talk_signal", talk=TALK, signal="more"))["code"] == "call_over"


async def test_another_talk_of_the_same_page_ends_the_first_and_too_many_are_refused(two: Two) -> None:
    assert await two.begins()
    await two.b.ask("talk_signal", talk=TALK, signal="here")
    await two.a.ask("begin_talk", room=two.room, talk="the-next-talk-of-it")
    await two.b.until(lambda frame: frame["op"] == "talk_ended")
    codes = {
        (await two.a.ask("begin_talk", room=two.room, talk=f"talk-number-{n:012d}")).get("code")
        for n in range(70)
    }
    assert codes == {None, "rate_limited"}


@pytest.mark.parametrize("why", ["blocked", "blocks", "invisible"])
async def test_a_talk_is_over_when_it_might_not_be_begun_any_more(two: Two, why: str) -> None:
    assert await two.begins()
    await two.b.ask("talk_signal", talk=TALK, signal="here")
    await two.a.until(lambda frame: frame["op"] == "talk_signal")
    # What is about something else ends nothing.
    await two.b.do("set_preferences", sounds=False)
    await two.a.ask("talk_signal", talk=TALK, signal="on")
    await two.b.until(lambda frame: frame["op"] == "talk_signal")
    if why == "blocked":
        await two.b.do("block", person=two.ada.id)
    elif why == "blocks":
        await two.a.do("block", person=two.bela.id)
    else:
        await two.b.do("set_preferences", invisible=True)
    for page in (two.a, two.b):
        await page.until(lambda frame: frame["op"] == "talk_ended")
    assert (await two.a.ask("talk_signal", talk=TALK, signal="more"))["code"] == "call_over"
