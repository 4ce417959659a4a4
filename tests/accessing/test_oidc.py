"""Signing in by way of another site: who gets in, as whom, and what is linked to whom."""

from dataclasses import replace
from http.cookies import SimpleCookie
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.auth.model import SignUp
from appliance.kernel.clock import HandClock
from appliance.kernel.session import Who
from tests.accessing.elsewhere import Elsewhere
from tests.accessing.going import begin, come_back, confirm, go, me
from tests.edge.browser import browser
from tests.server import ROOMY, Server, serving


async def test_the_sign_in_page_learns_which_sites_there_are(here: Server, server: Server) -> None:
    async with browser(here) as b, browser(server) as bare:
        there, den = (await b.get("/api/community")).json()["providers"]
        assert (there, den["name"]) == ({"name": "there", "label": "Elsewhere"}, "den")
        assert "providers" not in (await bare.get("/api/community")).json()


async def test_somebody_new_becomes_a_member_where_the_site_may_let_them_in(
    here: Server, there: Elsewhere
) -> None:
    there.claims = {"name": "Gül Yılmaz", "preferred_username": "gul@example.org", "email": "gul@example.org"}
    async with browser(here) as b:
        assert await go(b, there, provider="den") == "sign_in"
        found = await me(b)
        assert (found["name"], found["display"], found["role"]) == ("gul.yilmaz", "Gül Yılmaz", "member")
        (device,) = (await b.get("/api/devices")).json()["devices"]
        assert device["name"] == "my browser"
        assert (await b.get("/api/sign-in-methods")).json()["password"] is False
    async with browser(here) as again:
        assert await go(again, there) == "sign_in"
        assert (await me(again))["id"] == found["id"], "whoever is known gets in by every way to that site"
    stored = await here.house.db.read(
        lambda db: str(
            [db.rows(f"SELECT * FROM {table}") for table in ("accounts", "identities", "log_entries")]
        )
    )
    assert "gul.yilmaz" in stored
    assert "example.org" not in stored


@pytest.mark.parametrize(
    ("mode", "outcome"), [("open", "sign_in"), ("invite", "invite_needed"), ("closed", "sign_up_closed")]
)
async def test_else_sign_up_decides_about_somebody_new(
    tmp_path: Path, there: Elsewhere, mode: SignUp, outcome: str
) -> None:
    oidc = MappingProxyType({"there": there.settings})
    async with serving(tmp_path / "data", sign_up=mode, oidc=oidc) as server, browser(server) as b:
        await server.account("somebody", admin=True)
        assert await go(b, there) == outcome
        assert bool(await me(b)) is (outcome == "sign_in")


async def test_nobody_is_the_first_by_way_of_another_site(tmp_path: Path, there: Elsewhere) -> None:
    oidc = MappingProxyType({"den": replace(there.settings, sign_up="yes")})
    async with serving(tmp_path / "data", oidc=oidc) as server, browser(server) as b:
        assert await go(b, there, provider="den") == "setup_needed"


async def test_names_that_are_taken_get_a_number(here: Server, there: Elsewhere) -> None:
    there.claims = {"nickname": "Ada"}
    names = []
    for subject in ("one", "two", "three"):
        async with browser(here) as b:
            await go(b, there, provider="den", subject=subject)
            names.append((await me(b))["name"])
    assert names == ["ada", "ada2", "ada3"]


async def test_where_the_token_names_nobody_the_site_is_asked(here: Server, there: Elsewhere) -> None:
    there.user = {"sub": "ada@there", "name": "Ada Lindqvist"}
    async with browser(here) as b:
        await go(b, there, provider="den")
        assert (await me(b))["display"] == "Ada Lindqvist"
    there.user = {"sub": "somebody else", "name": "Ada Lindqvist"}
    async with browser(here) as b:
        await go(b, there, provider="den", subject="two")
        assert (await me(b))["name"] == "member"
    there.answers["/user"] = (500, b"")
    async with browser(here) as b:
        assert await go(b, there, provider="den", subject="three") == "sign_in"


