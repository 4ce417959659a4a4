from collections.abc import Callable
from typing import Any

import pytest

from appliance.kernel import logs
from appliance.kernel.bus import Bus, Follow, HangUp, Hint, Publish, Unfollow, Wake
from appliance.kernel.metrics import Metrics
from tests.durability.kernel import Ear, prepared

ROOM, OTHER = "room", "other"


class Turn:
    """The end of the loop turn, when it is said so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def defer(self, work: Callable[[], None]) -> None:
        self.waiting.append(work)

    def end(self) -> int:
        """How many were deferred."""
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()
        return len(waiting)


@pytest.fixture
def turn() -> Turn:
    return Turn()


@pytest.fixture
def bus(turn: Turn) -> Bus:
    return Bus(prepared, turn.defer, Metrics())


def joined(bus: Bus, account: str, *topics: str, device: str = "first") -> Ear:
    ear = Ear(account, device)
    bus.attach(ear)
    bus.begin(ear, topics)
    return ear


def test_an_event_goes_to_those_who_follow_its_topic_and_to_nobody_else(bus: Bus, turn: Turn) -> None:
    ada, bela, dana = joined(bus, "ada", ROOM), joined(bus, "bela", ROOM, OTHER), joined(bus, "dana", OTHER)
    bus.publish(ROOM, "hello")
    turn.end()
    assert (ada.heard, bela.heard, dana.heard) == (["hello"], ["hello"], [])


def test_an_event_is_encoded_once_and_not_at_all_when_nobody_listens(turn: Turn) -> None:
    encoded: list[Any] = []

    def prepare(event: Any) -> bytes:
        encoded.append(event)
        return prepared(event)

    bus = Bus(prepare, turn.defer, Metrics())
    ears = [joined(bus, name, ROOM) for name in ("ada", "bela", "chidi")]
    bus.publish(ROOM, "hello")
    bus.publish(OTHER, "nobody hears")
    assert encoded == ["hello"]
    assert len({id(ear.out[0]) for ear in ears}) == 1


def test_all_events_of_a_turn_leave_in_one_flush(bus: Bus, turn: Turn) -> None:
    ada = joined(bus, "ada", ROOM, OTHER)
    bus.publish(ROOM, 1)
    bus.touch(ada, b"answer")
    bus.publish(OTHER, 2)
    assert turn.end() == 1
    assert ada.heard == ["1", "answer", "2"]
    bus.publish(ROOM, 3)
    assert turn.end() == 1
    assert ada.heard[-1] == "3"


def test_each_delivery_of_a_turn_is_timed(turn: Turn) -> None:
    metrics = Metrics()
    bus = Bus(prepared, turn.defer, metrics)
    for name in ("ada", "bela"):
        joined(bus, name, ROOM)
    for number in range(3):
        bus.publish(ROOM, number)
    assert sum(metrics.delivery.counts) == 0
    turn.end()
    assert sum(metrics.delivery.counts) == metrics.deliveries.value == 6
    bus.publish(OTHER, "nobody hears")
    turn.end()
    assert sum(metrics.delivery.counts) == 6


def test_effects_take_hold_in_order(bus: Bus, turn: Turn) -> None:
    ada, bela = joined(bus, "ada", ROOM), joined(bus, "bela")
    bus.apply(
        [
            Publish(ROOM, "before"),
            Follow("bela", ROOM),
            Publish(ROOM, "while"),
            Unfollow("bela", ROOM),
            Publish(ROOM, "after"),
        ]
    )
    turn.end()
    assert bela.heard == ["while"]
    assert ada.heard == ["before", "while", "after"]
    assert bus.followers(ROOM) == {ada}


def test_following_and_leaving_hold_for_all_sockets_of_the_account(bus: Bus, turn: Turn) -> None:
    phone, desk = joined(bus, "ada", device="phone"), joined(bus, "ada", device="desk")
    bus.apply([Follow("ada", ROOM), Publish(ROOM, 1), Unfollow("ada", ROOM), Publish(ROOM, 2)])
    turn.end()
    assert phone.heard == desk.heard == ["1"]


def test_the_accounts_own_topic_is_followed_from_the_start(bus: Bus, turn: Turn) -> None:
    ada = Ear("ada")
    bus.attach(ada)
    bus.publish("ada", "for you")
    turn.end()
    assert ada.heard == ["for you"]


def test_a_room_taken_away_while_the_socket_joins_is_not_followed(bus: Bus, turn: Turn) -> None:
    """Its rooms were read from the database before the removal was committed."""
    ada = Ear("ada")
    bus.attach(ada)
    bus.apply([Unfollow("ada", ROOM)])
    bus.begin(ada, [ROOM, OTHER])
    bus.publish(ROOM, "secret")
    bus.publish(OTHER, "not secret")
    turn.end()
    assert ada.heard == ["not secret"]


def test_taken_away_and_given_back_while_the_socket_joins_is_followed(bus: Bus, turn: Turn) -> None:
    ada = Ear("ada")
    bus.attach(ada)
    bus.apply([Unfollow("ada", ROOM), Follow("ada", ROOM)])
    bus.begin(ada, [ROOM])
    bus.publish(ROOM, "welcome back")
    turn.end()
    assert ada.heard == ["welcome back"]


def test_hanging_up_reaches_that_device_only(bus: Bus) -> None:
    phone, desk = joined(bus, "ada", device="phone"), joined(bus, "ada", device="desk")
    other = joined(bus, "bela", device="belas")
    bus.apply([HangUp("phone", "session_ended")])
    assert (phone.codes, desk.codes, other.codes) == (["session_ended"], [], [])


def test_a_socket_that_left_is_forgotten_everywhere(bus: Bus, turn: Turn) -> None:
    ada = joined(bus, "ada", ROOM)
    bus.detach(ada)
    bus.detach(ada)
    bus.apply([Publish(ROOM, 1), Publish("ada", 2), Follow("ada", ROOM), HangUp("first", "session_ended")])
    turn.end()
    assert (ada.heard, ada.codes, ada.topics) == ([], [], set())
    assert bus.everyone() == []
    assert bus.followers(ROOM) == bus.of_account("ada") == frozenset()
    assert (bus._topics, bus._accounts) == ({}, {})


def test_a_socket_that_hangs_up_while_others_are_flushed_disturbs_nobody(bus: Bus, turn: Turn) -> None:
    class Slow(Ear):
        def flush(self) -> None:
            self.out.clear()
            bus.detach(self)
            bus.publish(ROOM, "she left")

    slow = Slow("slow")
    first = joined(bus, "first", ROOM)
    bus.attach(slow)
    bus.begin(slow, [ROOM])
    last = joined(bus, "last", ROOM)
    bus.publish(ROOM, "hello")
    while turn.end():
        pass
    assert first.heard == last.heard == ["hello", "she left"]


def test_a_socket_that_breaks_keeps_no_other_from_being_flushed(
    bus: Bus, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, /, **fields: failures.append(name))

    class Broken(Ear):
        def flush(self) -> None:
            raise RuntimeError("the handler is closed")

    broken = Broken("broken")
    bus.attach(broken)
    bus.begin(broken, [ROOM])
    others = [joined(bus, name, ROOM) for name in ("ada", "bela", "chidi")]
    for number in range(3):
        bus.publish(ROOM, number)
        turn.end()
    assert [ear.heard for ear in others] == [["0", "1", "2"]] * 3
    assert set(failures) == {"flush.failed"}


def test_waking_reaches_whoever_waits_for_it(bus: Bus) -> None:
    woken: list[str] = []
    bus.on_wake("jobs", lambda: woken.append("runner"))
    bus.on_wake("search", lambda: woken.append("indexer"))
    bus.apply([Wake("jobs"), Wake("nobody")])
    assert woken == ["runner"]


def test_a_hint_says_what_it_is_about_to_those_who_listen_for_it(bus: Bus) -> None:
    heard: list[str] = []
    bus.on_hint("receipts", heard.append)
    bus.apply([Hint("receipts", ROOM), Hint("search", OTHER)])
    assert heard == [ROOM]


def test_whoever_asks_hears_of_each_socket_once_when_it_comes_and_once_when_it_goes(bus: Bus) -> None:
    heard: list[tuple[str, bool]] = []
    bus.on_move(lambda subscriber, here: heard.append((subscriber.device, here)))
    first, second = joined(bus, "ada"), joined(bus, "ada", device="second")
    bus.detach(first)
    # A socket that hangs up is detached once more when its connection is lost.
    bus.detach(first)
    bus.detach(second)
    assert heard == [("first", True), ("second", True), ("first", False), ("second", False)]
