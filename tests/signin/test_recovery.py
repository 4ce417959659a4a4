"""A lost password, and a recovery code."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, serving
from tests.signin.people import (
    ANOTHER,
    PASSWORD,
    Json,
    ask,
    done,
    is_in,
    member,
    refusal,
    refused,
    signed_in,
    with_totp,
)


async def codes_of(server: Server, who: Account) -> list[str]:
    made: list[str] = (await done(server, who, "POST", "recovery-codes"))["codes"]
    return made


def lost(code: str, **more: Any) -> Json:
    return {"name": "ada", "code": code, "password": ANOTHER, **more}


async def test_a_code_sets_a_new_password_and_ends_every_other_session(server: Server) -> None:
    ada = await member(server)
    phone = await signed_in(server)
    codes = await codes_of(server, ada)
    async with server.connect(ada) as socket, browser(server) as b:
        answer = await b.post("/api/recover", json=lost(codes[3], name=" Ada "))
        assert answer.status_code == 200, answer.text
        assert answer.json()["me"]["name"] == "ada"
        assert await socket.closed() == 4401
        assert (await b.get("/api/devices")).status_code == 200
        devices = (await b.get("/api/devices")).json()["devices"]
        assert [device["id"] for device in devices] == [answer.json()["device"]]
    assert not await is_in(server, ada)
    assert not await is_in(server, phone)
    assert await refusal(server, password=PASSWORD) == "wrong_credentials"
    await signed_in(server, password=ANOTHER)
    assert await refused(server, None, "POST", "recover", lost(codes[3])) == "code_wrong"


async def test_wrong_code_unknown_name_and_somebody_elses_code_look_the_same(server: Server) -> None:
    ada, bela = await member(server), await member(server, "bela")
    codes = await codes_of(server, bela)
    await codes_of(server, ada)
    answers = [
        await ask(server, None, "POST", "recover", asked)
        for asked in (
            lost("aaaa-bbbb-cccc-dddd"),
            lost(codes[0]),
            lost(codes[0], name="nobody"),
            lost("", name="no such name!"),
        )
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (401, b'{"code":"code_wrong","text":"Name or recovery code is not right.","field":"code"}')
    }
    assert (
        await refused(server, None, "POST", "recover", lost(codes[0], password="short")) == "password_short"
    )
    assert (await done(server, bela, "GET", "sign-in-methods"))["recovery_left"] == 10
    await signed_in(server)


async def test_two_at_once_with_one_code_one_wins(server: Server) -> None:
    code = (await codes_of(server, await member(server)))[0]
    passwords = [f"{ANOTHER}-{number}" for number in range(4)]
    answers = await asyncio.gather(
        *(ask(server, None, "POST", "recover", lost(code, password=each)) for each in passwords)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    (won,) = [each for each, answer in zip(passwords, answers, strict=True) if answer.status_code == 200]
    await signed_in(server, password=won)


async def test_new_codes_take_the_place_of_all_earlier_ones(server: Server) -> None:
    ada = await member(server)
    old = await codes_of(server, ada)
    new = await codes_of(server, ada)
    assert not set(old) & set(new)
    assert all(len(code) == 19 for code in new)
    assert await refused(server, None, "POST", "recover", lost(old[0])) == "code_wrong"
    await done(server, None, "POST", "recover", lost(new[0]))


async def test_guessing_is_limited_as_passwords_are(tmp_path: Path) -> None:
    limits = replace(ROOMY, sign_in_tries=2)
    async with serving(tmp_path / "data", clock=HandClock(), limits=limits) as server:
        code = (await codes_of(server, await member(server)))[0]
        for _ in range(2):
            assert await refused(server, None, "POST", "recover", lost("aaaa-bbbb-cccc-dddd")) == "code_wrong"
        assert await refused(server, None, "POST", "recover", lost(code)) == "rate_limited"
        assert await refusal(server) == "rate_limited", "they count together"


async def test_it_leaves_the_second_step_on_which_the_new_session_may_switch_off(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        _, codes = await with_totp(server, await member(server))
        back = await done(server, None, "POST", "recover", lost(codes[0], bearer=True))
        assert await refusal(server, password=ANOTHER) == "second_step_needed"
        await done(server, Account("", "", back["token"]), "DELETE", "totp")
        await signed_in(server, password=ANOTHER)
