"""What the model believes: who did what, and whether each thing that a device was shown was its to see."""

from typing import Any

from tests.model.device import PAGE, Deed, Sight
from tests.model.replica import Frame
from tests.model.world import REPLAY_ROWS, Appends, Chat, Refused, Row, Said, Stands, State, verdict

Plain = tuple[str, str, str]


class Ledger:
    """The world as explained so far. `pairs`: direct messages by their two people; `marks`: read marks by
    (room, account); `asides`: rooms put aside as unread, likewise; `home`: the room of each message;
    `before`: the rooms' heads when it last explained."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.pairs: dict[frozenset[str], str] = {}
        self.marks: dict[tuple[str, str], int] = {}
        self.asides: dict[tuple[str, str], bool] = {}
        self.home: dict[str, str] = {}
        self.before: dict[str, int] = {}

    def room_of(self, deed: Deed) -> str:
        """The room that a command is about; empty for none."""
        command = deed.command
        if command["op"] == "create_room":
            return deed.outcome[0] if deed.outcome else ""
        if command["op"] == "start_dm":
            pair = frozenset((deed.account, command["person"]))
            return self.pairs.get(pair, deed.outcome[0] if deed.outcome else "")
        return str(command["room"] if "room" in command else self.home.get(command["message"], ""))

    # Explaining what the server did

    def explain(self, rows: dict[str, list[Plain]], done: list[Deed], refused: list[Deed]) -> None:
        """Take over what happened since the last time: each new row of a room's log was added by exactly one
        command, and each command did what the room, as it stood then, made of it."""
        self.before = {room: chat.now.head for room, chat in self.chats.items()}
        waiting = list(done)
        for deed in waiting:
            self._meet(deed)
        for room, plain in rows.items():
            chat = self.chats.get(room)
            assert chat is not None, f"nobody made room {room}"
            assert len(plain) >= chat.now.head, f"room {room} lost rows of its log"
            while chat.now.head < len(plain):
                waiting.remove(self._next(chat, plain, waiting))
        for deed in waiting:
            assert deed.outcome is not None
            assert self._fits(deed, Stands(*deed.outcome)), f"{deed} did nothing, for no reason"
        for deed in refused:
            assert self._fits(deed, Refused(deed.error)), f"{deed} was refused, for no reason"

    def _meet(self, deed: Deed) -> None:
        op, command = deed.command["op"], deed.command
        assert deed.outcome is not None
        room = deed.outcome[0]
        if op == "create_room" and room not in self.chats:
            self.chats[room] = Chat(room, command["kind"], command["history"])
        if op == "start_dm" and room not in self.chats:
            pair = frozenset((deed.account, command["person"]))
            assert pair not in self.pairs, "two people have one direct message"
            self.pairs[pair] = room
            self.chats[room] = Chat(room, "dm", "all")
        if op == "post":
            self.home[room] = command["room"]

    def _next(self, chat: Chat, plain: list[Plain], waiting: list[Deed]) -> Deed:
        """The command that added the next row; its rows are taken over."""
        head = chat.now.head
        for deed in waiting:
            if self.room_of(deed) != chat.id:
                continue
            plan = verdict(chat.id, chat.now, deed.account, deed.command)
            if not isinstance(plan, Appends):
                continue
            assert deed.outcome is not None
            subject, seq = deed.outcome
            rows = [Row(row.kind, row.subject or subject, row.actor, row.change) for row in plan.rows]
            first = head + (2 if deed.command["op"] in ("start_dm", "transfer_room") else 1)
            if seq == first and [row.plain for row in rows] == plain[head : head + len(rows)]:
                for row in rows:
                    chat.add(row)
                return deed
        raise AssertionError(f"nobody did {plain[head]}, row {head + 1} of {chat.id}; waiting: {waiting}")

    def lately(self, chat: Chat) -> list[State]:
        """How the room stood at any moment since the last time."""
        return chat.states[self.before.get(chat.id, 0) :]

    def _fits(self, deed: Deed, wanted: Stands | Refused) -> bool:
        chat = self.chats.get(self.room_of(deed))
        if chat is None:
            return verdict("", None, deed.account, deed.command) == wanted
        states: list[State | None] = [*self.lately(chat), *(() if chat.id in self.before else (None,))]
        return any(verdict(chat.id, state, deed.account, deed.command) == wanted for state in states)

    def explain_read(self, deed: Deed) -> None:
        """A read that was answered: refused for a reason, or a mark that only rises."""
        room, seq = deed.command["room"], deed.command["seq"]
        states = self.lately(self.chats[room])
        if deed.ack is not None:
            assert any(deed.account in state.members and seq <= state.head for state in states), deed
            self.marks[room, deed.account] = max(seq, self.marks.get((room, deed.account), 0))
        elif deed.error == "not_found":
            assert any(deed.account not in state.members for state in states), deed
        else:
            assert deed.error == "seq_ahead", deed
            assert any(seq > state.head for state in states), deed

    # Judging what a device was shown

    def judge(self, sight: Sight) -> None:
        """Nothing that this account may not see, nothing that was never so."""
        frame = sight.frame
        match frame["op"]:
            case "welcome" | "replayed":
                for log in frame["logs"]:
                    self._judge_log(sight, log)
                for summary in frame.get("summaries", []):
                    self._judge_summary(sight.account, summary)
                if frame["op"] == "welcome":
                    self._judge_reads(sight)
            case "typing":
                states = self.lately(self.chats[frame["room"]])
                assert any({sight.account, frame["person"]} <= set(state.members) for state in states), frame
            case "receipts":
                states = self.lately(self.chats[frame["room"]])
                told = {sight.account, *(mark["person"] for mark in frame.get("marks", []))}
                assert any(told <= set(state.members) for state in states), frame
            case "page":
                self._judge_page(sight)
            case _:
                self._judge_event(sight.account, frame)

    def _judge_reads(self, sight: Sight) -> None:
        """Read marks of rooms that I am in, and no others, as their summaries have them."""
        summaries = {each["room"]: _marks(each) for each in sight.frame["summaries"]}
        for log in sight.frame["logs"]:
            for event in log.get("events", []):
                if event["op"] == "read":
                    assert summaries.get(event["room"]) == _marks(event), event

    def _judge_event(self, me: str, event: Frame) -> None:
        if event["log"] == me:
            return self._judge_own(me, event)
        chat = self.chats[event["log"]]
        state = chat.at(event["seq"])
        # Whoever leaves hears no more of it than that.
        assert me in state.members, f"{event} was shown to somebody who is not in the room"
        if event["op"] == "message":
            assert event["message"]["rev"] == event["seq"], event
            self._judge_message(me, state, event["message"])
        elif event["op"] == "member":
            row = chat.rows[event["seq"] - 1]
            assert (row.kind, row.subject) == ("member", event["person"]["id"]), event
            assert standing(event) == placed(state, row.subject), event
            assert event["member_count"] == len(state.members), event
        elif event["op"] == "room":
            self._judge_room(state, event["room"])
            assert event["room"]["rev"] == event["seq"], event
        return None

    def _judge_own(self, me: str, event: Frame) -> None:
        if event["op"] == "joined":
            state = self.chats[event["room"]["id"]].at(event["head"])
            assert me in state.members, event
            assert standing(event) == placed(state, me), event
            self._judge_room(state, event["room"])
            people = {person["id"] for person in event.get("people", [])}
            assert people == (set(state.members) - {me} if state.kind == "dm" else set()), event
        elif event["op"] in ("left", "read"):
            states = self.chats[event["room"]].states
            assert any(me in state.members for state in states), event

    def _judge_room(self, state: State, room: Frame) -> None:
        assert room["member_count"] == len(state.members), room
        assert bool(room.get("archived_at")) == state.archived, room
        assert room.get("rev", 0) == state.changed, room

    def _judge_message(self, me: str, state: State, message: Frame) -> None:
        assert state.may_see(me, message["seq"]), f"{message} was shown to somebody who may not see it"
        assert shown(message) == told(state.messages[message["id"]]), f"{message} was never so"

    def _judge_log(self, sight: Sight, log: Frame) -> None:
        me = sight.account
        if log["log"] == me:
            for event in log.get("events", []):
                self._judge_own(me, event)
            held = sight.after.get(me)
            assert log.get("reset", False) == (held is None or log["to"] - held > REPLAY_ROWS), log
            return
        if log.get("gone"):
            return
        state, after = self.chats[log["log"]].at(log["to"]), sight.after[log["log"]]
        assert log.get("reset", False) == (log["to"] - after > REPLAY_ROWS), log
        assert me in state.members, f"{log} was shown to somebody who is not in the room"
        events = log.get("events", [])
        messages = [event["message"] for event in events if event["op"] == "message"]
        for message in messages:
            self._judge_message(me, state, message)
        rooms = [event for event in events if event["op"] == "room"]
        assert [event["seq"] for event in rooms] == [state.changed] * (state.changed > after), log
        for event in rooms:
            self._judge_room(state, event["room"])
        if not log.get("reset"):
            missed = sorted((said.rev, said.id) for said in state.seen_by(me) if said.rev > after)
            assert [(message["rev"], message["id"]) for message in messages] == missed, log
            self._judge_members(sight, log, state)

    def _judge_members(self, sight: Sight, log: Frame, state: State) -> None:
        """Who came, went or changed, as it stands now; but not who went before one's own time."""
        after, me, rows = sight.after[log["log"]], sight.account, self.chats[log["log"]].rows[: log["to"]]
        changed = {
            row.subject: seq for seq, row in enumerate(rows, 1) if seq > after and row.kind == "member"
        }
        wanted = {
            person: (seq, *placed(state, person))
            for person, seq in changed.items()
            if person in state.members or state.may_see(me, seq)
        }
        events = [event for event in log.get("events", []) if event["op"] == "member"]
        assert {event["person"]["id"]: (event["seq"], *standing(event)) for event in events} == wanted, log
        assert all(event["member_count"] == len(state.members) for event in events), log

    def _judge_summary(self, me: str, summary: Frame) -> None:
        state = self.chats[summary["room"]].at(summary["head"])
        assert me in state.members, f"{summary} was shown to somebody who is not in the room"
        last = state.last(me)
        assert (shown(summary["last"]) if summary.get("last") else None) == (told(last) if last else None)
        assert _marks(summary)[1:3] == state.unread(me, summary["read_seq"]), summary

    def _judge_page(self, sight: Sight) -> None:
        page, me = sight.frame, sight.account
        state = self.chats[page["room"]].at(page["head"])
        assert me in state.members, f"{page} was shown to somebody who is not in the room"
        seen = state.seen_by(me)
        run = _slice(seen, sight.query)
        assert [shown(message) for message in page["messages"]] == [told(said) for said in run], page
        assert _marks(page)[1:3] == state.unread(me, page["read_seq"]), page
        if run:
            assert page["has_before"] == (run[0] is not seen[0]), page
            assert page["has_after"] == (run[-1] is not seen[-1]), page
        inside = {said.id for said in run}
        quoted = {said.reply_to for said in run if said.reply_to} - inside
        assert {message["id"]: shown(message) for message in page["quoted"]} == {
            said.id: told(said) for said in seen if said.id in quoted
        }


