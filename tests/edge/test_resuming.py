"""Replay and live events join without a gap, whatever happens meanwhile."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from appliance.edge.gate import Gate
from appliance.edge.socket import Socket
from appliance.features.messages import actions
from appliance.kernel.session import Who
from appliance.wire.codec import encode
from appliance.wire.frames import Hello
from tests.client import Client, Frame
from tests.server import ROOMY, Account, Server, room_of, serving

ROUNDS = 200


class Mirror:
    """What a client keeps of one room: position, and messages by the rule of the newer."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.position = 0
        self.messages: dict[str, Frame] = {}

    def apply(self, message: Frame) -> None:
        held = self.messages.get(message["id"])
        if held is None or held["rev"] < message["rev"]:
            self.messages[message["id"]] = message

    def replayed(self, log: Frame) -> None:
        assert log["after"] == self.position
        assert not log.get("reset")
        seqs = [event["seq"] for event in log.get("events", [])]
        assert seqs == sorted(set(seqs))
        assert all(self.position < seq <= log["to"] for seq in seqs)
        for event in log.get("events", []):
            if event["op"] == "message":
                self.apply(event["message"])
        self.position = log["to"]

    def live(self, frames: list[Frame]) -> None:
        seqs = [frame["seq"] for frame in frames if frame.get("log") == self.room]
        # On the wire each follows the one before; the first may be a double of what was replayed.
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))) if seqs else True
        assert not seqs or seqs[0] <= self.position + 1
        for frame in frames:
            if frame.get("log") == self.room and frame["seq"] > self.position:
                self.position = frame["seq"]
                if frame["op"] == "message":
                    self.apply(frame["message"])


async def talk(a: Client, room: str, until: asyncio.Event) -> None:
    """Post, edit and delete without a pause."""
    number = 0
    while not until.is_set():
        posted = await a.post(room, f"{number}")
        if number % 5 == 3:
            await a.do("edit", message=posted["subject"], content={"type": "text", "text": f"{number}!"})
        if number % 7 == 6:
            await a.do("delete", message=posted["subject"])
        number += 1


async def test_coming_and_going_while_somebody_talks_misses_nothing_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, socket_frames_per_second=0)) as server:
        await come_and_go(server)


