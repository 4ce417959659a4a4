"""How people come to have an account: set-up, registration, invitations."""

import asyncio
from dataclasses import replace
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from appliance.features.auth import store
from appliance.features.auth.passwords import Passwords
from appliance.kernel.clock import HandClock
from tests.cast import ADA, COMMUNITY
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, serving

Json = dict[str, Any]
PASSWORD = "a long password"


def set_up(server: Server, **more: Any) -> Json:
    code = server.house.of_feature["set_up_code"].value
    asked = {"code": code, "community": COMMUNITY, "name": ADA.name, "password": ADA.password}
    return {**asked, **more}


async def register(server: Server, name: str, **more: Any) -> tuple[int, str]:
    """Status, and the code of a refusal."""
    async with browser(server) as b:
        answer = await b.post("/api/register", json={"name": name, "password": PASSWORD, **more})
    return answer.status_code, answer.json().get("code", "")


async def community(server: Server) -> Json:
    async with browser(server) as b:
        found: Json = (await b.get("/api/community")).json()
    return found


async def test_the_first_visit_makes_the_admin_with_the_code_of_the_terminal_once(server: Server) -> None:
    assert (await community(server))["needs_setup"]
    assert await register(server, "early") == (409, "setup_needed")
    async with browser(server) as b:
        wrong = await b.post("/api/setup", json=set_up(server, code="aaaa-bbbb-cccc"))
        assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (
            403,
            "setup_code_wrong",
            "code",
        )
        for field, value, code in (
            ("name", "not a name!", "name_invalid"),
            ("password", "short", "password_short"),
        ):
            refused = await b.post("/api/setup", json=set_up(server, **{field: value}))
            assert (refused.json()["code"], refused.json()["field"]) == (code, field)
        assert (await b.post("/api/setup", json=set_up(server, community=""))).status_code == 400
        code = f" {set_up(server)['code'].upper()} "
        done = await b.post("/api/setup", json=set_up(server, code=code))
        assert (done.status_code, done.json()["me"]["role"]) == (200, "admin")
        assert (await b.get("/api/invites")).status_code == 200
        again = await b.post("/api/setup", json=set_up(server, name="eve"))
        assert (again.status_code, again.json()["code"]) == (409, "setup_done")
    found = await community(server)
    assert (found["name"], found["needs_setup"], found["sign_up"]) == (COMMUNITY, False, "invite")


