"""A small faithful client: what docs/protocol.md asks of everybody who keeps a copy.

Only state, no network: frames go in, and `wants_replay` and `wants_page` say what to ask for. Whoever holds
it sends those questions and hands the answers back.
"""

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


def gone(message: Frame) -> bool:
    """Whether it is a tombstone."""
    return bool(message.get("deleted_at"))


@dataclass(eq=False)
class RoomCopy:
    """A room of mine. `rows`: its messages, all from the place `since` on once it was `opened`.
    `ahead`: what arrived beyond a gap. `standing`: members by id as (seq of the last change,
    role), all of them once `opened`. `unsure`: a summary is needed. `assumed`: `read_seq` is a guess.
    `told`: a `read` came since the last question, so that the answer to it may be older."""

    room: Frame
    role: str
    muted: bool
    position: int
    read_seq: int
    ahead: set[int] = field(default_factory=set)
    unread: int = 0
    mentions: int = 0
    marked: bool = False
    told: bool = False
    last: Frame | None = None
    unsure: bool = True
    assumed: bool = True
    opened: bool = False
    wanted: bool = False
    since: int | None = None
    rows: dict[str, Frame] = field(default_factory=dict)
    standing: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    count: tuple[int, int] = (0, 0)

    @property
    def heard(self) -> int:
        """The highest seq that arrived."""
        return max(self.ahead, default=self.position)

    def reach(self, position: int) -> None:
        """Everything up to `position` is here, and perhaps more that came before it."""
        self.position = position
        while self.position + 1 in self.ahead:
            self.position += 1
        self.ahead = {seq for seq in self.ahead if seq > self.position}

    def keep(self, message: Frame) -> Frame | None:
        """Take a message by the rule of the newer; returns what was there."""
        held = self.rows.get(message["id"])
        if held is None or message["rev"] > held["rev"]:
            self.rows[message["id"]] = message
        return held

    def drop_rows(self) -> None:
        """A reset: what is kept is no longer true."""
        self.rows.clear()
        self.standing.clear()
        self.count = (0, 0)
        self.since = None
        self.wanted = self.opened

    def know(self, room: Frame) -> None:
        """Take the room itself by the rule of the newer."""
        if room.get("rev", 0) >= self.room.get("rev", 0):
            self.room = room

    def seat(self, event: Frame) -> None:
        """Take a `member` event: of two about one person, or about the count, the later row is the newer."""
        person, seq = event["person"]["id"], event["seq"]
        if seq > self.standing.get(person, (0, None))[0]:
            self.standing[person] = (seq, event["role"])
        self.count = max(self.count, (seq, event["member_count"]))

    def tell(self, summary: Frame) -> bool:
        """Take a summary, unless it is older than what is known already; returns whether it was taken."""
        if summary["head"] < self.heard or (summary["read_seq"] < self.read_seq and not self.assumed):
            return False
        self.read_seq, self.unread = summary["read_seq"], summary["unread"]
        self.mentions = summary.get("mentions", 0)
        if not self.told:
            self.marked = summary.get("marked_unread", False)
        self.last, self.unsure, self.assumed = summary.get("last"), False, False
        return True

    def remark(self, event: Frame) -> None:
        """Take a message event: rows, unread count, last message. Live ones count; in a replay the summary
        behind it says how things stand."""
        message: Frame = event["message"]
        if self.opened or self.wanted:
            self.keep(message)
            message = self.rows[message["id"]]
        if self.last is None or message["seq"] > self.last["seq"]:
            self.last = self.last if gone(message) else message
        elif message["id"] == self.last["id"] and message["rev"] > self.last["rev"]:
            self.last = message
            self.unsure = self.unsure or gone(message)

    def count_unread(self, event: Frame, me: str) -> None:
        """A live message event changes the number of unread messages of others."""
        message = event["message"]
        if message["author"] == me or message["seq"] <= self.read_seq:
            return
        for_all = message.get("everyone", False)
        if message["seq"] == event["seq"]:
            self.unread += 1
            self.mentions += for_all or me in message.get("mentions", [])
        elif gone(message):
            # Whom it named, it no longer says; they are told by `read`.
            self.unread -= 1
            self.mentions -= for_all


