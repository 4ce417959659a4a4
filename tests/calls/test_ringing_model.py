"""Three people with three devices each do whatever comes to mind, in whatever order.

Whatever happens, nobody is in two calls at once; each call ends once and leaves one entry; what a page hears
is for it; and what the process holds is what the rows say, but for ends that a full disk does not take yet.
"""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.calls import actions, store
from appliance.features.calls.model import (
    GONE_S,
    RING_S,
    AnswerCall,
    AskCalls,
    CallChanged,
    CallHere,
    Calls,
    CallSignal,
    CallTaken,
    DeclineCall,
    HangUpCall,
    Kept,
    Ring,
    SendSignal,
)
from appliance.features.messages import actions as messages
from appliance.features.people.model import Block, Unblock
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import StartDm
from appliance.kernel.commands import Outcome
from appliance.kernel.ids import new_secret
from appliance.kernel.migrate import migrate
from appliance.kernel.session import Who
from appliance.kernel.verbs import Write
from appliance.wire.codec import Command
from tests.calls.pages import minted
from tests.calls.switching import Switching, Tab
from tests.client import client_id

PEOPLE, DEVICES = 3, 3
ORDER = ("ringing", "active", "ended")
tabs = some.integers(0, PEOPLE * DEVICES - 1)
people = some.integers(0, PEOPLE - 1)
others = some.integers(1, PEOPLE - 1)
"""How many seats further on."""
picks = some.sampled_from((0, 0, 0, 0, 1, 2, 5))
"""Which call, mostly the newest."""
devices = some.integers(0, DEVICES - 1)
roles = some.sampled_from(("callee", "callee", "caller", "caller", "anybody"))
_names = itertools.count(1)


