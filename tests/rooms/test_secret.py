"""Rooms that nobody finds: made, entered by a code, closed again; strangers learn nothing."""

import re
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from appliance.features.rooms.actions.secret import ALPHABET, new_code
from appliance.kernel.clock import HandClock
from appliance.kernel.transaction import Reader
from tests.client import client_id
from tests.edge.browser import browser
from tests.rooms.making import enter, make_room, make_secret
from tests.server import ROOMY, Account, Server, serving

ROUNDS = 25
NOISE = 1.3
"""Without a hash each time the ratio is 10 and more."""


async def secret(server: Server, who: Account, room: str, **changes: Any) -> tuple[int, dict[str, Any]]:
    """How others get in as `who` is told, after changing it if there are changes."""
    async with browser(server, who.token) as b:
        path = f"/api/rooms/{room}/secret"
        answer = await (b.patch(path, json=changes) if changes else b.get(path))
    return answer.status_code, answer.json()


async def refused(server: Server, who: Account, code: str, password: str = "") -> bytes:
    async with browser(server, who.token) as b:
        answer = await b.post("/api/secret-rooms/enter", json={"code": code, "password": password})
    assert answer.status_code == 404
    return answer.content


def test_codes_have_eight_characters_of_which_none_looks_like_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 27
    for alike in ("0OQD", "1IL", "8B", "2Z", "5S", "UV"):
        assert sum(letter in ALPHABET for letter in alike if letter not in "QD") <= 1
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(f"[{ALPHABET}]{{8}}", code) for code in codes)