class Replica:
    """Everything one device keeps of the server."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.position: int | None = None
        self.heard = 0
        self.rooms: dict[str, RoomCopy] = {}

    def positions(self) -> dict[str, int]:
        """For hello: the logs of which anything is kept, if only what the room is."""
        kept = {room: copy.position for room, copy in self.rooms.items()}
        return kept if self.position is None else {self.me: self.position, **kept}

    # What to ask for

    def wants_replay(self) -> dict[str, int]:
        """Logs with a gap, or of which the summary is not known."""
        asked = {
            room: copy.position
            for room, copy in self.rooms.items()
            if copy.heard > copy.position or copy.unsure
        }
        if self.position is not None and self.heard > self.position:
            asked[self.me] = self.position
        return asked

    def wants_page(self) -> list[str]:
        """Rooms of which the newest page is to be loaded."""
        return [room for room, copy in self.rooms.items() if copy.wanted]

    # Frames

    def welcome(self, frame: Frame) -> None:
        """The answer to hello: what it says is newer than all that is held."""
        for log in frame["logs"]:
            if log["log"] == self.me:
                self._own(log)
        for log in frame["logs"]:
            copy = self.rooms.get(log["log"])
            if log.get("gone"):
                self.rooms.pop(log["log"], None)
            elif copy is not None:
                self._room(copy, log)
                copy.reach(log["to"])
        for copy in self.rooms.values():
            if not copy.opened:
                # Only all of it is worth keeping.
                copy.drop_rows()
        self.position = self.heard = next(log["to"] for log in frame["logs"] if log["log"] == self.me)
        summaries = {summary["room"]: summary for summary in frame["summaries"]}
        assert set(summaries) == set(self.rooms), "a welcome has one summary for each room of mine"
        for room, copy in self.rooms.items():
            head = summaries[room]["head"]
            assert not copy.opened or copy.position == head, "the replay ends where the summary stands"
            copy.ahead.clear()
            copy.reach(head)
            copy.assumed, copy.told = True, False
            assert copy.tell(summaries[room])

    def replayed(self, frame: Frame, asked: dict[str, RoomCopy]) -> None:
        """The answer to replay. It may be older than what came live in the meantime; `asked`: the copies
        for which it was asked, because a room can be left and joined again before the answer is there."""
        for log in frame["logs"]:
            copy = self.rooms.get(log["log"])
            if log["log"] == self.me:
                self._own_again(log)
            elif copy is None or copy is not asked.get(log["log"]):
                continue
            elif log.get("gone"):
                del self.rooms[log["log"]]
            elif log["to"] >= copy.position:
                self._room(copy, log)
                # What it brought was not counted one by one.
                copy.unsure = copy.unsure or log["to"] > copy.position
                copy.reach(log["to"])
        for summary in frame.get("summaries", []):
            copy = self.rooms.get(summary["room"])
            if copy is not None:
                copy.tell(summary)

    def live(self, event: Frame) -> None:
        """An event that came by itself."""
        log, seq = event["log"], event["seq"]
        if log == self.me:
            assert self.position is not None
            if seq > self.position:
                self._mine(event)
                self.heard = max(self.heard, seq)
                self.position += seq == self.position + 1
            return
        copy = self.rooms.get(log)
        if copy is None or seq <= copy.position or seq in copy.ahead:
            return
        if event["op"] == "message":
            copy.count_unread(event, self.me)
        self._happened(copy, event)
        copy.ahead.add(seq)
        copy.reach(copy.position)

    def page(self, copy: RoomCopy, page: Frame, members: list[Frame] | None = None) -> None:
        """A page of history, the newest or the one before `since`. `members` were read before it."""
        if self.rooms.get(page["room"]) is not copy:
            return
        for message in (*page["messages"], *page["quoted"]):
            copy.keep(message)
        first = page["messages"][0]["seq"] if page["messages"] else 0
        copy.since = first if page["has_before"] else 0
        copy.opened, copy.wanted = True, False
        for member in members or []:
            copy.standing.setdefault(member["person"]["id"], (0, member["role"]))
        copy.count = max(copy.count, (0, len(members or [])))

    # Inside

    def _own(self, log: Frame) -> None:
        if log.get("reset"):
            mine = {event["room"]["id"] for event in log["events"] if event["op"] == "joined"}
            self.rooms = {room: copy for room, copy in self.rooms.items() if room in mine}
        for event in log.get("events", []):
            self._mine(event)

    def _own_again(self, log: Frame) -> None:
        """A replay of my own log while I am online: it may be older than what came live."""
        assert self.position is not None
        if log["to"] < self.position:
            return
        position, self.position = self.position, log["to"]
        self.heard = max(self.heard, self.position)
        fresh = [event for event in log.get("events", []) if log.get("reset") or event["seq"] > position]
        self._own({**log, "events": fresh})
        for event in fresh:
            copy = self.rooms.get(event.get("room", "")) if event["op"] == "read" else None
            if copy is not None:
                # Its count may be older than what came live in the room.
                copy.unsure = True
        if log.get("reset"):
            for copy in self.rooms.values():
                copy.unsure = True

    def _mine(self, event: Frame) -> None:
        match event["op"]:
            case "joined":
                room, copy = event["room"]["id"], self.rooms.get(event["room"]["id"])
                if copy is None:
                    head = event["head"]
                    copy = RoomCopy(event["room"], event["role"], False, head, read_seq=head)
                    copy.count = (head, event["room"]["member_count"])
                    self.rooms[room] = copy
                copy.role, copy.muted = event["role"], bool(event.get("muted_until"))
                copy.know(event["room"])
                copy.count = max(copy.count, (event["head"], event["room"]["member_count"]))
            case "left":
                self.rooms.pop(event["room"], None)
            case "read":
                copy = self.rooms.get(event["room"])
                if copy is not None and event["read_seq"] >= copy.read_seq:
                    copy.read_seq, copy.unread = event["read_seq"], event.get("unread", 0)
                    copy.mentions, copy.marked = event.get("mentions", 0), event.get("marked_unread", False)
                    copy.told = True
                    copy.assumed = False

    def _room(self, copy: RoomCopy, log: Frame) -> None:
        if log.get("reset"):
            copy.drop_rows()
        for event in log.get("events", []):
            self._happened(copy, event)

    def _happened(self, copy: RoomCopy, event: Frame) -> None:
        match event["op"]:
            case "message":
                copy.remark(event)
            case "member":
                copy.seat(event)
            case "room":
                copy.know(event["room"])
