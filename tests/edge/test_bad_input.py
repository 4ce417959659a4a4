"""Whatever a client says: the documented error, and the socket lives; or the documented close code."""

import json
from typing import Any

import psutil

from appliance.kernel.clock import HandClock
from appliance.kernel.limits import Limiter
from appliance.wire.frames import MAX_POSITIONS
from tests.client import client_id
from tests.edge.raw import BINARY, CLOSE, CONTINUATION, MASK, PING, PONG, TEXT, frame, text, wired
from tests.server import Server, room_of

ROOM = "0" * 26
HELLO: dict[str, Any] = {"text": "hi", "type": "text"}


def post(content: Any, **fields: Any) -> dict[str, Any]:
    return {"op": "post", "client_id": client_id(), "room": ROOM, "content": content, **fields}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown op": ({"op": "dance"}, "unknown_op"),
    "no op": ({"room": ROOM}, "unknown_op"),
    "op of another type": ({"op": 7}, "unknown_op"),
    "an answer as a command": ({"op": "welcome"}, "unknown_op"),
    "an event as a command": ({"op": "message"}, "unknown_op"),
    "unknown field": ({"op": "ping", "colour": 1}, "bad_request"),
    "wrong type": ({"op": "read", "room": 5, "seq": 1}, "bad_request"),
    "missing field": ({"op": "read", "room": ROOM}, "bad_request"),
    "a short room id": ({"op": "read", "room": "0", "seq": 1}, "bad_request"),
    "a seq below 0": ({"op": "read", "room": ROOM, "seq": -1}, "bad_request"),
    "a seq above 2^53": ({"op": "read", "room": ROOM, "seq": 2**53}, "bad_request"),
    "a huge seq": ({"op": "read", "room": ROOM, "seq": 10**400}, "bad_request"),
    "a short client_id": (post(HELLO, client_id="x"), "bad_request"),
    "a client_id with a space": (post(HELLO, client_id="x" * 15 + " "), "bad_request"),
    "unknown room": (post(HELLO), "not_found"),
    "unknown room to read": ({"op": "read", "room": ROOM, "seq": 0}, "not_found"),
    "unknown room to join": ({"op": "join", "room": ROOM, "client_id": client_id()}, "not_found"),
    "unknown message": (
        {"op": "edit", "message": ROOM, "content": HELLO, "client_id": client_id()},
        "not_found",
    ),
    "empty text": (post({"type": "text", "text": ""}), "text_empty"),
    "only white space": (post({"type": "text", "text": " \n\t\u2003"}), "text_empty"),
    "text over the limit": (post({"type": "text", "text": "x" * 8193}), "text_too_long"),
    "text over the limit in bytes": (post({"type": "text", "text": "ä" * 4097}), "text_too_long"),
    "content of no kind": (post({"text": "hi"}), "content_unknown"),
    "content of an unknown kind": (post({"type": "poll", "text": "hi"}), "content_unknown"),
    "content with more in it": (post({"type": "text", "text": "hi", "html": "<b>"}), "content_unknown"),
    "content that is a number": (post(7), "content_unknown"),
    "content that is null": (post(None), "content_unknown"),
    "text that is a number": (post({"type": "text", "text": 7}), "content_unknown"),
    "hello twice": ({"op": "hello", "positions": {}}, "bad_request"),
    "too many measurements": ({"op": "report", "delivery_ms": [1] * 101}, "bad_request"),
    "a measurement below 0": ({"op": "report", "delivery_ms": [-1]}, "bad_request"),
}


