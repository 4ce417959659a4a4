"""Who is here, shown only to those who have them on screen and whom they let."""

from typing import Any

from appliance.features.auth import actions as auth
from appliance.features.rooms.presence import ANSWER_EVERY_S, CALM_S, GRACE_S, Presence
from appliance.kernel.clock import HandClock
from appliance.kernel.transaction import Tx
from tests.client import Client
from tests.rooms.making import bring, make_room
from tests.server import Account, Server


class Screen:
    """A socket that watches people, and the time, which passes by hand."""

    def __init__(self, server: Server, clock: HandClock, client: Client) -> None:
        self._here: Presence = server.house.of_feature["presence"]
        self._clock = clock
        self.client = client

    async def watch(self, *people: Account) -> None:
        answer = await self.client.ask("watch", people=[person.id for person in people])
        assert answer["op"] == "ack"

    async def later(self, seconds: float = 0) -> list[tuple[str, str]]:
        """Let time pass; returns what was heard meanwhile, as (person, state), in order."""
        self._clock.advance(seconds)
        await self._here.round()
        await self.client.ask("ping")
        heard = [(event["person"], event["state"]) for event in self.client.events("presence")]
        self.client.heard.clear()
        return heard

    async def next(self) -> dict[str, Any]:
        """The next that is heard."""
        found = await self.client.until(lambda frame: frame["op"] == "presence")
        self.client.heard.remove(found)
        return found


async def test_who_is_watched_is_shown_at_once_and_whenever_they_come_or_go(
    timed: Server, clock: HandClock
) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a:
        screen = Screen(timed, clock, a)
        async with timed.connect(bela) as b:
            await screen.watch(bela, chidi)
            first = {event["person"]: event for event in (await screen.next(), await screen.next())}
            assert first[bela.id] == {"op": "presence", "person": bela.id, "state": "online"}
            assert first[chidi.id]["state"] == "offline"
            assert first[chidi.id]["last_seen"] == clock.now_ms()
            assert await screen.later(CALM_S) == []
            await b.ask("ping")
        left_at = clock.now_ms()
        assert await screen.later(GRACE_S - 0.1) == []
        clock.advance(0.1)
        await timed.house.of_feature["presence"].round()
        gone = await screen.next()
        assert (gone["person"], gone["state"], gone["last_seen"]) == (bela.id, "offline", left_at)
        clock.advance(CALM_S)
        async with timed.connect(bela):
            back = await screen.next()
            assert back == {"op": "presence", "person": bela.id, "state": "online"}


async def test_somebody_with_two_devices_is_away_when_both_are_and_here_while_one_is(
    timed: Server, clock: HandClock
) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    phone = await timed.device(bela)
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        screen = Screen(timed, clock, a)
        async with timed.connect(phone) as p:
            await screen.watch(bela)
            assert (await screen.next())["state"] == "online"
            clock.advance(CALM_S)
            await b.ask("away", away=True)
            assert await screen.later(CALM_S) == []
            await p.ask("away", away=True)
            assert (await screen.next())["state"] == "away"
            clock.advance(CALM_S)
            await p.ask("away", away=False)
            assert (await screen.next())["state"] == "online"
        # The one that is left is away; there was never a moment without any.
        assert await screen.later(CALM_S) == [(bela.id, "away")]
        await b.ask("away", away=False)
        assert await screen.later(CALM_S) == [(bela.id, "online")]