async def come_and_go(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        enough = asyncio.Event()
        talking = asyncio.ensure_future(talk(a, room, enough))
        mirror = Mirror(room)
        for number in range(ROUNDS):
            async with server.connect(bela, hello=False) as b:
                welcome = await b.hello({room: mirror.position})
                if number % 3 == 0:
                    await b.until(lambda frame: frame.get("log") == room)
                place = b.heard.index(welcome)
                assert not any(frame.get("log") for frame in b.heard[:place]), "before the welcome"
                (log,) = (log for log in welcome["logs"] if log["log"] == room)
                mirror.replayed(log)
                mirror.live(b.heard[place + 1 :])
        enough.set()
        await talking
        async with server.connect(bela, hello=False) as b:
            welcome = await b.hello({room: mirror.position})
            mirror.replayed(next(log for log in welcome["logs"] if log["log"] == room))
        assert mirror.position == welcome["summaries"][0]["head"]
        assert mirror.messages == await true_state(server, ada, room)


async def true_state(server: Server, who: Account, room: str) -> dict[str, Any]:
    """All messages as the server has them, by replay from the start in steps."""

    def read(db: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        after = 0
        while True:
            page = actions.page(db, Who(who.id, who.device), room, actions.Place(after=after, limit=100))
            for message in page.messages:
                found[message.id] = json.loads(encode(message))
            if not page.has_after:
                return found
            after = page.messages[-1].seq

    return await server.house.db.read(read)


async def test_joining_and_leaving_while_connecting_ends_with_exactly_ones_own_rooms(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a)
        for turn in range(20):
            op = "add_member" if turn % 2 == 0 else "remove_member"
            moving = asyncio.ensure_future(a.do(op, room=room, person=bela.id))
            async with server.connect(bela) as b:
                await moving
                await b.ask("ping")
                marked = await a.post(room, f"turn {turn}")
                await b.ask("ping")
                await a.until(lambda frame, ack=marked: frame.get("seq") == ack["seq"])
                heard = any(frame.get("log") == room and frame["op"] == "message" for frame in b.heard)
                assert heard == (op == "add_member")
                (mine,) = server.house.bus.of_account(bela.id)
                assert mine.topics == {bela.id} | ({room} if op == "add_member" else set())


async def test_too_far_behind_is_a_reset_and_one_row_less_is_not(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=replace(ROOMY, replay_rows=10)) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with server.connect(ada) as a:
            room = await room_of(a, bela)
            for number in range(12):
                await a.post(room, f"{number}")
            head = 14
            for after, reset in ((head - 10, False), (head - 11, True), (head, False), (head + 1, True)):
                (log,) = (await a.ask("replay", positions={room: after}))["logs"]
                assert (log.get("reset", False), log["to"]) == (reset, head), after
                assert len(log.get("events", [])) == (0 if reset else head - after)


async def test_replays_of_one_socket_run_one_after_the_other_and_are_all_answered(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        asked = [await a.say("replay", positions={room: 0}) for _ in range(100)]
        for request in asked:
            answer = await a.until(lambda frame, request=request: frame.get("id") == request)
            assert answer["op"] == "replayed"


async def test_one_replay_of_a_person_at_a_time_and_nobody_is_late_who_waits_for_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    welcome, both, go_on = Gate.welcome, asyncio.Event(), asyncio.Event()
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def slow(gate: Gate, who: Who, hello: Hello) -> bytes:
        now[who.account] += 1
        most[who.account] = max(most[who.account], now[who.account])
        if now.total() == 2:
            both.set()
        await go_on.wait()
        now[who.account] -= 1
        return await welcome(gate, who, hello)

    monkeypatch.setattr(Gate, "welcome", slow)
    async with (
        server.connect(ada, hello=False) as a,
        server.connect(ada, hello=False) as other,
        server.connect(bela, hello=False) as b,
    ):
        hellos = [asyncio.ensure_future(client.hello()) for client in (a, other, b)]
        await both.wait()
        timers = [cast(Socket, socket)._timer for socket in server.house.bus.everyone()]
        assert all(timer is not None and timer.cancelled() for timer in timers)
        go_on.set()
        assert [answer["op"] for answer in await asyncio.gather(*hellos)] == ["welcome"] * 3
    assert most == {ada.id: 1, bela.id: 1}


async def test_a_replay_names_only_what_was_asked_and_summaries_of_that(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        one, two = await room_of(a), await room_of(a)
        answer = await a.ask("replay", positions={one: 0})
        assert [log["log"] for log in answer["logs"]] == [one]
        assert [summary["room"] for summary in answer["summaries"]] == [one]
        async with server.connect(ada, hello=False) as fresh:
            welcome = await fresh.hello()
            assert [log["log"] for log in welcome["logs"]] == [ada.id]
            assert welcome["logs"][0]["reset"]
            assert {summary["room"] for summary in welcome["summaries"]} == {one, two}
            assert welcome["device"] == ada.device


async def test_a_membership_that_ends_or_begins_in_the_middle_of_connecting_counts(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        left, new = await room_of(a, bela), await room_of(a)
        topics = Gate.topics

        async def stale(gate: Gate, who: Who) -> list[str]:
            read = await topics(gate, who)
            assert (await a.do("remove_member", room=left, person=bela.id))["op"] == "ack"
            assert (await a.do("add_member", room=new, person=bela.id))["op"] == "ack"
            return read

        monkeypatch.setattr(Gate, "topics", stale)
        async with server.connect(bela) as client:
            (mine,) = server.house.bus.of_account(bela.id)
            assert mine.topics == {bela.id, new}
            for room in (left, new):
                await a.post(room, "who hears this?")
            await client.until(lambda frame: frame["op"] == "message" and frame["log"] == new)
            await client.ask("ping")
            assert [event["log"] for event in client.events("message")] == [new]
