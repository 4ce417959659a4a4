"""Whatever order frames arrive in, and however often, a faithful copy ends the same."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.model.ledger import shown, told
from tests.model.replica import Frame, Replica
from tests.model.world import Appends, Chat, Command, verdict

ME, OTHER, THIRD = "me", "other", "third"
ROOM = "room"

Wish = tuple[str, str, int]

wishes = st.lists(
    st.tuples(
        st.sampled_from((ME, OTHER, THIRD)),
        st.sampled_from(("post", "post", "edit", "edit", "delete", "join", "leave")),
        st.integers(0, 5),
    ),
    max_size=30,
)


def _chat(story: list[Wish]) -> Chat:
    """A room in which ME stays and the others come and go, as far as the rules allow."""
    chat = Chat(ROOM, "public", "all")
    for person in (ME, OTHER):
        _do(chat, person, {"op": "create_room" if person == ME else "join", "room": ROOM})
    for number, (person, op, which) in enumerate(story):
        said = list(chat.now.messages)
        if op in ("edit", "delete"):
            if not said:
                continue
            target: Command = {"message": said[-1 - which % len(said)]}
        else:
            target = {"room": ROOM}
        if op == "leave" and person == ME:
            continue
        content = {"type": "text", "text": f"Saying {number}"}
        _do(chat, person, {"op": op, "client_id": f"id-{number}", "content": content, **target})
    return chat


def _do(chat: Chat, person: str, command: Command) -> None:
    plan = verdict(ROOM, chat.now, person, command)
    for row in plan.rows if isinstance(plan, Appends) else ():
        chat.add(type(row)(row.kind, row.subject or f"message-{chat.now.head + 1}", row.actor, row.change))


def _event(chat: Chat, seq: int, *, now: bool = False) -> Frame:
    """The event of row `seq`, with what changed as it stood then, or as it stands `now`."""
    row, state = chat.rows[seq - 1], chat.now if now else chat.at(seq)
    event: Frame = {"op": row.kind, "log": ROOM, "seq": seq}
    if row.kind == "member":
        role = state.members[row.subject].role if row.subject in state.members else None
        return {**event, "person": {"id": row.subject}, "role": role, "member_count": len(state.members)}
    return {**event, "message": _frame(told(state.messages[row.subject]))}


def _frame(said: dict[str, Any]) -> Frame:
    text = said.pop("text")
    content = None if text is None else {"type": "text", "text": text}
    edited_at, deleted_at = int(said.pop("edited")), int(text is None)
    return {**said, "content": content, "edited_at": edited_at, "deleted_at": deleted_at}


def _summary(chat: Chat) -> Frame:
    last = chat.now.last(ME)
    return {
        "op": "summary",
        "room": ROOM,
        "head": chat.now.head,
        "read_seq": 1,
        "unread": chat.now.unread(ME, 1)[0],
        "last": None if last is None else _frame(told(last)),
    }


def _fresh() -> Replica:
    """A copy of the room as it was right after ME made it."""
    replica = Replica(ME)
    room = {"id": ROOM, "member_count": 1}
    joined = {"op": "joined", "log": ME, "seq": 1, "room": room, "role": "owner", "head": 1}
    summary = {"room": ROOM, "head": 1, "read_seq": 1, "unread": 0}
    mine = {"log": ME, "after": 0, "to": 1, "reset": True, "events": [joined]}
    replica.welcome({"logs": [mine], "summaries": [summary]})
    page = {"room": ROOM, "messages": [], "quoted": [], "has_before": False}
    replica.page(replica.rooms[ROOM], page, [{"person": {"id": ME}, "role": "owner"}])
    return replica


def _missed(chat: Chat, after: int) -> Frame:
    """The server's answer to a replay from `after`: everything that changed, once, as it stands now."""
    newest = {(row.kind, row.subject): seq for seq, row in enumerate(chat.rows, 1) if seq > after}
    events = [_event(chat, seq, now=True) for seq in sorted(newest.values())]
    log = {"log": ROOM, "after": after, "to": chat.now.head, "events": events}
    return {"op": "replayed", "logs": [log], "summaries": [_summary(chat)]}