async def test_a_socket_that_flaps_makes_no_storm(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a:
        screen = Screen(timed, clock, a)
        async with timed.connect(bela):
            await screen.watch(bela)
            assert (await screen.next())["state"] == "online"
        for _ in range(5):
            assert await screen.later(GRACE_S / 2) == []
            async with timed.connect(bela) as b:
                await b.ask("ping")
        assert await screen.later(GRACE_S) == [(bela.id, "offline")]
        clock.advance(CALM_S)
        async with timed.connect(bela) as b:
            assert (await screen.next())["state"] == "online"
            for _ in range(10):
                await b.ask("away", away=True)
                await b.ask("away", away=False)
            assert await screen.later(CALM_S) == []
            await b.ask("away", away=True)
            assert await screen.later(0) == [(bela.id, "away")]
            # Whoever turns away and back at once is told of once, as they are then.
            await b.ask("away", away=False)
            assert await screen.later(CALM_S / 2) == []
            assert await screen.later(CALM_S / 2) == [(bela.id, "online")]


async def test_only_those_are_told_of_who_are_on_the_screen_now(timed: Server, clock: HandClock) -> None:
    ada, bela, chidi = [await timed.account(name) for name in ("ada", "bela", "chidi")]
    async with timed.connect(ada) as a:
        screen = Screen(timed, clock, a)
        await screen.watch(bela)
        await screen.later()
        await screen.watch(chidi)
        assert await screen.later(ANSWER_EVERY_S) == [(chidi.id, "offline")]
        async with timed.connect(bela), timed.connect(chidi):
            assert await screen.later(CALM_S) == [(chidi.id, "online")]
            await screen.watch()
        assert await screen.later(GRACE_S) == []
        # However often one turns to other people, one is answered at most twice a second.
        for _ in range(20):
            await screen.watch(bela)
        assert await screen.later() == [(bela.id, "offline")]
        await screen.watch(bela, chidi)
        assert await screen.later(ANSWER_EVERY_S / 2) == []
        assert len(await screen.later(ANSWER_EVERY_S / 2)) == 2


async def choose(client: Client, **fields: bool) -> None:
    assert (await client.do("set_preferences", **fields))["op"] == "ack"


async def test_who_is_invisible_shows_as_gone_and_sees_nobody(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        screen, other = Screen(timed, clock, a), Screen(timed, clock, b)
        await screen.watch(bela)
        await other.watch(ada)
        assert (await screen.next())["state"] == (await other.next())["state"] == "online"
        clock.advance(ANSWER_EVERY_S)
        await choose(b, invisible=True)
        # Both sides lose sight of the other; when they were last here stays theirs.
        for side, person in ((screen, bela), (other, ada)):
            assert await side.next() == {"op": "presence", "person": person.id, "state": "offline"}
        for away in (True, False):
            await b.ask("away", away=away)
            await a.ask("away", away=away)
            assert await screen.later(CALM_S) == await other.later() == []
        await other.watch(ada)
        assert await other.later(ANSWER_EVERY_S) == []
        clock.advance(ANSWER_EVERY_S)
        await choose(b, invisible=False)
        assert (await screen.next())["state"] == (await other.next())["state"] == "online"


async def test_when_one_was_last_here_is_shown_where_both_show_it(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a:
        screen = Screen(timed, clock, a)
        await screen.watch(bela)
        assert (await screen.next())["last_seen"] == clock.now_ms()
        for hider in (ada, bela):
            clock.advance(60)
            async with timed.connect(hider) as other:
                await choose(other, last_seen=False)
            await screen.later(GRACE_S)
            await screen.watch(bela)
            clock.advance(ANSWER_EVERY_S)
            await timed.house.of_feature["presence"].round()
            assert "last_seen" not in await screen.next()
            async with timed.connect(hider) as other:
                await choose(other, last_seen=True)
        await screen.later(GRACE_S)
        await screen.watch(bela)
        await timed.house.of_feature["presence"].round()
        assert "last_seen" in await screen.next()


async def test_who_blocked_me_is_never_shown_and_vanishes_when_they_do(
    timed: Server, clock: HandClock
) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    async with timed.connect(ada) as a, timed.connect(bela) as b:
        screen, other = Screen(timed, clock, a), Screen(timed, clock, b)
        await screen.watch(bela)
        await other.watch(ada)
        assert (await screen.next())["state"] == (await other.next())["state"] == "online"
        clock.advance(ANSWER_EVERY_S)
        await b.do("block", person=ada.id)
        assert await screen.next() == {"op": "presence", "person": bela.id, "state": "offline"}
        for away in (True, False):
            await b.ask("away", away=away)
            assert await screen.later(CALM_S) == []
        await screen.watch(bela)
        assert await screen.later(ANSWER_EVERY_S) == []
        # The other way round nothing is hidden.
        other.client.heard.clear()
        await a.ask("away", away=True)
        assert await other.later(CALM_S) == [(ada.id, "away")]


async def test_guests_watch_nobody_and_who_may_not_sign_in_is_not_shown(
    timed: Server, clock: HandClock
) -> None:
    ada, gone, suspended = [await timed.account(name) for name in ("ada", "gone", "suspended")]
    guest = await timed.account("guest", role="guest")

    def unit(tx: Tx) -> None:
        tx.run("UPDATE accounts SET deleted_at = 1 WHERE id = :id", id=gone.id)
        auth.suspend(tx, suspended.id, tx.now + 3_600_000, "")

    async with timed.connect(ada) as a, timed.connect(guest) as g:
        room = await make_room(a)
        await timed.house.db.write(lambda tx: bring(tx, room, guest.id))
        assert (await g.ask("watch", people=[ada.id]))["code"] == "forbidden"
        assert (await g.ask("away", away=True))["op"] == "ack"
        screen = Screen(timed, clock, a)
        async with timed.connect(suspended) as s:
            await screen.watch(suspended, guest)
            assert sorted(await screen.later()) == sorted([(suspended.id, "online"), (guest.id, "away")])
            await timed.house.db.write(unit)
            assert await s.closed() == 4401
        assert await screen.later(GRACE_S) == [(suspended.id, "offline")]
        await screen.watch(gone, suspended, ada)
        assert await screen.later(ANSWER_EVERY_S) == []


async def test_where_nobody_watches_nothing_is_kept(timed: Server, clock: HandClock) -> None:
    ada, bela = [await timed.account(name) for name in ("ada", "bela")]
    here: Presence = timed.house.of_feature["presence"]
    async with timed.connect(ada) as a, timed.connect(bela):
        await Screen(timed, clock, a).watch(bela)
        refused = await a.ask("watch", people=[bela.id] * 201)
        assert refused["code"] == "bad_request"
        await a.ask("ping")
    async with timed.connect(bela) as b:
        await b.ask("away", away=True)
    kept = [value for name, value in vars(here).items() if isinstance(value, dict | set)]
    assert len(kept) == 7
    assert not any(kept)
