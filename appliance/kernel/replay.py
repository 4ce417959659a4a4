"""What a client missed: its logs joined with the present state.

Features say here how to load what their log rows point to; nobody else needs to know what a log holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from appliance.kernel import journal
from appliance.kernel.transaction import Reader

FULL_LOGS = 10
"""All logs of one answer together may have so many times the rows that one of them may. Without it, somebody
who is in hundreds of rooms could hold a reader of the database, and tens of megabytes, by one small frame."""

Loader = Callable[[Reader, str, str, list[tuple[str, int]]], list[Any]]
"""(db, account, log, [(subject, seq)]) -> events with `seq`, only of what the account may see."""


@dataclass(frozen=True, slots=True)
class LogState:
    """What happened in `log` after `after` up to `to`; `reset` and `gone` as the wire's LogReplay says."""

    log: str
    after: int
    to: int
    reset: bool = False
    gone: bool = False
    events: list[Any] = field(default_factory=list)


class Replays:
    """Loaders by kind of row, parts of an account's full state, and which room logs an account follows.
    `besides`: what else its sockets follow. `heard`: what the positions in a hello say of what a device
    holds; the result is called on the loop."""

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._loaders: dict[str, Loader] = {}
        self._whole: list[Callable[[Reader, str], list[Any]]] = []
        self._anew: list[Loader] = []
        self.rooms_of: Callable[[Reader, str], list[str]] = lambda db, account: []
        self.besides: Callable[[Reader, str], list[str]] = lambda db, account: []
        self.summaries: Callable[[Reader, str, list[str]], list[Any]] = lambda db, account, rooms: []
        self.heard: Callable[[Reader, str, dict[str, int]], Callable[[], None]] = lambda *_: lambda: None

    def register(self, kind: str, loader: Loader) -> None:
        """`loader` turns rows of `kind` into events."""
        self._loaders[kind] = loader

    def register_whole(self, part: Callable[[Reader, str], list[Any]]) -> None:
        """`part` gives its share of everything an account's own log stands for, for a fresh client."""
        self._whole.append(part)

    def register_anew(self, part: Loader) -> None:
        """`part` (db, account, room, [(room, position held)]) gives what a device that begins a room anew
        cannot see on its newest page."""
        self._anew.append(part)

    def account(self, db: Reader, account: str, after: int | None) -> LogState:
        """The account's own log; all of it for a client that holds none, is too far behind, or ahead."""
        floor, newest = journal.bounds(db, account) or (0, 0)
        if after is not None and after >= floor and 0 <= newest - after <= self._max_rows:
            return LogState(account, after, newest, events=self._events(db, account, account, after))
        events = [event for part in self._whole for event in part(db, account)]
        return LogState(account, after or 0, newest, reset=True, events=events)

    def rooms(self, db: Reader, account: str, positions: list[tuple[str, int]]) -> list[LogState]:
        """The logs of rooms that the account is in."""
        bounds = [(room, after, *(journal.bounds(db, room) or (0, 0))) for room, after in positions]
        # Who missed least comes first, so that what does not fit is the log that is dearest to replay.
        bounds.sort(key=lambda row: row[3] - row[1])
        left = FULL_LOGS * self._max_rows
        states = []
        for room, after, floor, newest in bounds:
            missed = newest - after
            if after < floor or not 0 <= missed <= min(self._max_rows, left):
                # A position from a future that never was says nothing of what is held.
                held = [(room, after if after <= newest else 0)]
                events = [event for part in self._anew for event in part(db, account, room, held)]
                states.append(LogState(room, after, newest, reset=True, events=events))
                continue
            left -= missed
            states.append(LogState(room, after, newest, events=self._events(db, account, room, after)))
        return states

    def all(
        self, db: Reader, account: str, positions: dict[str, int], *, fresh: bool
    ) -> tuple[list[LogState], list[Any]]:
        """The replay of every log in `positions`, with summaries: of all rooms when `fresh` (the answer to
        hello, which also always holds the account's log), else of the rooms asked for."""
        mine = set(self.rooms_of(db, account))
        states = []
        if fresh or account in positions:
            states.append(self.account(db, account, positions.get(account)))
        states += self.rooms(db, account, [(log, after) for log, after in positions.items() if log in mine])
        states += [
            LogState(log, after, 0, gone=True)
            for log, after in positions.items()
            if log not in mine and log != account
        ]
        asked = sorted(mine) if fresh else [log for log in positions if log in mine]
        return states, self.summaries(db, account, asked)

    def _events(self, db: Reader, account: str, log: str, after: int) -> list[Any]:
        by_kind: dict[str, list[tuple[str, int]]] = {}
        for kind, subject, seq in journal.changes(db, log, after):
            by_kind.setdefault(kind, []).append((subject, seq))
        events: list[Any] = []
        for kind, subjects in by_kind.items():
            loader = self._loaders.get(kind)
            # Rows of a kind that this version no longer knows say nothing.
            if loader is not None:
                events += loader(db, account, log, subjects)
        events.sort(key=lambda event: event.seq)
        return events
