"""Passkeys: made, used, renamed, removed; and everything that is not one."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.features.signin.model import MOST_PASSKEYS
from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, serving
from tests.signin.authenticator import BITWARDEN, Authenticator, Key
from tests.signin.people import (
    PASSWORD,
    Json,
    ask,
    done,
    mark,
    member,
    refusal,
    refused,
    signed_in,
    with_totp,
)


async def add(server: Server, who: Account, keeper: Authenticator, name: str = "") -> Json:
    """Make a passkey for somebody who has just signed in."""
    answer = keeper.make(await done(server, who, "POST", "passkeys/challenge"))
    made: Json = await done(server, who, "POST", "passkeys", {"passkey": answer, "name": name})
    return made


async def enter(server: Server, keeper: Authenticator, key: Key | None = None) -> Any:
    """A try to sign in with a passkey."""
    answer = keeper.use(await done(server, None, "POST", "sign-in/challenge"), key)
    return await ask(server, None, "POST", "sign-in/passkey", {"passkey": answer, "bearer": True})


async def test_the_passkey_says_whose_it_is_and_no_second_step_follows(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        ada, bela = await member(server), await member(server, "bela")
        await with_totp(server, ada)
        keeper = Authenticator(server, keeper=BITWARDEN)
        made = await add(server, ada, keeper)
        assert (made["name"], made["synced"], made.get("used_at", 0)) == ("Bitwarden", True, 0)
        await add(server, bela, keeper, "  My\u0000 phone ")
        answer = Authenticator(server).make(await done(server, ada, "POST", "passkeys/challenge"))
        made = await done(
            server, ada, "POST", "passkeys", {"passkey": answer, "device_name": "Chrome on Mars"}
        )
        assert made["name"] == "Chrome on Mars"
        for key, name in ((keeper.keys[0], "ada"), (keeper.keys[1], "bela")):
            answer = await enter(server, keeper, key)
            assert answer.status_code == 200, answer.text
            assert answer.json()["me"]["name"] == name
        (passkey,) = (await done(server, bela, "GET", "sign-in-methods"))["passkeys"]
        assert (passkey["name"], passkey["used_at"]) == ("My phone", server.house.clock.now_ms())


async def test_the_options_ask_for_a_passkey_that_is_found_without_a_name_and_knows_its_owner(
    server: Server,
) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    create = json.loads((await done(server, ada, "POST", "passkeys/challenge"))["options"])
    assert create["rp"] == {"id": "127.0.0.1", "name": "SafeVoice"}
    assert (create["user"]["name"], create["user"]["displayName"]) == ("ada", "Ada")
    assert create["authenticatorSelection"]["residentKey"] == "required"
    assert create["authenticatorSelection"]["userVerification"] == "required"
    assert create["attestation"] == "none"
    assert len(create["excludeCredentials"]) == 1
    get = json.loads((await done(server, None, "POST", "sign-in/challenge"))["options"])
    assert (get["rpId"], get["allowCredentials"], get["userVerification"]) == ("127.0.0.1", [], "required")
    confirm = json.loads((await done(server, ada, "POST", "confirm/challenge"))["options"])
    assert confirm["allowCredentials"] == create["excludeCredentials"]


LIES: list[Json] = [
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1.evil.example"},
    {"type": "webauthn.create"},
    {"challenge": "AAAA"},
    {"rp": "evil.example"},
    {"flags": 0x01},  # nobody verified that it is its owner
    {"flags": 0x04},  # nobody was there
    {"handle": b"0" * 26},
    {"handle": b""},
]


@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_an_answer_that_is_not_about_this_site_this_moment_and_this_person_is_refused(
    server: Server, lie: Json
) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    keeper.lies = lie
    answer = await enter(server, keeper)
    assert (answer.status_code, answer.json()["code"]) == (401, "passkey_refused")
    if "handle" not in lie:
        wrong = lie if lie != {"type": "webauthn.create"} else {"type": "webauthn.get"}
        keeper.lies = wrong
        made = keeper.make(await done(server, ada, "POST", "passkeys/challenge"))
        assert await refused(server, ada, "POST", "passkeys", {"passkey": made}) == "passkey_refused"
    keeper.lies = {}
    assert (await enter(server, keeper, keeper.keys[0])).status_code == 200


async def test_a_challenge_is_good_once_for_five_minutes_and_for_one_thing(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, keeper = await member(server), Authenticator(server)
        await add(server, ada, keeper)
        challenge = await done(server, None, "POST", "sign-in/challenge")
        used = {"passkey": keeper.use(challenge)}
        await done(server, None, "POST", "sign-in/passkey", used)
        assert await refused(server, None, "POST", "sign-in/passkey", used) == "challenge_over"
        late = {"passkey": keeper.use(await done(server, None, "POST", "sign-in/challenge"))}
        clock.advance(300)
        assert await refused(server, None, "POST", "sign-in/passkey", late) == "challenge_over"
        for_confirming = {"passkey": keeper.use(await done(server, ada, "POST", "confirm/challenge"))}
        assert await refused(server, None, "POST", "sign-in/passkey", for_confirming) == "challenge_over"
        for_entering = {"passkey": keeper.use(await done(server, None, "POST", "sign-in/challenge"))}
        assert await refused(server, ada, "POST", "confirm", for_entering) == "challenge_over"
        unknown = {"passkey": {"state": "x", "credential": "{}"}}
        assert await refused(server, None, "POST", "sign-in/passkey", unknown) == "challenge_over"


async def test_a_counter_that_falls_behind_shows_a_copy_and_is_refused(server: Server) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    (key,) = keeper.keys
    for _ in range(3):
        assert (await enter(server, keeper)).status_code == 200
    for count in (0, 2):
        key.count = count
        assert (await enter(server, keeper)).json()["code"] == "passkey_refused", count
    key.count = 3
    assert (await enter(server, keeper)).status_code == 200
    # Those that sync do not count at all.
    quiet = Authenticator(server, counts=False)
    await add(server, ada, quiet)
    for _ in range(2):
        assert (await enter(server, quiet)).status_code == 200


async def test_two_answers_with_the_same_count_at_once_one_wins(server: Server) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    challenges = [await done(server, None, "POST", "sign-in/challenge") for _ in range(4)]
    answers = []
    for challenge in challenges:
        keeper.keys[0].count = 4
        answers.append({"passkey": keeper.use(challenge)})
    got = await asyncio.gather(*(ask(server, None, "POST", "sign-in/passkey", each) for each in answers))
    assert sorted(answer.status_code for answer in got) == [200, 401, 401, 401]


async def test_what_is_no_answer_at_all_is_refused_and_breaks_nothing(server: Server) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    good = keeper.use(await done(server, None, "POST", "sign-in/challenge"))["credential"]
    broken = json.loads(good)
    broken["response"]["authenticatorData"] = broken["response"]["authenticatorData"][:20]
    odd = json.loads(good)
    odd["response"]["signature"] = "AAAA"
    deep = "[" * 8000
    for text in (
        "",
        "{}",
        "null",
        "[]",
        '{"rawId": 7}',
        deep,
        json.dumps(broken),
        json.dumps(odd),
        good[:-9],
    ):
        for purpose, path, who in (
            ("sign-in/challenge", "sign-in/passkey", None),
            ("confirm/challenge", "confirm", ada),
            ("passkeys/challenge", "passkeys", ada),
        ):
            state = (await done(server, who, "POST", purpose))["state"]
            asked = {"passkey": {"state": state, "credential": text}}
            assert await refused(server, who, "POST", path, asked) == "passkey_refused", (path, text[:40])
    assert not server.house.metrics.errors.values.get("internal", 0)


async def test_a_passkey_of_one_is_not_taken_for_another(server: Server) -> None:
    ada, bela = await member(server), await member(server, "bela")
    keeper = Authenticator(server)
    await add(server, ada, keeper)
    answer = keeper.use(await done(server, bela, "POST", "confirm/challenge"))
    assert await refused(server, bela, "POST", "confirm", {"passkey": answer}) == "passkey_refused"
    # Nor can the same credential belong to two.
    challenge = await done(server, bela, "POST", "passkeys/challenge")
    twin = Authenticator(server)
    made = twin.make(challenge)
    assert (await ask(server, bela, "POST", "passkeys", {"passkey": made})).status_code == 201
    again = await done(server, ada, "POST", "passkeys/challenge")
    stolen = {"state": again["state"], "credential": made["credential"]}
    assert await refused(server, ada, "POST", "passkeys", {"passkey": stolen}) == "passkey_refused"


async def test_a_passkey_confirms_that_it_is_them(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, keeper = await member(server), Authenticator(server)
        await add(server, ada, keeper)
        other = await signed_in(server)
        clock.advance(301)
        challenge = await done(server, ada, "POST", "confirm/challenge")
        elsewhere = {"passkey": keeper.use(challenge)}
        assert await refused(server, other, "POST", "confirm", elsewhere) == "challenge_over"
        answer = {"passkey": keeper.use(await done(server, ada, "POST", "confirm/challenge"))}
        await done(server, ada, "POST", "confirm", answer)
        await done(server, ada, "POST", "recovery-codes")


async def test_renamed_and_removed_by_their_owner_only_and_never_the_last_way_in(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada, bela, keeper = await member(server), await member(server, "bela"), Authenticator(server)
        first, second = await add(server, ada, keeper, "One"), await add(server, ada, keeper, "Two")
        for who, path in ((bela, first["id"]), (ada, "0" * 26), (ada, "x")):
            for method in ("PATCH", "DELETE"):
                assert await refused(server, who, method, f"passkeys/{path}", {"name": "Mine"}) == "not_found"
        await done(server, ada, "PATCH", f"passkeys/{first['id']}", {"name": "  The\tphone "})
        assert await refused(server, ada, "PATCH", f"passkeys/{first['id']}", {"name": ""}) == "bad_request"
        await done(server, ada, "DELETE", "password")
        assert await refusal(server, password="") == "wrong_credentials"
        assert await refused(server, ada, "POST", "totp") == "password_missing"
        await done(server, ada, "DELETE", f"passkeys/{second['id']}")
        assert await refused(server, ada, "DELETE", f"passkeys/{first['id']}") == "last_way_in"
        left = (await done(server, ada, "GET", "sign-in-methods"))["passkeys"]
        assert [each["name"] for each in left] == ["The phone"]
        assert (await enter(server, keeper, keeper.keys[1])).json()["code"] == "passkey_refused"
        assert (await enter(server, keeper, keeper.keys[0])).status_code == 200
        # A first password again; then the passkey is not the last way in any more.
        await done(server, ada, "POST", "password", {"password": PASSWORD})
        await done(server, ada, "DELETE", f"passkeys/{first['id']}")
        await signed_in(server)


async def test_removing_the_password_takes_the_second_step_with_it(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", clock=HandClock()) as server:
        ada = await member(server)
        await with_totp(server, ada)
        await add(server, ada, Authenticator(server))
        await done(server, ada, "DELETE", "password")
        methods = await done(server, ada, "GET", "sign-in-methods")
        assert (methods["password"], methods["totp"]) == (False, False)


async def test_there_is_an_end_to_how_many(server: Server) -> None:
    ada, keeper = await member(server), Authenticator(server)
    for _ in range(MOST_PASSKEYS):
        await add(server, ada, keeper)
    assert await refused(server, ada, "POST", "passkeys/challenge") == "too_many"


async def test_somebody_suspended_hears_so_and_somebody_gone_nothing(server: Server) -> None:
    ada, keeper = await member(server), Authenticator(server)
    await add(server, ada, keeper)
    await mark(server, ada.id, "suspended_until", server.house.clock.now_ms() + 60_000)
    assert (await enter(server, keeper)).json()["code"] == "suspended"
    await mark(server, ada.id, "deleted_at", 1)
    assert (await enter(server, keeper)).json()["code"] == "passkey_refused"


async def test_challenges_are_limited(tmp_path: Path) -> None:
    limits = replace(ROOMY, challenges_per_minute=2)
    async with serving(tmp_path / "data", clock=HandClock(), limits=limits) as server:
        for _ in range(2):
            await done(server, None, "POST", "sign-in/challenge")
        assert await refused(server, None, "POST", "sign-in/challenge") == "rate_limited"


# Registering with one


async def test_a_new_account_may_have_a_passkey_instead_of_a_password(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await server.account("somebody", role="admin")
        keeper = Authenticator(server)
        for name, code in (("not a name!", "name_invalid"), ("Somebody", "name_taken")):
            assert await refused(server, None, "POST", "register/challenge", {"name": name}) == code
        wanted = {"name": "Ada", "display": "Ada Lindqvist"}
        challenge = await done(server, None, "POST", "register/challenge", wanted)
        assert json.loads(challenge["options"])["user"]["displayName"] == "Ada Lindqvist"
        asked = {**wanted, "passkey": keeper.make(challenge), "bearer": True}
        made = await done(server, None, "POST", "register", asked)
        assert await refused(server, None, "POST", "register", asked) == "challenge_over"
        new = Account("", "", made["token"])
        await done(server, new, "POST", "recovery-codes")
        methods = await done(server, new, "GET", "sign-in-methods")
        assert (methods["password"], len(methods["passkeys"])) == (False, 1)
        assert keeper.keys[0].account.decode() == made["me"]["id"]
        assert (await enter(server, keeper)).json()["me"]["name"] == "ada"
        assert await refused(server, None, "POST", "register", {"name": "bela"}) == "password_short"


async def test_no_passkey_is_made_for_whom_nobody_let_in(server: Server) -> None:
    assert await refused(server, None, "POST", "register/challenge", {"name": "ada"}) == "setup_needed"
    await server.account("somebody")
    assert await refused(server, None, "POST", "register/challenge", {"name": "ada"}) == "invite_needed"
    asked = {"name": "ada", "invite": "aaaa"}
    assert await refused(server, None, "POST", "register/challenge", asked) == "invite_invalid"


async def test_over_https_and_behind_a_proxy_the_site_is_the_one_that_people_see(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", public_url="https://chat.example.org") as server:
        ada = await member(server)
        async with browser(server, ada.token, origin="https://chat.example.org") as b:
            challenge = (await b.post("/api/passkeys/challenge")).json()
            assert json.loads(challenge["options"])["rp"]["id"] == "chat.example.org"
            keeper = Authenticator(server, site="https://chat.example.org")
            answer = await b.post("/api/passkeys", json={"passkey": keeper.make(challenge)})
            assert answer.status_code == 201, answer.text