async def test_each_gets_its_error_and_the_socket_lives(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        for name, (command, code) in REFUSED.items():
            await wire.send(text(id=name[:40], **command))
            answer = await wire.answer(name[:40])
            assert answer["op"] == "error", name
            assert answer["code"] == code, name
        await wire.send(text(op="ping", id="alive"))
        assert (await wire.answer("alive"))["op"] == "pong"


RAW_REFUSED = {
    "an array": (b"[]", "bad_request"),
    "a string": (b'"ping"', "bad_request"),
    "null": (b"null", "bad_request"),
    "op twice": (b'{"op":"ping","op":"post","id":"twice"}', "unknown_op"),
    "a number as id": (b'{"op":"ping","id":1}', "bad_request"),
    "a long id": (b'{"op":"ping","id":"' + b"x" * 41 + b'"}', "bad_request"),
    "a huge id": (b'{"op":"ping","id":"' + b"x" * 60_000 + b'"}', "bad_request"),
    "true as seq": (b'{"op":"read","room":"' + ROOM.encode() + b'","seq":true}', "bad_request"),
    "deep arrays": (b"[" * 60_000, "bad_request"),
    "an unknown op, huge": (b'{"op":"' + b"x" * 60_000 + b'"}', "unknown_op"),
    "an unknown field, huge": (b'{"op":"ping","' + b"x" * 60_000 + b'":1}', "bad_request"),
}


async def test_raw_json_of_the_wrong_shape_is_refused_and_the_socket_lives(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        for name, (payload, code) in RAW_REFUSED.items():
            await wire.send(frame(TEXT, payload))
            answer = await wire.answer()
            assert (answer["op"], answer["code"]) == ("error", code), name
            assert len(answer["id"]) <= 40, name
        await wire.send(text(op="ping", id="alive"))
        assert (await wire.answer("alive"))["op"] == "pong"


CLOSED = {
    "not JSON": (frame(TEXT, b"hello"), 4400),
    "nothing": (frame(TEXT, b""), 4400),
    "cut off": (frame(TEXT, b'{"op":"ping"'), 4400),
    "two frames in one": (frame(TEXT, b'{"op":"ping"}{"op":"ping"}'), 4400),
    "a byte order mark": (frame(TEXT, b'\xef\xbb\xbf{"op":"ping"}'), 4400),
    "deep nesting in content": (frame(TEXT, b'{"op":"post","content":' + b"[" * 60_000), 4400),
    "a lone surrogate": (frame(TEXT, b'{"op":"ping","id":"\\ud800"}'), 4400),
    "a lone surrogate in content": (
        frame(TEXT, json.dumps(post({"type": "text", "text": "\ud800"})).encode()),
        4400,
    ),
    "not UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "not UTF-8 in the id": (frame(TEXT, b'{"op":"ping","id":"\xff"}'), 1007),
    "not UTF-8 in the content": (
        frame(
            TEXT,
            json.dumps(post({"type": "text", "text": "X"})).encode().replace(b'"X"', b'"\xc3\x28"'),
        ),
        1007,
    ),
    "a surrogate as UTF-8": (frame(TEXT, b'{"op":"ping","id":"\xed\xa0\x80"}'), 1007),
    "a binary frame": (frame(BINARY, b'{"op":"ping"}'), 1003),
    "not masked": (frame(TEXT, b'{"op":"ping"}', masked=False), 1002),
    "a reserved bit": (frame(TEXT, b'{"op":"ping"}', reserved=4), 1002),
    "an unknown opcode": (frame(3, b""), 1002),
    "a long ping": (frame(PING, b"p" * 126), 1002),
    "a continuation of nothing": (frame(CONTINUATION, b"x"), 1002),
    "a message inside a message": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "a close code that nobody may send": (frame(CLOSE, b"\x03\xee"), 1002),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close reason that is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "a frame over the limit": (frame(TEXT, b"x" * 65_537), 1009),
    "fragments over the limit": (
        frame(TEXT, b"x" * 40_000, fin=False) + frame(CONTINUATION, b"x" * 40_000),
        1009,
    ),
}


async def test_each_closes_the_socket_with_its_documented_code(server: Server) -> None:
    ada = await server.account("ada")
    for name, (sent, code) in CLOSED.items():
        async with wired(server, ada) as wire:
            await wire.send(sent)
            assert await wire.closed() == code, name
            await wire.send(frame(CLOSE, b"\x03\xe8"))
            assert await wire.ended() == b"", name


async def test_ten_megabytes_are_refused_from_the_header_alone(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        before = psutil.Process().memory_info().rss
        await wire.send(b"\x81\xff" + (10 * 2**20).to_bytes(8, "big") + MASK)
        assert await wire.closed() == 1009
        # The client that was already writing reads the reason, whatever its masked bytes look like.
        for _ in range(160):
            await wire.send(b"\x88" * 65_536)
        await wire.send(frame(CLOSE, b"\x03\xf1"))
        assert await wire.ended() == b""
        assert psutil.Process().memory_info().rss - before < 4 * 2**20


async def test_a_size_of_2_to_the_63_is_too_big_and_no_more(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        await wire.send(b"\x81\xff" + (2**63 - 1).to_bytes(8, "big") + MASK)
        assert await wire.closed() == 1009


async def test_fragments_with_control_frames_between_them_are_one_command(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        command = json.dumps({"op": "ping", "id": "frag"}).encode()
        await wire.send(
            frame(TEXT, command[:5], fin=False),
            frame(PING, b"between"),
            frame(CONTINUATION, b"", fin=False),
            frame(PONG, b"nobody asked"),
            frame(CONTINUATION, command[5:]),
        )
        assert await wire.frame() == (PONG, b"between")
        assert (await wire.answer("frag"))["op"] == "pong"


async def test_a_message_keeps_any_text_byte_for_byte(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        odd = "\x00\u2028\u202e\ufeff\U0010ffff</script>\\ \"'😀" + "z̷̡" * 20
        await a.post(room, odd)
        event = await a.until(lambda frame: frame["op"] == "message")
        assert event["message"]["content"]["text"] == odd


async def test_the_longest_text_fits_even_when_json_spells_it_at_its_longest(server: Server) -> None:
    ada = await server.account("ada")
    async with wired(server, ada) as wire, server.connect(ada) as a:
        room = await room_of(a)
        spelled = b'{"type":"text","text":"' + b"\\u0001" * 8192 + b'"}'
        command = json.dumps({**post(0, room=room), "id": "long", "content": "C"}).encode()
        await wire.send(frame(TEXT, command.replace(b'"C"', spelled)))
        assert (await wire.answer("long"))["op"] == "ack"


async def test_content_with_a_key_twice_is_judged_by_the_one_that_counts(server: Server) -> None:
    ada = await server.account("ada")
    async with wired(server, ada) as wire, server.connect(ada) as a:
        room = await room_of(a)
        command = json.dumps({**post(0, room=room), "id": "twice", "content": "C"}).encode()
        await wire.send(frame(TEXT, command.replace(b'"C"', b'{"type":"text","text":"x","text":" "}')))
        assert (await wire.answer("twice"))["code"] == "text_empty"


async def test_within_the_burst_every_frame_is_answered(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        await wire.send(*(text(op="ping", id=str(n)) for n in range(150)))
        assert [(await wire.answer())["id"] for _ in range(150)] == [str(n) for n in range(150)]


async def test_a_thousand_frames_at_once_are_a_flood_and_no_acknowledged_message_is_lost(
    server: Server,
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        ids = [client_id() for _ in range(1000)]
        commands = [
            {"op": "post", "id": i, "client_id": i, "room": room, "content": {"type": "text", "text": i}}
            for i in ids
        ]
        acked = await _flood(server, ada, commands)
        answers = [await a.ask("ping")]
        # Sent again, as a client's outbox does: each is there once, those with an ack keep it.
        async with server.connect(ada) as again:
            for command in commands[:200]:
                answers.append(await again.ask(**command))
                assert answers[-1]["op"] == "ack"
                kept = acked.get(str(command["client_id"]))
                assert kept is None or kept["subject"] == answers[-1]["subject"]
        said = [event["message"]["client_id"] for event in a.events("message")]
        assert len(said) == len(set(said))
        assert set(acked) <= set(said)


async def _flood(server: Server, account: Any, commands: list[dict[str, Any]]) -> dict[str, Any]:
    acked: dict[str, Any] = {}
    async with wired(server, account) as wire:
        await wire.send(*(text(**command) for command in commands))
        while True:
            opcode, payload = await wire.frame()
            if opcode == CLOSE:
                assert int.from_bytes(payload[:2], "big") == 4429
                return acked
            answer = json.loads(payload) if opcode == TEXT else {}
            if answer.get("op") == "ack":
                acked[answer["id"]] = answer


async def test_a_flood_of_pings_counts_as_well(server: Server) -> None:
    async with wired(server, await server.account("ada")) as wire:
        await wire.send(frame(PING, b"p" * 125) * 1000)
        assert await wire.closed() == 4429


async def test_rate_limited_says_when_it_works_again_and_that_is_true(
    timed: Server, clock: HandClock
) -> None:
    timed.house.limits["messages_per_minute"] = Limiter(clock, 60, 60, 20)
    ada = await timed.account("ada")
    async with timed.connect(ada) as a:
        room = await room_of(a)
        answers = [await a.post(room, str(n)) for n in range(21)]
        assert [answer["op"] for answer in answers] == ["ack"] * 20 + ["error"]
        assert (answers[-1]["code"], answers[-1]["limit"]) == ("rate_limited", "messages_per_minute")
        wait = answers[-1]["retry_after_ms"]
        assert 0 < wait <= 1000
        clock.advance((wait - 2) / 1000)
        assert (await a.post(room, "too early"))["code"] == "rate_limited"
        clock.advance(0.002)
        assert (await a.post(room, "in time"))["op"] == "ack"


async def test_an_error_before_hello_is_told_at_once_and_hello_still_works(server: Server) -> None:
    async with wired(server, await server.account("ada"), hello=False) as wire:
        await wire.send(text(op="ping", id="early"))
        assert (await wire.answer("early"))["code"] == "bad_request"
        await wire.send(text(op="hello", id="bad", positions={"x": 1}))
        assert (await wire.answer("bad"))["code"] == "bad_request"
        assert (await wire.hello())["op"] == "welcome"


async def test_commands_right_behind_hello_do_not_overtake_the_welcome(server: Server) -> None:
    async with wired(server, await server.account("ada"), hello=False) as wire:
        await wire.send(text(op="hello", id="1", positions={}), text(op="ping", id="2"))
        assert (await wire.answer())["op"] == "welcome"
        assert (await wire.answer())["id"] == "2"


async def test_a_seq_from_the_future_is_refused_and_a_position_from_the_future_resets(
    server: Server,
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        ahead = await a.ask("read", room=room, seq=99)
        assert (ahead["code"], ahead["field"]) == ("seq_ahead", "seq")
        replayed = await a.ask("replay", positions={room: 99, ada.id: 99})
        assert [log["reset"] for log in replayed["logs"]] == [True, True]
        mine = next(log for log in replayed["logs"] if log["log"] == ada.id)
        assert {event["op"] for event in mine["events"]} >= {"me", "joined"}


async def test_positions_of_logs_that_are_not_mine_are_gone_whatever_they_are(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(bela) as b, server.connect(ada, hello=False) as a:
        foreign = await room_of(b, kind="private")
        made_up = {f"{n:026d}": n for n in range(MAX_POSITIONS - 2)}
        welcome = await a.hello(made_up | {bela.id: 1, foreign: 1})
        logs = {log["log"]: log for log in welcome["logs"]}
        assert len(logs) == MAX_POSITIONS + 1
        shapes = {json.dumps({**log, "log": "", "after": 0}) for name, log in logs.items() if name != ada.id}
        assert shapes == {'{"log": "", "after": 0, "to": 0, "gone": true}'}


async def test_a_goodbye_is_returned(server: Server) -> None:
    ada = await server.account("ada")
    for payload, code in ((b"", 1000), (b"\x03\xe9bye", 1001), (b"\x0f\xa0", 4000)):
        async with wired(server, ada) as wire:
            await wire.send(frame(CLOSE, payload))
            assert await wire.closed() == code
            assert await wire.ended() == b""
