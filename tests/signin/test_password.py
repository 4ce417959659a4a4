"""Signing in: who gets in, how often one may try, and what is kept of it."""

import asyncio
from dataclasses import replace
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from appliance.features.auth.actions import NewAccount, add_account, password_of
from appliance.features.auth.passwords import MAX_WAITING, Passwords
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from appliance.kernel.session import CommunityRole
from tests.cast import ADA, BELA, Player
from tests.edge.browser import browser
from tests.server import ROOMY, Server, serving
from tests.signin.people import mark

Json = dict[str, Any]


def as_of(player: Player, **more: Any) -> Json:
    return {"name": player.name, "password": player.password, **more}


async def register(server: Server, player: Player) -> Json:
    """An account made as people make it, with a real hash."""
    async with browser(server) as b:
        answer = await b.post("/api/register", json=as_of(player, display=player.display, bearer=True))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
def open_house(tmp_path: Path) -> Any:
    """A server where anybody may register once somebody is there."""
    return serving(tmp_path / "data", sign_up="open")


async def first(server: Server) -> None:
    await server.account("somebody")


async def test_with_the_right_password_one_is_in_with_a_new_device_each_time(open_house: Any) -> None:
    async with open_house as server, browser(server) as b:
        await first(server)
        await register(server, ADA)
        for name in ("ada", " Ada ", "ADA"):
            answer = await b.post(
                "/api/sign-in",
                json=as_of(ADA, device_name="my \x00 phone", device_kind="phone") | {"name": name},
            )
            assert answer.status_code == 200
            assert answer.json()["me"]["display"] == ADA.display
            assert "token" not in answer.json(), "the cookie has it, no script may read it"
        me = (await b.get("/api/community")).json()
        assert me["me"]["name"] == "ada"
        devices = (await b.get("/api/devices")).json()["devices"]
        assert len(devices) == 4
        assert [device.get("current", False) for device in devices].count(True) == 1
        assert {device["name"] for device in devices} == {"my phone", "Unknown device"}
        assert {device["kind"] for device in devices} == {"phone", "other"}