def _heal(replica: Replica, chat: Chat) -> None:
    """Answer what the replica asks for, until it asks for nothing."""
    while wanted := replica.wants_replay():
        replica.replayed(_missed(chat, wanted[ROOM]), {ROOM: replica.rooms[ROOM]})


def _compare(replica: Replica, chat: Chat) -> None:
    copy, state = replica.rooms[ROOM], chat.now
    assert {key: shown(row) for key, row in copy.rows.items()} == {
        said.id: told(said) for said in state.messages.values()
    }
    standing = {person: role for person, (_, role) in copy.standing.items() if role is not None}
    assert standing == {person: place.role for person, place in state.members.items()}
    assert copy.count[1] == len(state.members)


@given(story=wishes, data=st.data())
def test_shuffled_and_doubled_events_converge(story: list[Wish], data: st.DataObject) -> None:
    chat = _chat(story)
    seqs = list(range(2, chat.now.head + 1))
    doubled = seqs + (data.draw(st.lists(st.sampled_from(seqs))) if seqs else [])
    replica = _fresh()
    for seq in data.draw(st.permutations(doubled)):
        replica.live(_event(chat, seq))
    _compare(replica, chat)
    _heal(replica, chat)
    _compare(replica, chat)
    copy = replica.rooms[ROOM]
    assert copy.position == copy.heard == chat.now.head
    if seqs:
        assert (copy.unread, copy.last and copy.last["id"]) == (
            chat.now.unread(ME, 1)[0],
            (last.id if (last := chat.now.last(ME)) else None),
        )


@given(story=wishes, data=st.data())
def test_lost_events_are_asked_for(story: list[Wish], data: st.DataObject) -> None:
    chat = _chat(story)
    seqs = list(range(2, chat.now.head))
    lost = data.draw(st.sets(st.sampled_from(seqs))) if seqs else set()
    replica = _fresh()
    for seq in (*seqs, chat.now.head):
        if seq not in lost and seq > 1:
            replica.live(_event(chat, seq))
        if data.draw(st.booleans()):
            # An answer from any moment between the question and now.
            wanted = replica.wants_replay()
            past = _until(chat, data.draw(st.integers(max(wanted.get(ROOM, seq), 1), seq)))
            if wanted:
                replica.replayed(_missed(past, wanted[ROOM]), {ROOM: replica.rooms[ROOM]})
    _heal(replica, chat)
    _compare(replica, chat)
    copy = replica.rooms[ROOM]
    assert copy.position == copy.heard == chat.now.head
    assert copy.unread == chat.now.unread(ME, 1)[0]


def _until(chat: Chat, head: int) -> Chat:
    """The room as it was when its log ended at `head`."""
    past = Chat(ROOM, "public", "all")
    for row in chat.rows[:head]:
        past.add(row)
    return past


def test_an_edit_that_comes_before_its_message_stays() -> None:
    chat = _chat([(OTHER, "post", 0), (OTHER, "edit", 0)])
    replica = _fresh()
    for seq in (4, 3, 2):
        replica.live(_event(chat, seq))
    assert [row["content"]["text"] for row in replica.rooms[ROOM].rows.values()] == ["Saying 1"]


def test_a_deletion_that_comes_before_its_message_stays() -> None:
    chat = _chat([(OTHER, "post", 0), (OTHER, "delete", 0)])
    replica = _fresh()
    for seq in (2, 4, 3):
        replica.live(_event(chat, seq))
    assert [row["content"] for row in replica.rooms[ROOM].rows.values()] == [None]


def test_a_page_that_is_older_than_a_deletion_brings_no_text_back() -> None:
    chat = _chat([(OTHER, "post", 0), (OTHER, "delete", 0)])
    replica = _fresh()
    for seq in (2, 3, 4):
        replica.live(_event(chat, seq))
    message = _event(chat, 3)["message"]
    page = {"room": ROOM, "messages": [message], "quoted": [], "has_before": False}
    replica.page(replica.rooms[ROOM], page)
    assert [row["content"] for row in replica.rooms[ROOM].rows.values()] == [None]