async def test_the_session_is_strict_and_the_cookie_on_the_way_is_gone(
    here: Server, there: Elsewhere
) -> None:
    async with browser(here) as b:
        began = await b.post("/api/oidc/den/begin", json={})
        (kept,) = SimpleCookie(began.headers["set-cookie"]).values()
        assert (kept.key, kept["samesite"], kept["path"], bool(kept["secure"])) == (
            "safevoice-oidc",
            "lax",
            "/",
            False,
        )
        assert kept["httponly"]
        answer = await b.get("/api/oidc/den/callback?" + there.agree(began.json()["url"]))
        cookies = {
            name: value
            for line in answer.headers.get_list("set-cookie")
            for name, value in SimpleCookie(line).items()
        }
        assert cookies["safevoice"]["samesite"] == "strict"
        assert (cookies["safevoice-oidc"].value, cookies["safevoice-oidc"]["max-age"]) == ("", "0")
        assert answer.headers["cache-control"] == "no-store"


async def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: Path, there: Elsewhere) -> None:
    oidc = MappingProxyType({"there": there.settings})
    options: dict[str, Any] = {
        "trusted_proxies": (ip_network("127.0.0.1"),),
        "public_url": "https://chat.example.org",
    }
    async with (
        serving(tmp_path / "data", oidc=oidc, **options) as server,
        browser(server, origin="https://chat.example.org") as b,
    ):
        began = await b.post("/api/oidc/there/begin", json={})
        assert began.headers["set-cookie"].startswith("__Host-safevoice-oidc=")
        assert "secure" in began.headers["set-cookie"].lower()
        asked = parse_qs(urlsplit(began.json()["url"]).query)
        assert asked["redirect_uri"] == ["https://chat.example.org/api/oidc/there/callback"]


async def test_a_page_of_another_site_cannot_begin(here: Server) -> None:
    async with browser(here, origin="https://evil.example") as b:
        assert (await b.post("/api/oidc/there/begin", json={})).json()["code"] == "origin_refused"


async def test_a_suspended_account_stays_out(here: Server, there: Elsewhere, clock: HandClock) -> None:
    async with browser(here) as b:
        await go(b, there, provider="den")
        account = (await me(b))["id"]
        until = clock.now_ms() + 3_600_000
        await here.house.db.write(lambda tx: auth.suspend(tx, account, until, "Spam"))
        assert await go(b, there) == "suspended"


async def test_sign_ins_that_succeed_are_limited(tmp_path: Path, there: Elsewhere) -> None:
    oidc = MappingProxyType({"den": replace(there.settings, sign_up="yes")})
    limits = replace(ROOMY, sign_ins_per_hour=1)
    async with serving(tmp_path / "data", oidc=oidc, limits=limits) as server, browser(server) as b:
        await server.account("somebody", admin=True)
        outcomes = [await go(b, there, provider="den") for _ in range(3)]
    assert outcomes == ["sign_in", "sign_in", "rate_limited"]


