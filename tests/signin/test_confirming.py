"""Changing how one signs in: only whoever just showed that it is them, and a way in always stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.signin.worker import Brief
from appliance.kernel.clock import HandClock
from appliance.kernel.ids import new_secret
from tests.server import ROOMY, Account, Server, serving
from tests.signin.people import (
    ANOTHER,
    PASSWORD,
    ask,
    done,
    is_in,
    member,
    refusal,
    refused,
    signed_in,
)

CONFIRMED = (
    ("POST", "password"),
    ("DELETE", "password"),
    ("POST", "passkeys/challenge"),
    ("POST", "passkeys"),
    ("DELETE", "passkeys/" + "0" * 26),
    ("POST", "totp"),
    ("DELETE", "totp"),
    ("POST", "recovery-codes"),
)


async def test_after_five_minutes_every_change_asks_once_more_who_is_there(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await member(server)
        clock.advance(299)
        await done(server, ada, "DELETE", "totp")
        clock.advance(2)
        for method, path in CONFIRMED:
            assert await refused(server, ada, method, path, {}) == "confirm_needed", path
        wrong = await ask(server, ada, "POST", "confirm", {"password": "wrong"})
        assert (wrong.status_code, wrong.json()["field"]) == (401, "password")
        assert await refused(server, ada, "DELETE", "totp") == "confirm_needed"
        await done(server, ada, "POST", "confirm", {"password": PASSWORD})
        await done(server, ada, "DELETE", "totp")
        other = await signed_in(server)
        clock.advance(300)
        await done(server, ada, "POST", "confirm", {"password": PASSWORD})
        assert await refused(server, other, "DELETE", "totp") == "confirm_needed", "each device for itself"


async def test_a_session_that_did_not_begin_with_a_password_has_shown_nothing_yet(server: Server) -> None:
    await member(server)
    linked = await server.device(await signed_in(server))
    for method, path in CONFIRMED:
        assert await refused(server, linked, method, path, {}) == "confirm_needed", path


async def test_no_program_with_a_token_touches_how_one_signs_in(server: Server) -> None:
    ada, token = await member(server), new_secret()
    device = NewDevice("a program", "other", token, "read write")
    await server.house.db.write(lambda tx: auth.sign_in(tx, ada.id, device))
    program = Account(ada.id, "", token)
    await done(server, program, "GET", "rooms")
    rows = (*CONFIRMED, ("POST", "confirm"), ("POST", "confirm/challenge"), ("GET", "sign-in-methods"))
    for method, path in rows:
        assert await refused(server, program, method, path, {}) == "forbidden", path


async def test_guessing_the_password_of_an_unlocked_device_is_limited(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, sign_in_tries=2)
    async with serving(tmp_path / "data", clock=clock, limits=limits) as server:
        ada = await member(server)
        for _ in range(2):
            assert await refused(server, ada, "POST", "confirm", {"password": "x"}) == "wrong_credentials"
        assert await refused(server, ada, "POST", "confirm", {"password": PASSWORD}) == "rate_limited"
        assert await refusal(server) == "", "signing in is another matter"


async def test_a_changed_password_ends_the_other_sessions_only_when_asked_to(server: Server) -> None:
    ada = await member(server)
    phone = await signed_in(server)
    async with server.connect(phone) as socket:
        short = {"password": "short"}
        assert await refused(server, ada, "POST", "password", short) == "password_short"
        await done(server, ada, "POST", "password", {"password": ANOTHER})
        await socket.until(lambda frame: frame["op"] == "credentials")
        assert await refusal(server) == "wrong_credentials"
        await signed_in(server, password=ANOTHER)
        await done(server, ada, "POST", "password", {"password": PASSWORD, "sign_out_others": True})
        assert await socket.closed() == 4401
    assert not await is_in(server, phone)
    assert await is_in(server, ada)
    assert len((await done(server, ada, "GET", "devices"))["devices"]) == 1


async def test_a_password_that_is_the_only_way_in_stays(server: Server) -> None:
    ada = await member(server)
    assert await refused(server, ada, "DELETE", "password") == "last_way_in"
    await signed_in(server)


async def test_other_devices_hear_of_it_live_and_on_replay_once(server: Server) -> None:
    ada = await member(server)
    phone = await signed_in(server)
    async with server.connect(phone) as p:
        await done(server, ada, "POST", "recovery-codes")
        first = await p.until(lambda frame: frame["op"] == "credentials")
        await done(server, ada, "POST", "recovery-codes")
        async with server.connect(phone, hello=False) as again:
            (log,) = (await again.hello({ada.id: first["seq"] - 1}))["logs"]
            assert [event["seq"] for event in log["events"] if event["op"] == "credentials"] == [log["to"]]


async def test_guests_have_nothing_to_sign_in_with(server: Server) -> None:
    guest = await server.account("guest", role="guest")
    assert await refused(server, guest, "GET", "sign-in-methods") == "forbidden"
    assert await refused(server, guest, "POST", "confirm", {"password": ""}) == "forbidden"


@pytest.mark.parametrize("most", [1, 3])
async def test_what_is_kept_for_minutes_is_bounded_and_used_once(most: int) -> None:
    clock = HandClock()
    kept: Brief[int] = Brief(clock, 10, most=most)
    for number in range(5):
        kept.keep(number, number)
    assert len(kept) == most
    assert kept.look(0) is None
    assert (kept.look(4), kept.take(4), kept.take(4)) == (4, 4, None)
    kept.keep("a", 7)
    clock.advance(10)
    assert kept.take("a") is None
    kept.keep("b", 8)
    assert len(kept) == 1, "what is over makes room"