async def test_an_unknown_name_and_a_wrong_password_get_the_same_answer_for_the_same_work(
    open_house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house as server, browser(server) as b:
        await first(server)
        await register(server, ADA)
        verified: list[str] = []
        verify = PasswordHasher.verify

        def count(hasher: PasswordHasher, stored: str, password: str) -> bool:
            verified.append(stored)
            return verify(hasher, stored, password)

        monkeypatch.setattr(PasswordHasher, "verify", count)
        wrong = await b.post("/api/sign-in", json=as_of(ADA) | {"password": "wrong password"})
        unknown = await b.post("/api/sign-in", json=as_of(BELA))
        odd = await b.post("/api/sign-in", json={"name": "no such name!", "password": ""})
        assert wrong.status_code == unknown.status_code == odd.status_code == 401
        assert wrong.content == unknown.content == odd.content
        assert wrong.json()["code"] == "wrong_credentials"
        assert {k for k in wrong.headers if k != "date"} == {k for k in unknown.headers if k != "date"}
        # One hash each, with the same parameters.
        assert len(verified) == 3
        assert len({stored.rsplit("$", 2)[0] for stored in verified}) == 1
        assert {len(stored) for stored in verified} == {len(verified[0])}


async def test_no_password_is_right_for_guests_people_without_one_and_people_who_are_gone(
    open_house: Any,
) -> None:
    async with open_house as server, browser(server) as b:
        people: list[tuple[str, CommunityRole, str, int]] = [
            ("guest", "guest", ADA.password, 0),
            ("gone", "member", ADA.password, 1),
            ("keyed", "member", "", 0),
        ]
        for name, role, password, gone in people:
            hashed = await server.house.of_feature["passwords"].hash(password) if password else ""
            new = NewAccount(name, name, hashed)
            me = await server.house.db.write(partial(add_account, account=new, role=role))
            await mark(server, me.id, "deleted_at", gone)
            for tried in (ADA.password, ""):
                answer = await b.post("/api/sign-in", json={"name": name, "password": tried})
                assert answer.json()["code"] == "wrong_credentials", name


async def test_only_with_the_right_password_one_hears_of_a_suspension(open_house: Any) -> None:
    async with open_house as server, browser(server) as b:
        await first(server)
        account = (await register(server, ADA))["me"]["id"]
        await mark(server, account, "suspended_until", server.house.clock.now_ms() + 3_600_000)
        wrong = await b.post("/api/sign-in", json=as_of(ADA) | {"password": "wrong"})
        assert wrong.json()["code"] == "wrong_credentials"
        told = (await b.post("/api/sign-in", json=as_of(ADA))).json()
        assert told["code"] == "suspended"
        assert 3_590_000 < told["retry_after_ms"] <= 3_600_000
        await mark(server, account, "suspended_why", "Spam")
        told = (await b.post("/api/sign-in", json=as_of(ADA))).json()
        assert told["text"] == "This account is suspended: Spam."
        await mark(server, account, "suspended_until", 2**52)
        assert "retry_after_ms" not in (await b.post("/api/sign-in", json=as_of(ADA))).json()
        await mark(server, account, "suspended_until", 0)
        assert (await b.post("/api/sign-in", json=as_of(ADA))).status_code == 200


async def test_the_decoy_is_a_hash_that_no_password_fits() -> None:
    passwords = Passwords(19, 1)
    try:
        for password in ("", "nobody's password", passwords._decoy):
            assert not await passwords.matches(None, password)
        assert not passwords.outdated(passwords._decoy)
        real = await passwords.hash("right")
        assert await passwords.matches(real, "right")
        assert not await passwords.matches(real, "Right")
        assert not await passwords.matches("not a hash", "right")
    finally:
        passwords.close()


async def test_a_crowd_that_signs_in_is_told_to_wait_instead_of_queueing_for_minutes() -> None:
    passwords = Passwords(19, 1)
    try:
        passwords._waiting = MAX_WAITING
        with pytest.raises(Refusal) as refused:
            await passwords.matches(None, "x")
        assert refused.value.retry_after_ms > 0
    finally:
        passwords.close()


async def test_a_stranger_who_guesses_keeps_nobody_out_but_themselves(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, sign_in_tries=3)
    proxies: Json = {"trusted_proxies": _networks("127.0.0.1")}
    async with serving(tmp_path / "data", clock=clock, limits=limits, sign_up="open", **proxies) as server:
        await first(server)
        await register(server, ADA)
        async with browser(server) as b:
            attempt = partial(try_from, b)
            for _ in range(5):
                assert (await attempt("ada", ADA.password, "198.51.100.1")).status_code == 200
            for _ in range(3):
                assert (await attempt("Ada", "wrong", "203.0.113.5")).status_code == 401
                clock.advance(10)
            refused = await attempt("ada", ADA.password, "203.0.113.5")
            assert (refused.status_code, refused.json()["limit"]) == (429, "sign_in_tries")
            wait = refused.json()["retry_after_ms"]
            assert wait == (300 - 30) * 1000
            assert refused.headers["retry-after"] == str(wait // 1000)
            # From her own address she is not held back, nor is anybody else there.
            assert (await attempt("ada", ADA.password, "198.51.100.1")).status_code == 200
            assert (await attempt("bela", "x", "203.0.113.5")).status_code == 401
            clock.advance(wait / 1000 - 1)
            assert (await attempt("ada", ADA.password, "203.0.113.5")).status_code == 429
            clock.advance(1)
            assert (await attempt("ada", ADA.password, "203.0.113.5")).status_code == 200


async def test_one_address_tries_many_names_and_many_addresses_one_name_only_so_often(tmp_path: Path) -> None:
    limits = replace(ROOMY, sign_in_tries=2, sign_in_tries_per_address=4, sign_in_tries_per_account=6)
    proxies: Json = {"trusted_proxies": _networks("127.0.0.1")}
    house = serving(tmp_path / "data", clock=HandClock(), limits=limits, **proxies)
    async with house as server, browser(server) as b:
        attempt = partial(try_from, b)
        for number in range(4):
            assert (await attempt(f"name{number}", "x", "203.0.113.5")).status_code == 401
        held = await attempt("name9", "x", "203.0.113.5")
        assert (held.status_code, held.json()["limit"]) == (429, "sign_in_tries_per_address")
        for number in range(6):
            assert (await attempt("ada", "x", f"198.51.100.{number}")).status_code == 401
        held = await attempt("ada", "x", "198.51.100.9")
        assert (held.status_code, held.json()["limit"]) == (429, "sign_in_tries_per_account")
        # What was refused did not count against anything else.
        for _ in range(2):
            assert (await attempt("name9", "x", "198.51.100.9")).status_code == 401


async def try_from(b: Any, name: str, password: str, address: str) -> Any:
    """A try through a proxy; what a client itself claims about its address counts for nothing."""
    forwarded = {"X-Forwarded-For": f"9.9.9.9, {address}"}
    return await b.post("/api/sign-in", json={"name": name, "password": password}, headers=forwarded)


async def test_sign_ins_that_succeed_are_limited_too(tmp_path: Path) -> None:
    """Each is a device on the disk, and a hash that others wait for."""
    clock, limits = HandClock(), replace(ROOMY, sign_ins_per_hour=2, sign_in_tries=3)
    open_house = serving(tmp_path / "data", clock=clock, limits=limits, sign_up="open")
    async with open_house as server, browser(server) as b:
        await first(server)
        await register(server, ADA)

        async def attempt() -> Any:
            return await b.post("/api/sign-in", json=as_of(ADA))

        assert [(await attempt()).status_code for _ in range(2)] == [200, 200]
        refused = await attempt()
        assert (refused.status_code, refused.json()["limit"]) == (429, "sign_ins_per_hour")
        # Those that were refused now count as tries, so that they do not cost a hash each.
        limited = [(await attempt()).json()["limit"] for _ in range(3)]
        assert limited == ["sign_ins_per_hour", "sign_ins_per_hour", "sign_in_tries"]
        clock.advance(refused.json()["retry_after_ms"] / 1000)
        assert (await attempt()).status_code == 200


def _networks(*names: str) -> Any:
    return tuple(map(ip_network, names))


async def test_many_tries_at_the_same_moment_count_each(tmp_path: Path) -> None:
    limits = replace(ROOMY, sign_in_tries=3)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        await first(server)
        tries = (b.post("/api/sign-in", json=as_of(ADA) | {"password": f"{n}"}) for n in range(12))
        statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
        assert sorted(statuses) == [401] * 3 + [429] * 9


async def test_hashes_are_renewed_when_parameters_rise(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await first(server)
        await register(server, ADA)
        old = await server.house.db.read(lambda db: password_of(db, "ada"))
    limits = replace(ROOMY, argon2_memory_mib=20)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        assert (await b.post("/api/sign-in", json=as_of(ADA) | {"password": "x"})).status_code == 401
        assert await server.house.db.read(lambda db: password_of(db, "ada")) == old
        assert (await b.post("/api/sign-in", json=as_of(ADA))).status_code == 200
        new = await server.house.db.read(lambda db: password_of(db, "ada"))
        assert old is not None
        assert new is not None
        assert (old[1].split("$")[3], new[1].split("$")[3]) == ("m=19456,t=3,p=1", "m=20480,t=3,p=1")
        assert (await b.post("/api/sign-in", json=as_of(ADA))).status_code == 200
        assert await server.house.db.read(lambda db: password_of(db, "ada")) == new


async def test_two_who_sign_in_while_the_hash_is_renewed_are_both_in(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await first(server)
        await register(server, ADA)
    limits = replace(ROOMY, argon2_memory_mib=20)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        answers = await asyncio.gather(*(b.post("/api/sign-in", json=as_of(ADA)) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4


async def test_tokens_and_passwords_are_nowhere_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with serving(folder, sign_up="open") as server, browser(server) as b:
        await first(server)
        bearer = (await register(server, ADA))["token"]
        await b.post("/api/sign-in", json=as_of(ADA))
        cookie = b.cookies["safevoice"]
    assert len(bearer) == len(cookie) == 43
    stored = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    for secret in (bearer, cookie, ADA.password):
        assert secret.encode() not in stored
    assert ADA.display.encode() in stored


async def test_a_session_lasts_over_a_restart_and_last_seen_is_kept(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        clock.advance(3600)
        async with server.connect(ada):
            pass
        seen = clock.now_ms()
    async with serving(tmp_path / "data", clock=clock) as server, browser(server, ada.token) as b:
        (device,) = (await b.get("/api/devices")).json()["devices"]
        assert device["last_seen"] == seen
        assert device["created_at"] == seen - 3_600_000