def standing(event: Frame) -> tuple[str | None, bool]:
    """What somebody is in a room, and whether they are muted there."""
    return event["role"], bool(event.get("muted_until"))


def placed(state: State, account: str) -> tuple[str | None, bool]:
    """The same in the model."""
    place = state.members.get(account)
    return (place.role, place.muted) if place else (None, False)


def _marks(frame: Frame) -> tuple[int, int, int, bool]:
    """What a summary, a read mark or a page says of how far one has read."""
    aside = frame.get("marked_unread", False)
    return frame["read_seq"], frame["unread"], frame.get("mentions", 0), aside


def _slice(seen: list[Said], query: str) -> list[Said]:
    name, _, value = query.partition("=")
    if name == "before":
        return [said for said in seen if said.seq < int(value)][-PAGE:]
    if name == "after":
        return [said for said in seen if said.seq > int(value)][:PAGE]
    if name == "around":
        at = next(place for place, said in enumerate(seen) if said.id == value)
        return seen[max(0, at - PAGE // 2) : at + PAGE - PAGE // 2]
    return seen[-PAGE:]


def shown(message: Frame) -> dict[str, Any]:
    """A message on the wire, as far as the model knows it."""
    content = message.get("content")
    deleted = bool(message.get("deleted_at"))
    assert deleted == (content is None), message
    return {
        "id": message["id"],
        "seq": message["seq"],
        "rev": message["rev"],
        "author": message["author"],
        "text": None if content is None else content["text"],
        "client_id": message.get("client_id", ""),
        "reply_to": message.get("reply_to", ""),
        "mentions": message.get("mentions", []),
        "everyone": message.get("everyone", False),
        "edited": bool(message.get("edited_at")),
    }


def told(said: Said) -> dict[str, Any]:
    """The same of the model's message."""
    return dict(vars(said))