async def test_a_secret_room_is_found_by_its_code_and_by_nothing_else(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    made = await make_secret(server, ada, name="  The   cellar ")
    assert made["url"] == f"{server.url}/secret#{made['code']}"
    assert made["locked"] is False
    async with server.connect(bela) as b:
        assert (await b.do("join", room=made["room"]))["code"] == "not_found"
        async with browser(server, bela.token) as web:
            assert (await web.get("/api/rooms")).json()["rooms"] == []
        assert await enter(server, bela, made["code"]) == 200
        joined = await b.until(lambda frame: frame["op"] == "joined")
        assert (joined["room"]["kind"], joined["room"]["name"]) == ("secret", "The cellar")
        assert made["code"] not in str(joined)
        assert await enter(server, bela, made["code"]) == 200
        assert (await secret(server, bela, made["room"]))[0] == 403
    assert await secret(server, ada, made["room"]) == (200, made)


@pytest.mark.parametrize("twist", [str.lower, lambda code: f" {code[:4]} - {code[4:]} ", "".join])
async def test_a_code_may_be_typed_as_one_reads_it(server: Server, twist: Any) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    made = await make_secret(server, ada)
    assert await enter(server, bela, twist(made["code"])) == 200


async def test_letters_that_are_no_part_of_codes_stand_for_those_that_they_look_like(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    made = await make_secret(server, ada)
    typed = made["code"].translate(str.maketrans("25BV", "ZS8U"))
    assert await enter(server, bela, typed) == 200


async def test_asking_again_with_the_same_client_id_finds_the_same_room(server: Server) -> None:
    ada = await server.account("ada")
    fields = {"client_id": client_id(), "password": "open sesame"}
    first = await make_secret(server, ada, **fields)
    assert await make_secret(server, ada, **fields) == first
    async with browser(server, ada.token) as b:
        twisted = {**fields, "name": "Another"}
        assert (await b.post("/api/secret-rooms", json=twisted)).json()["code"] == "conflict"

    def look(db: Reader) -> Any:
        return db.row("SELECT (SELECT count(*) FROM rooms), password FROM secrets")

    count, stored = await server.house.db.read(look)
    assert count == 1
    assert stored.startswith("$argon2id$")


async def test_whatever_is_wrong_with_a_try_the_answer_is_the_same_to_the_byte(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, secret_tries=100)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        locked = await make_secret(server, ada, password="open sesame")
        full = await make_secret(server, ada, member_limit=1)
        short = await make_secret(server, ada, expires_in_s=60)
        barred, old, gone = [await make_secret(server, ada) for _ in range(3)]
        async with server.connect(ada) as a:
            await a.do("ban", room=barred["room"], person=bela.id)
            await a.do("archive_room", room=old["room"], archived=True)
            await a.do("delete_room", room=gone["room"])
        clock.advance(61)
        answers = {
            await refused(server, bela, "AAAA-AAAA"),
            await refused(server, bela, "0" * 26),
            await refused(server, bela, locked["code"], "close sesame"),
            await refused(server, bela, locked["code"]),
        }
        answers |= {await refused(server, bela, each["code"]) for each in (full, short, barred, old, gone)}
        assert len(answers) == 1
        assert await enter(server, bela, locked["code"], "open sesame") == 200
        assert await enter(server, chidi, barred["code"]) == 200


@pytest.mark.serial
async def test_whatever_is_wrong_with_a_try_the_answer_takes_the_same_time(tmp_path: Path) -> None:
    """Time is that of this process's threads, whatever else the machine has to do."""
    limits = replace(ROOMY, secret_tries=1000)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        locked = await make_secret(server, ada, password="open sesame")
        full = await make_secret(server, ada, member_limit=1)
        banned = await make_secret(server, ada)
        async with server.connect(ada) as a:
            await a.do("ban", room=banned["room"], person=bela.id)
        codes = ["AAAAAAAA", locked["code"], full["code"], banned["code"]]
        took: dict[str, list[float]] = {code: [] for code in codes}
        async with browser(server, bela.token) as b:
            for number in range(ROUNDS):
                # Each goes first as often as the others, so that nobody always follows the same one.
                start = number % len(codes)
                for code in codes[start:] + codes[:start]:
                    began = time.process_time()
                    answer = await b.post("/api/secret-rooms/enter", json={"code": code, "password": "wrong"})
                    took[code].append(time.process_time() - began)
                    assert answer.status_code == 404
        medians = {code: median(each) for code, each in took.items()}
        assert max(medians.values()) < NOISE * min(medians.values()), medians


async def test_guessing_is_limited_for_the_account_and_for_the_address(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, secret_tries=3)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
        made = await make_secret(server, ada)
        for _ in range(5):
            # Who knows the code does not guess.
            assert await enter(server, chidi, made["code"]) == 200
        assert [await enter(server, bela, "AAAAAAAA") for _ in range(4)] == [404, 404, 404, 429]
        # Also who comes with another account from where so many tries came from.
        assert await enter(server, chidi, made["code"]) == 429
        async with browser(server, bela.token) as b:
            answer = (await b.post("/api/secret-rooms/enter", json={"code": made["code"]})).json()
        assert (answer["code"], answer["limit"]) == ("rate_limited", "secret_tries")
        clock.advance(answer["retry_after_ms"] / 1000)
        assert await enter(server, bela, made["code"]) == 200


async def test_another_code_and_another_password_shut_out_who_has_only_the_old_ones(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    made = await make_secret(server, ada)
    async with server.connect(ada) as a:
        status, changed = await secret(server, ada, made["room"], new_code=True, password="open sesame")
        assert (status, changed["locked"]) == (200, True)
        assert changed["code"] != made["code"]
        told = await a.until(lambda frame: frame["op"] == "room")
        assert told["room"]["locked"] is True
        assert await enter(server, bela, made["code"]) == 404
        assert await enter(server, bela, changed["code"]) == 404
        assert await enter(server, bela, changed["code"], "open sesame") == 200
        await a.do("set_role", room=made["room"], person=bela.id, role="moderator")
        assert await secret(server, bela, made["room"]) == (200, changed)
        assert (await secret(server, bela, made["room"], new_code=True))[0] == 403
        assert (await secret(server, chidi, made["room"], new_code=True))[0] == 404
        assert (await secret(server, ada, made["room"], password=""))[1]["locked"] is False
        assert await enter(server, chidi, changed["code"]) == 200


async def test_no_other_room_has_a_code(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await make_room(a, kind="private")
        assert (await secret(server, ada, room))[0] == 403
        assert (await a.do("change_room", room=room, kind="public"))["op"] == "ack"
        made = await make_secret(server, ada)
        assert (await a.do("change_room", room=made["room"], kind="public"))["code"] == "bad_request"