async def test_sign_ins_that_begin_are_limited_for_each_address(tmp_path: Path, there: Elsewhere) -> None:
    oidc = MappingProxyType({"there": there.settings})
    limits = replace(ROOMY, oidc_begins_per_minute=2)
    async with serving(tmp_path / "data", oidc=oidc, limits=limits) as server, browser(server) as b:
        statuses = [(await b.post("/api/oidc/there/begin", json={})).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# Linking


async def test_an_account_there_is_linked_by_whoever_is_signed_in_and_opens_it_from_then_on(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    ada = await here.account("ada")
    async with browser(here, ada.token) as b, browser(here) as stranger:
        assert (await b.post("/api/oidc/there/begin", json={"purpose": "link"})).json()[
            "code"
        ] == "confirm_needed"
        confirm(here, ada)
        address = await begin(b, purpose="link")
        b.headers.pop("Authorization")
        assert await come_back(b, there.agree(address)) == "link"
        assert "safevoice" not in b.cookies, "nobody new was signed in by it"
        b.headers["Authorization"] = f"Bearer {ada.token}"
        (identity,) = (await b.get("/api/identities")).json()["identities"]
        assert identity == {
            "id": identity["id"],
            "provider": "there",
            "label": "Elsewhere",
            "created_at": clock.now_ms(),
        }
        assert await go(stranger, there) == "sign_in"
        assert (await me(stranger))["id"] == ada.id
        assert await go(b, there, purpose="link") == "link", "twice counts as done"
        assert len((await b.get("/api/identities")).json()["identities"]) == 1


async def test_nobody_links_without_being_signed_in(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        for purpose in ("link", "confirm"):
            answer = await b.post("/api/oidc/there/begin", json={"purpose": purpose})
            assert answer.json()["code"] == "signed_out"


async def test_an_account_there_opens_one_here_and_no_second(here: Server, there: Elsewhere) -> None:
    ada, bela = [await here.account(name) for name in ("ada", "bela")]
    outcomes = []
    for account in (ada, bela):
        confirm(here, account)
        async with browser(here, account.token) as b:
            outcomes.append(await go(b, there, purpose="link"))
    assert outcomes == ["link", "identity_taken"]


async def test_a_device_that_was_revoked_meanwhile_links_nothing(here: Server, there: Elsewhere) -> None:
    ada = await here.account("ada")
    confirm(here, ada)
    async with browser(here, ada.token) as b:
        address = await begin(b, purpose="link")
        await here.house.db.write(lambda tx: auth.revoke(tx, Who(ada.id, ada.device), ada.device))
        assert await come_back(b, there.agree(address)) == "signed_out"


async def test_the_last_way_in_stays(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        await go(b, there, provider="den", subject="one")
        (first,) = (await b.get("/api/identities")).json()["identities"]
        refused = await b.delete(f"/api/identities/{first['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")
        assert await go(b, there, purpose="link", subject="two") == "link"
        assert (await b.delete(f"/api/identities/{first['id']}")).status_code == 204
        (left,) = (await b.get("/api/identities")).json()["identities"]
        assert (await b.delete(f"/api/identities/{left['id']}")).json()["code"] == "last_way_in"
        account = (await me(b))["id"]
        await here.house.db.write(lambda tx: auth.set_password(tx, account, "a hash"))
        assert (await b.delete(f"/api/identities/{left['id']}")).status_code == 204
    async with browser(here) as stranger:
        assert await go(stranger, there, subject="one") == "invite_needed"


async def test_nobody_unlinks_what_is_somebody_elses(here: Server, there: Elsewhere) -> None:
    dana = await here.account("dana")
    confirm(here, dana)
    async with browser(here) as b, browser(here, dana.token) as other:
        await go(b, there, provider="den")
        (identity,) = (await b.get("/api/identities")).json()["identities"]
        for each in (identity["id"], "0" * 26):
            assert (await other.delete(f"/api/identities/{each}")).status_code == 404


# Showing once more who one is


async def test_a_linked_account_there_confirms_who_one_is(
    here: Server, there: Elsewhere, clock: HandClock
) -> None:
    async with browser(here) as b:
        await go(b, there, provider="den")
        clock.advance(400)
        token = {"name": "x", "scopes": ["read"]}
        assert (await b.post("/api/tokens", json=token)).json()["code"] == "confirm_needed"
        asked = parse_qs(urlsplit(await begin(b, purpose="confirm")).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        assert await go(b, there, purpose="confirm", subject="somebody else") == "provider_refused"
        there.claims = {"auth_time": clock.now_ms() // 1000 - 3600}
        assert await go(b, there, purpose="confirm") == "provider_refused", "it did not ask again"
        assert (await b.post("/api/tokens", json=token)).json()["code"] == "confirm_needed"
        there.claims = {}
        assert await go(b, there, purpose="confirm") == "confirm"
        assert (await b.post("/api/tokens", json=token)).status_code == 201


async def test_whom_the_site_vouches_for_may_be_nobody_here_any_more(here: Server, there: Elsewhere) -> None:
    async with browser(here) as b:
        await go(b, there, provider="den")
        account = (await me(b))["id"]
        name = NewAccount("x", "x", "").name
        await here.house.db.write(
            lambda tx: tx.run(
                "UPDATE accounts SET deleted_at = 1, name = :name WHERE id = :id", id=account, name=name
            )
        )
        assert await go(b, there) == "provider_refused"
