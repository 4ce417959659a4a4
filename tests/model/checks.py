"""The end of a program: the server, the model and every device hold the same."""

from typing import Any

from appliance.kernel.transaction import Reader
from tests.model.device import PAGE, Device
from tests.model.ledger import Ledger, placed, shown, told
from tests.model.replica import RoomCopy
from tests.model.stage import Stage
from tests.model.world import Chat, State


async def compare(stage: Stage) -> None:
    """Everybody is online and has nothing left to ask; then the same after everybody came back anew."""
    await _compare(stage)
    for device in stage.devices:
        device.cut()
        await device.connect(stage.server)
    await stage.settle()
    await _compare(stage, anew=True)


async def _compare(stage: Stage, *, anew: bool = False) -> None:
    ledger = stage.ledger
    for deed in stage.deeds:
        assert deed.settled or deed.device.revoked, f"{deed} is still under way"
    for device in stage.devices:
        assert not device.outbox, f"{device} still has {device.outbox}"
    heads = await stage.server.house.db.read(lambda db: _server(db, ledger))
    for device in stage.devices:
        _device(device, ledger, heads, anew)
    for chat in ledger.chats.values():
        for device in stage.devices:
            first = next(each for each in stage.devices if each.account.id == device.account.id)
            if device is first and not anew:
                await _history(device, chat)
    for sight in stage.sights:
        ledger.judge(sight)
    stage.sights.clear()


def _server(db: Reader, ledger: Ledger) -> dict[str, int]:
    """The database against the model; returns the heads of all logs."""
    for chat in ledger.chats.values():
        state = chat.now
        messages = db.rows(
            "SELECT id, seq, rev, author, content IS NULL, client_id, reply_to, mentions, everyone,"
            " edited_at > 0, deleted_at > 0 FROM messages WHERE room = :room ORDER BY seq",
            room=chat.id,
        )
        assert messages == [
            (
                said.id,
                said.seq,
                said.rev,
                said.author,
                said.text is None,
                said.client_id,
                said.reply_to,
                " ".join(said.mentions),
                said.everyone,
                said.edited,
                said.text is None,
            )
            for said in state.messages.values()
        ]
        members = db.rows(
            "SELECT account, role, joined_seq, muted_until > 0 FROM members WHERE room = :room", room=chat.id
        )
        assert sorted(members) == sorted(
            (who, at.role, at.joined, at.muted) for who, at in state.members.items()
        )
        room = db.row("SELECT member_count, archived_at > 0, rev FROM rooms WHERE id = :room", room=chat.id)
        assert room == (len(state.members), state.archived, state.changed)
    return dict(db.rows("SELECT log, head FROM logs"))


def _device(device: Device, ledger: Ledger, heads: dict[str, int], anew: bool) -> None:
    replica, me = device.replica, device.account.id
    mine = {chat.id: chat for chat in ledger.chats.values() if me in chat.now.members}
    assert set(replica.rooms) == set(mine), f"{device} is in other rooms than it believes"
    assert replica.position == heads[me], f"{device} is not at the head of its own log"
    for room, chat in mine.items():
        copy, state = replica.rooms[room], chat.now
        where = f"{device} in {room}"
        assert state.head == heads[room], where
        assert copy.position == copy.heard, where
        # Changes of messages that I may not see leave holes, which nobody knows of until the next event.
        assert copy.position == state.head or not anew, where
        assert not any(state.told(me, row) for row in chat.rows[copy.position :]), where
        assert (copy.role, copy.muted) == placed(state, me), where
        assert bool(copy.room.get("archived_at")) == state.archived, where
        mark = max(ledger.marks.get((room, me), 0), state.members[me].joined)
        assert copy.read_seq == mark, where
        assert (copy.unread, copy.mentions) == state.unread(me, mark), where
        assert copy.marked == ledger.asides.get((room, me), False), where
        last = state.last(me)
        assert (shown(copy.last) if copy.last else None) == (told(last) if last else None), where
        if copy.opened:
            _opened(copy, state, me, where)


def _opened(copy: RoomCopy, state: State, me: str, where: str) -> None:
    """Rows that are kept are true, and none is missing from `since` on."""
    since = copy.since
    assert since is not None, where
    for message in copy.rows.values():
        assert state.may_see(me, message["seq"]), where
        assert shown(message) == told(state.messages[message["id"]]), where
    assert {said.id for said in state.seen_by(me) if said.seq >= since} <= set(copy.rows), where
    standing = {person: role for person, (_, role) in copy.standing.items() if role is not None}
    assert standing == {person: place.role for person, place in state.members.items()}, where
    assert copy.count[1] == len(state.members), where


async def _history(device: Device, chat: Chat) -> None:
    """Page through a room both ways and to a message in the middle; outsiders find nothing."""
    url, state, me = f"/api/rooms/{chat.id}/messages", chat.now, device.account.id
    if me not in state.members:
        for path in (url, f"/api/rooms/{chat.id}/members"):
            status, answer = await device.get(path)
            assert (status, answer["code"]) == (404, "not_found")
        return
    wanted = [said.id for said in state.seen_by(me)]
    for way, edge in (("before", state.head + 1), ("after", 0)):
        found: list[dict[str, Any]] = []
        more = True
        while more:
            query = f"{way}={edge}"
            status, page = await device.get(f"{url}?{query}&limit={PAGE}", query=query)
            assert status == 200
            found = page["messages"] + found if way == "before" else found + page["messages"]
            more = page[f"has_{way}"]
            edge = page["messages"][0 if way == "before" else -1]["seq"] if more else 0
        assert [message["id"] for message in found] == wanted
    if wanted:
        query = f"around={wanted[len(wanted) // 2]}"
        status, _ = await device.get(f"{url}?{query}&limit={PAGE}", query=query)
        assert status == 200
    hidden = [said.id for said in state.messages.values() if said.id not in wanted]
    if hidden:
        status, _ = await device.get(f"{url}?around={hidden[0]}")
        assert status == 404