class Calling(RuleBasedStateMachine):
    """`calls`: every call that there ever was, the newest first; `blocks`: pairs (who, whom)."""

    conn: sqlite3.Connection

    def __init__(self) -> None:
        super().__init__()
        self.conn.execute("BEGIN")
        self.world = Switching(self.conn)
        self.tabs: list[Tab] = []
        self.calls: list[str] = []
        self.unheard: set[str] = set()
        self.blocks: set[tuple[int, int]] = set()
        self.over: dict[str, Kept] = {}
        self.whose: dict[str, str] = {}
        self.accounts = [self._join() for _ in range(PEOPLE)]
        self.rooms: dict[frozenset[int], str] = {}
        for one, other in itertools.combinations(range(PEOPLE), 2):
            command = StartDm(client_id=client_id(), person=self.accounts[other])
            made: Outcome = self.world.do(
                partial(Rooms(100).start_dm, who=self.tabs[one * DEVICES].who, command=command)
            )
            self.rooms[frozenset((one, other))] = made.subject
        for tab in self.tabs:
            self._arrive(tab)

    def _join(self) -> str:
        name = f"caller{next(_names)}"
        account: str = self.world.do(lambda tx: auth.add_account(tx, NewAccount(name, name, "x")).id)
        self.tabs += [Tab(self._sign_in(account)) for _ in range(DEVICES)]
        return account

    def _sign_in(self, account: str) -> Who:
        device = NewDevice("one", "phone", new_secret())
        return Who(account, self.world.do(lambda tx: auth.sign_in(tx, account, device))[1])

    def _arrive(self, tab: Tab) -> None:
        self.whose[tab.seat] = tab.account
        tab.here = True
        self.world.bus.attach(tab)
        self.world.bus.begin(tab, self.rooms.values())

    def _leave(self, tab: Tab) -> None:
        self.world.settle()
        tab.here = False
        self.world.bus.detach(tab)

    def teardown(self) -> None:
        self.world.full = False
        try:
            for tab in self.tabs:
                if tab.here:
                    self._leave(tab)
            for _ in range(4):
                self.world.clock.advance(RING_S)
                self.world.settle()
            assert store.all_open(self.world.reader) == [], "nobody is here, and a call goes on"
            self.all_holds()
        finally:
            self.conn.execute("ROLLBACK")

    def _call(self, pick: int) -> str:
        return self.calls[pick % len(self.calls)] if self.calls else "0" * 26

    def _tab(self, pick: int, role: str, device: int) -> Tab:
        """A page of one of the two of a call, or of the first person."""
        kept = store.call(self.world.reader, self._call(pick))
        account = "" if kept is None or role == "anybody" else getattr(kept, role)
        owner = self.accounts.index(account) if account else 0
        return self.tabs[owner * DEVICES + device]

    def _say(self, who: Who, command: Command) -> Outcome | None:
        verb = self.world.verbs[type(command)]
        assert isinstance(verb, Write)
        return self.world.obey(verb, who, command)

    # What people do

    @initialize(tab=tabs, other=others, here=some.booleans())
    def ring_first(self, tab: int, other: int, here: bool) -> None:
        self.ring(tab, other, here)

    @rule(tab=tabs, other=others, here=some.booleans())
    def ring(self, tab: int, other: int, here: bool) -> None:
        me, page = tab // DEVICES, self.tabs[tab]
        other = (me + other) % PEOPLE
        room = self.rooms[frozenset((me, other))]
        command = Ring(client_id=client_id(), room=room, video=bool(tab % 2), seat=page.seat)
        made = self._say(page.who, command)
        if made is not None and made.subject not in self.calls:
            self.calls.insert(0, made.subject)
            if (other, me) in self.blocks:
                self.unheard.add(made.subject)
        if made is not None and here:
            self._sit(page, made.subject)

    @precondition(lambda self: self.calls)
    @rule(pick=picks, role=roles, device=devices, here=some.booleans())
    def answer(self, pick: int, role: str, device: int, here: bool) -> None:
        page, call = self._tab(pick, role, device), self._call(pick)
        command = AnswerCall(client_id=client_id(), call=call, seat=page.seat)
        self._say(page.who, command)
        if here:
            self._sit(page, call)

    @precondition(lambda self: self.calls)
    @rule(pick=picks, role=roles, device=devices)
    def decline(self, pick: int, role: str, device: int) -> None:
        command = DeclineCall(client_id=client_id(), call=self._call(pick))
        who = self._tab(pick, role, device).who
        self._say(who, command)

    @precondition(lambda self: self.calls)
    @rule(pick=picks, role=roles, device=devices)
    def hang_up(self, pick: int, role: str, device: int) -> None:
        command = HangUpCall(client_id=client_id(), call=self._call(pick))
        who = self._tab(pick, role, device).who
        self._say(who, command)

    @precondition(lambda self: self.calls)
    @rule(pick=picks, role=roles, device=devices)
    def sit(self, pick: int, role: str, device: int) -> None:
        self._sit(self._tab(pick, role, device), self._call(pick))

    def _sit(self, page: Tab, call: str) -> None:
        if page.here:
            command = CallHere(call=call, seat=page.seat, instance=page.instance)
            self.world.attempt(lambda: self.world.ringing.sit(self.world.bus, page, command, 0))

    @precondition(lambda self: self.calls)
    @rule(pick=picks, role=roles, device=devices)
    def signal(self, pick: int, role: str, device: int) -> None:
        page = self._tab(pick, role, device)
        if page.here:
            command = SendSignal(call=self._call(pick), instance=page.instance, signal=page.seat)
            self.world.attempt(lambda: self.world.ringing.pass_on(self.world.bus, page, command, 0))

    @rule(tab=tabs)
    def ask(self, tab: int) -> None:
        page = self.tabs[tab]
        if page.here:
            self.world.settle()
            self.world.ringing.tell_open(self.world.bus, page, AskCalls(), 0)
            self.world.settle()
            told = next(event for event in reversed(page.heard) if isinstance(event, Calls))
            mine = [
                kept
                for kept in store.all_open(self.world.reader)
                if kept.concerns(page.account) and kept.id not in self.world.ringing.owing
            ]
            shown = [replace(kept, seen_at=0) for kept in mine]
            assert [each.call for each in told.calls] == [actions.shown_to(k, page.account) for k in shown]

    # What happens to them

    @rule(tab=tabs)
    def come_or_go(self, tab: int) -> None:
        page = self.tabs[tab]
        if page.here:
            self._leave(page)
        else:
            page.instance = minted("life")
            self._arrive(page)

    @rule(full=some.sampled_from((True, False, False)))
    def fill_or_clear_the_disk(self, full: bool) -> None:
        self.world.full = full

    @precondition(lambda self: not self.world.full)
    @rule(tab=tabs)
    def sign_out(self, tab: int) -> None:
        page = self.tabs[tab]
        if page.here:
            self._leave(page)
        self.world.do(lambda tx: auth.revoke(tx, page.who, page.device))
        self.world.settle()
        self.tabs[tab] = Tab(self._sign_in(page.account))
        self._arrive(self.tabs[tab])

    @precondition(lambda self: not self.world.full)
    @rule(one=people, other=others)
    def block_or_unblock(self, one: int, other: int) -> None:
        other = (one + other) % PEOPLE
        who, person = self.tabs[one * DEVICES].who, self.accounts[other]
        if (one, other) in self.blocks:
            self.blocks.discard((one, other))
            unblock = Unblock(client_id=client_id(), person=person)
            self.world.do(partial(messages.unblock, who=who, command=unblock))
        else:
            self.blocks.add((one, other))
            block = Block(client_id=client_id(), person=person)
            self.world.do(partial(messages.block, who=who, command=block))

    @rule(seconds=some.sampled_from((0.5, 7, GONE_S, RING_S, 100)))
    def pass_time(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule()
    def restart(self) -> None:
        for tab in self.tabs:
            tab.flush()
            tab.here = False
            tab.topics.clear()
            # An end that was only told is forgotten: then the call may go on.
            tab.heard = [event for event in tab.heard if not self._is_owing(event)]
        self.world.start()
        for tab in self.tabs[::2]:
            self._arrive(tab)

    def _is_owing(self, event: object) -> bool:
        return isinstance(event, CallChanged) and event.call.id in self.world.ringing.owing

    # What always holds

    @invariant()
    def all_holds(self) -> None:
        self.world.settle()
        reader = self.world.reader
        rows = [found for call in self.calls if (found := store.call(reader, call)) is not None]
        assert len(rows) == len(self.calls)
        self._nobody_is_in_two(rows)
        self._each_ends_once_with_one_entry(rows)
        self._the_mirror_is_true(rows)
        for tab in self.tabs:
            self._hears_what_is_for_it(tab)

    def _nobody_is_in_two(self, rows: list[Kept]) -> None:
        busy = Counter(
            account
            for kept in rows
            if kept.state != "ended"
            for account in (kept.caller, kept.callee)
            if kept.concerns(account)
        )
        assert set(busy.values()) <= {1}

    def _each_ends_once_with_one_entry(self, rows: list[Kept]) -> None:
        ended = {kept.id: kept for kept in rows if kept.state == "ended"}
        entries = self.world.reader.rows(
            "SELECT room, author, content, quiet FROM messages WHERE author IN (:a, :b, :c)",
            **dict(zip("abc", self.accounts, strict=True)),
        )
        assert Counter((room, author) for room, author, _, _ in entries) == Counter(
            (kept.room, kept.caller) for kept in ended.values()
        )
        for call, kept in ended.items():
            assert self.over.setdefault(call, kept) == kept, "what is over stays as it was"
            assert bool(kept.answered_at) == (kept.outcome in ("answered", "failed"))
            assert kept.began_at <= kept.ended_at
            assert not kept.answered_at or kept.began_at <= kept.answered_at <= kept.ended_at
        for _, _, content, quiet in entries:
            loud = any(outcome in content.decode() for outcome in actions.UNREAD)
            assert bool(quiet) == (not loud)

    def _the_mirror_is_true(self, rows: list[Kept]) -> None:
        owing = self.world.ringing.owing
        held = {call: replace(each.kept, seen_at=0) for call, each in self.world.ringing._calls.items()}
        still = {kept.id: replace(kept, seen_at=0) for kept in rows if kept.state != "ended"}
        assert held == {call: kept for call, kept in still.items() if call not in owing}
        assert self.world.full or not any(call in owing for call in still), "it is written when it can be"
        seated = self.world.ringing._seated
        for page, call in seated.items():
            side = call.sides[page.account]
            assert side.peer is page
            assert (side.seat, side.device) == (getattr(page, "seat", ""), page.device)
            assert call.kept.id in held

    def _hears_what_is_for_it(self, tab: Tab) -> None:
        states: dict[str, int] = {}
        for event in tab.heard:
            for seat, owner in self.whose.items():
                if owner != tab.account and seat in str(event):
                    # The one who says it put its own seat there, to be recognised.
                    assert isinstance(event, CallSignal)
                    assert event.signal == seat
            match event:
                case CallChanged(call=call):
                    assert tab.account in (call.caller, call.callee)
                    assert ORDER.index(call.state) >= states.get(call.id, 0)
                    states[call.id] = ORDER.index(call.state)
                    assert not (call.id in self.unheard and tab.account == call.callee)
                case CallSignal(call=call) | CallTaken(call=call):
                    self._was_in(tab, call)
                case _:
                    pass
        tab.heard = [event for event in tab.heard if isinstance(event, CallChanged | Calls)]

    def _was_in(self, tab: Tab, call: str) -> None:
        kept: Any = store.call(self.world.reader, call)
        assert kept.seat_of(tab.account) == (tab.seat, tab.device)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("calling") / "safevoice.db"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        yield conn


def test_whatever_people_do_calls_stay_in_order(database: sqlite3.Connection) -> None:
    Calling.conn = database
    run_state_machine_as_test(
        Calling,
        settings=settings(
            max_examples=150,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