async def test_two_who_set_up_at_once_with_the_right_code_one_is_the_admin(server: Server) -> None:
    async with browser(server) as b:
        answers = await asyncio.gather(
            *(b.post("/api/setup", json=set_up(server, name=f"admin{n}")) for n in range(4))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_the_code_cannot_be_guessed_and_guessing_does_not_keep_the_admin_out(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, sign_in_tries=2)
    proxies = (ip_network("127.0.0.1"),)
    async with (
        serving(tmp_path / "data", clock=clock, limits=limits, trusted_proxies=proxies) as server,
        browser(server) as b,
    ):
        for status in (403, 403, 429):
            guess = await b.post("/api/setup", json=set_up(server, code="aaaa-bbbb-cccc"))
            assert guess.status_code == status
        assert guess.json()["retry_after_ms"] == 300_000
        assert (await b.post("/api/setup", json=set_up(server))).status_code == 429
        elsewhere = {"X-Forwarded-For": "198.51.100.7"}
        assert (await b.post("/api/setup", json=set_up(server), headers=elsewhere)).status_code == 200


async def test_sign_up_open_by_invitation_closed_and_what_the_configuration_locks(tmp_path: Path) -> None:
    expected = {
        "open": (200, ""),
        "invite": (403, "invite_needed"),
        "closed": (403, "sign_up_closed"),
    }
    for locked in ("", *expected):
        async with serving(tmp_path / f"data{locked}", sign_up=locked) as server:
            await server.account("ada")
            for chosen in ("", *expected, "nonsense"):
                await server.house.db.write(partial(store.put_setting, name="sign_up", value=chosen))
                effective = locked or (chosen if chosen in expected else "invite")
                assert (await community(server))["sign_up"] == effective
                assert await register(server, f"new{chosen}") == expected[effective], (locked, chosen)


NAMES: dict[str, str] = {
    "ada": "name_taken",
    " ADA ": "name_taken",
    "ａｄａ": "name_taken",
    "": "bad_request",
    " ": "name_invalid",
    "аda": "name_invalid",  # a Cyrillic a
    "a b": "name_invalid",
    "-ada": "name_invalid",
    "ada.": "name_invalid",
    "a" * 33: "name_invalid",
    "x" * 65: "bad_request",
    "a\u0000": "name_invalid",
    "../ada": "name_invalid",
    "a" * 32: "",
    "7": "",
    "A.b-c_d": "",
}


async def test_whom_nobody_let_in_costs_no_hash(
    server: Server, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object) -> None:
        raise AssertionError("hashed")

    monkeypatch.setattr(Passwords, "hash", never)
    assert await register(server, "bela") == (403, "invite_needed")
    assert await register(server, "bela", invite="aaaa-bbbb-cccc") == (404, "invite_invalid")


async def test_names_that_can_be_had(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await server.account("ada")
        for name, code in NAMES.items():
            assert (await register(server, name))[1] == code, name


async def test_display_names_lose_what_cannot_be_seen(tmp_path: Path) -> None:
    shown = {
        "  Ada \u202e\u200b Lovelace\n": "Ada Lovelace",
        "\u0000\u2028": "p1",
        "": "p2",
        "👩\u200d🚀 Ada": "👩\u200d🚀 Ada",
        "می\u200cنا": "می\u200cنا",
        "\u200d\u200c": "p5",
        "Ada \U0001faea": "Ada \U0001faea",
        "Béla <b>": "Béla <b>",
    }
    async with serving(tmp_path / "data", sign_up="open") as server, browser(server) as b:
        await server.account("ada")
        for number, (display, expected) in enumerate(shown.items()):
            body = {"name": f"p{number}", "password": PASSWORD, "display": display}
            answer = await b.post("/api/register", json=body)
            assert answer.json()["me"]["display"] == expected


async def test_registrations_are_limited_and_typing_mistakes_cost_none(tmp_path: Path) -> None:
    clock, limits = HandClock(), replace(ROOMY, registrations_per_hour=2)
    async with serving(tmp_path / "data", clock=clock, limits=limits, sign_up="open") as server:
        await server.account("ada")
        for _ in range(5):
            assert (await register(server, "bela", password="short"))[1] == "password_short"
            assert (await register(server, "?"))[1] == "name_invalid"
        assert await register(server, "bela") == (200, "")
        assert await register(server, "chidi") == (200, "")
        async with browser(server) as b:
            refused = await b.post("/api/register", json={"name": "emre", "password": PASSWORD})
        assert (refused.status_code, refused.json()["limit"]) == (429, "registrations_per_hour")
        clock.advance(refused.json()["retry_after_ms"] / 1000)
        assert await register(server, "emre") == (200, "")


@pytest.fixture
async def admin(server: Server) -> Account:
    return await server.account("ada", admin=True)


async def invite(server: Server, admin: Account, **fields: int) -> tuple[str, str]:
    """(id, code) of a new invitation."""
    async with browser(server, admin.token) as b:
        answer = await b.post("/api/invites", json=fields)
    assert answer.status_code == 201
    made = answer.json()
    assert made["url"].startswith(f"{server.url}/invite/")
    return made["id"], made["url"].rpartition("/")[2]


async def valid(server: Server, code: str) -> bool:
    async with browser(server) as b:
        answer: bool = (await b.get(f"/api/invites/{code}")).json()["valid"]
    return answer


async def test_an_invitation_lets_in_as_many_as_it_says(server: Server, admin: Account) -> None:
    _, code = await invite(server, admin, uses=2)
    assert await valid(server, code)
    assert not await valid(server, "aaaa-bbbb-cccc")
    assert (await register(server, "bela", invite="aaaa-bbbb-cccc"))[1] == "invite_invalid"
    # A name that is taken does not use it up.
    assert (await register(server, "ada", invite=code))[1] == "name_taken"
    assert await register(server, "bela", invite=f" {code} ") == (200, "")
    assert await register(server, "chidi", invite=code) == (200, "")
    assert not await valid(server, code)
    assert await register(server, "emre", invite=code) == (404, "invite_invalid")
    async with browser(server, admin.token) as b:
        assert (await b.get("/api/invites")).json() == {"invites": []}


async def test_of_many_who_use_the_last_place_at_once_one_gets_it(server: Server, admin: Account) -> None:
    _, code = await invite(server, admin)
    answers = await asyncio.gather(*(register(server, f"person{n}", invite=code) for n in range(5)))
    assert sorted(answers) == [(200, "")] + [(404, "invite_invalid")] * 4
    async with browser(server, admin.token) as b:
        people = (await b.get("/api/people")).json()["people"]
    assert len(people) == 2


async def test_an_invitation_ends_with_its_time_or_when_it_is_taken_back(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        admin = await server.account("ada", admin=True)
        made, code = await invite(server, admin, days=1, uses=5)
        clock.advance(86_400 - 1)
        assert await valid(server, code)
        clock.advance(1)
        assert not await valid(server, code)
        assert await register(server, "bela", invite=code) == (404, "invite_invalid")
        made, code = await invite(server, admin)
        async with browser(server, admin.token) as b:
            assert [one["id"] for one in (await b.get("/api/invites")).json()["invites"]] == [made]
            for _ in range(2):
                assert (await b.delete(f"/api/invites/{made}")).status_code == 204
        assert await register(server, "bela", invite=code) == (404, "invite_invalid")


async def test_invitations_have_bounds_and_looking_them_up_is_limited(server: Server, admin: Account) -> None:
    async with browser(server, admin.token) as b:
        for fields in ({"uses": 0}, {"uses": 1001}, {"days": 0}, {"days": 366}, {"uses": "1"}, {"admin": 1}):
            assert (await b.post("/api/invites", json=fields)).status_code == 400, fields
        statuses = [(await b.get(f"/api/invites/guess-{n}")).status_code for n in range(61)]
        assert statuses == [200] * 60 + [429]


async def test_invite_links_are_made_of_the_public_url(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", public_url="https://chat.example.org/") as server:
        admin = await server.account("ada", admin=True)
        async with browser(server, admin.token, origin="https://chat.example.org") as b:
            answer = await b.post("/api/invites", json={}, headers={"Host": "evil.example"})
        assert answer.json()["url"].startswith("https://chat.example.org/invite/")
