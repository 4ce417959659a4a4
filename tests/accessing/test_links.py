"""A new device joins by a code on an old one."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from appliance.features.access import api
from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import ROOMY, Account, Server, serving

NEW: dict[str, Any] = {"device_name": "Ada's \x00 phone", "device_kind": "phone"}


async def opened(server: Server, account: Account) -> dict[str, Any]:
    async with browser(server, account.token) as b:
        answer = await b.post("/api/device-links")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def claim(b: httpx2.AsyncClient, code: str, **more: Any) -> httpx2.Response:
    return await b.post("/api/device-links/claim", json=NEW | {"code": code} | more)


async def wait(b: httpx2.AsyncClient, claimed: httpx2.Response) -> httpx2.Response:
    return await b.post("/api/device-links/wait", json={"claim": claimed.json()["claim"]})


async def decide(server: Server, account: Account, link: str, *, confirm: bool) -> httpx2.Response:
    async with browser(server, account.token) as b:
        return await b.post(f"/api/device-links/{link}/decide", json={"confirm": confirm})


async def test_a_new_device_is_in_once_the_old_one_says_so(server: Server) -> None:
    ada = await server.account("ada")
    other = await server.device(ada)
    async with server.connect(ada) as a, server.connect(other) as o, browser(server) as new:
        link = await opened(server, ada)
        assert link["url"] == f"{server.url}/link#{link['code']}"
        claimed = await claim(new, link["code"].upper().replace("-", " "))
        assert claimed.json()["display"] == "Ada"
        told = await a.until(lambda frame: frame["op"] == "link_claimed")
        number = claimed.json()["number"]
        assert told == {
            "op": "link_claimed",
            "link": link["id"],
            "claimant": {"device_name": "Ada's phone", "device_kind": "phone", "number": number},
        }
        assert len(number) == 4
        async with browser(server, ada.token) as b:
            seen = (await b.get(f"/api/device-links/{link['id']}")).json()
        assert seen["claimant"] == told["claimant"]
        assert "code" not in seen
        waiting = asyncio.ensure_future(wait(new, claimed))
        assert (await decide(server, ada, link["id"], confirm=True)).status_code == 204
        answer = await waiting
        assert answer.json()["signed_in"]["me"]["name"] == "ada"
        assert "token" not in answer.json()["signed_in"]
        devices = (await new.get("/api/devices")).json()["devices"]
        assert {device["name"] for device in devices} == {"first", "second", "Ada's phone"}
        assert [device["kind"] for device in devices if device.get("current")] == ["phone"]
        await a.until(lambda frame: frame["op"] == "devices")
        await o.ask("ping")
        assert o.events("link_claimed") == [], "only the device that shows the code is asked"


async def test_a_program_gets_its_session_in_the_answer_and_again_where_that_was_lost(server: Server) -> None:
    ada = await server.account("ada")
    link = await opened(server, ada)
    async with browser(server) as new:
        claimed = await claim(new, link["code"], bearer=True)
        await decide(server, ada, link["id"], confirm=True)
        first, again = await wait(new, claimed), await wait(new, claimed)
        assert first.json() == again.json()
        assert "set-cookie" not in first.headers
    async with browser(server, first.json()["signed_in"]["token"]) as b:
        assert (await b.get("/api/devices")).status_code == 200


async def test_who_is_refused_is_told_so_and_has_no_session(server: Server) -> None:
    ada = await server.account("ada")
    link = await opened(server, ada)
    async with browser(server) as new:
        claimed = await claim(new, link["code"])
        waiting = asyncio.ensure_future(wait(new, claimed))
        assert (await decide(server, ada, link["id"], confirm=False)).status_code == 204
        assert (await waiting).json()["code"] == "link_refused"
        assert (await decide(server, ada, link["id"], confirm=True)).status_code == 404
        assert (await wait(new, claimed)).json()["code"] == "link_refused"
        assert "me" not in (await new.get("/api/community")).json()


async def test_two_yeses_at_the_same_moment_make_one_device(server: Server) -> None:
    ada = await server.account("ada")
    link = await opened(server, ada)
    async with browser(server) as new:
        await claim(new, link["code"])
        answers = await asyncio.gather(*(decide(server, ada, link["id"], confirm=True) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404, 404]
    async with browser(server, ada.token) as b:
        assert len((await b.get("/api/devices")).json()["devices"]) == 2


async def test_wrong_used_withdrawn_replaced_and_expired_codes_look_the_same(
    timed: Server, clock: HandClock
) -> None:
    ada = await timed.account("ada")
    used = await opened(timed, ada)
    async with browser(timed) as new:
        assert (await claim(new, used["code"])).status_code == 200
        replaced = await opened(timed, ada)
        withdrawn = await opened(timed, ada)
        assert (await decide(timed, ada, withdrawn["id"], confirm=False)).status_code == 204
        expired = await opened(timed, ada)
        assert expired["expires_at"] == clock.now_ms() + 300_000
        clock.advance(299.9)
        assert (await claim(new, expired["code"])).status_code == 200
        late = await opened(timed, ada)
        clock.advance(300)
        answers = [
            await claim(new, code)
            for code in ("none", *(each["code"] for each in (used, replaced, withdrawn, expired, late)))
        ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert answers[0].json()["code"] == "link_invalid"


async def test_a_claim_ends_with_its_code(timed: Server, clock: HandClock) -> None:
    ada = await timed.account("ada")
    link = await opened(timed, ada)
    async with browser(timed) as new:
        claimed = await claim(new, link["code"])
        clock.advance(300)
        assert (await wait(new, claimed)).json()["code"] == "link_invalid"
        assert (await decide(timed, ada, link["id"], confirm=True)).status_code == 404
        answer = await new.post("/api/device-links/wait", json={"claim": "nobody's"})
        assert answer.json()["code"] == "link_invalid"


async def test_whoever_waits_is_answered_after_a_while_and_asks_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "HELD_S", 0)
    ada = await server.account("ada")
    link = await opened(server, ada)
    async with browser(server) as new:
        claimed = await claim(new, link["code"])
        assert (await wait(new, claimed)).json() == {}
        await decide(server, ada, link["id"], confirm=True)
        assert (await wait(new, claimed)).json()["signed_in"]["me"]["id"] == ada.id


async def test_a_question_that_is_asked_again_ends_the_one_before(server: Server) -> None:
    ada = await server.account("ada")
    link = await opened(server, ada)
    async with browser(server) as new:
        claimed = await claim(new, link["code"])
        first = asyncio.ensure_future(wait(new, claimed))
        # Both are held until the server stops, or the second one comes.
        second = asyncio.ensure_future(wait(new, claimed))
        done, _ = await asyncio.wait((first, second), return_when=asyncio.FIRST_COMPLETED)
        assert [answer.result().json() for answer in done] == [{}]
        await decide(server, ada, link["id"], confirm=False)
        await asyncio.wait((first, second))


async def test_a_held_question_does_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada")
        link = await opened(server, ada)
        async with browser(server) as new:
            claimed = await claim(new, link["code"])
            waiting = asyncio.ensure_future(wait(new, claimed))
            server.house.stopping.set()
            assert (await waiting).json() == {}


async def test_only_the_device_that_shows_a_code_decides(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    other = await server.device(ada)
    link = await opened(server, ada)
    async with browser(server) as new:
        await claim(new, link["code"])
    for account in (other, dana):
        assert (await decide(server, account, link["id"], confirm=True)).status_code == 404
        async with browser(server, account.token) as b:
            assert (await b.get(f"/api/device-links/{link['id']}")).status_code == 404
    assert (await decide(server, ada, link["id"], confirm=True)).status_code == 204


async def test_guests_have_no_second_device(server: Server) -> None:
    guest = await server.account("guest", role="guest")
    async with browser(server, guest.token) as b:
        assert (await b.post("/api/device-links")).json()["code"] == "forbidden"


async def test_guessing_codes_is_limited_for_each_address_and_a_right_one_does_not_count(
    tmp_path: Path, clock: HandClock
) -> None:
    limits = replace(ROOMY, device_link_tries=3)
    async with serving(tmp_path / "data", limits=limits, clock=clock) as server, browser(server) as new:
        ada = await server.account("ada")
        for _ in range(5):
            assert (await claim(new, (await opened(server, ada))["code"])).status_code == 200
        assert [(await claim(new, "wrong")).status_code for _ in range(4)] == [404, 404, 404, 429]
        right = (await opened(server, ada))["code"]
        refused = await claim(new, right)
        assert (refused.status_code, refused.json()["limit"]) == (429, "device_link_tries")
        clock.advance(300)
        assert (await claim(new, (await opened(server, ada))["code"])).status_code == 200


async def test_codes_of_one_person_are_limited(tmp_path: Path, clock: HandClock) -> None:
    limits = replace(ROOMY, device_links_per_hour=2)
    async with serving(tmp_path / "data", limits=limits, clock=clock) as server:
        ada = await server.account("ada")
        async with browser(server, ada.token) as b:
            statuses = [(await b.post("/api/device-links")).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
