"""Devices: listed, revoked, signed out; each change is told to the others."""

from pathlib import Path

from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import Server, serving


async def test_signing_out_ends_the_session_closes_its_socket_and_clears_the_browser(server: Server) -> None:
    ada = await server.account("ada")
    phone = await server.device(ada)
    async with server.connect(ada) as a, server.connect(phone) as p, browser(server, ada.token) as b:
        answer = await b.post("/api/sign-out")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith('safevoice=""')
        assert "max-age=0" in cookie
        assert await a.closed() == 4401
        event = await p.until(lambda frame: frame["op"] == "devices")
        assert event["log"] == ada.id
        for path in ("/api/devices", "/api/rooms"):
            assert (await b.get(path)).status_code == 401
        assert (await b.post("/api/sign-out")).json()["code"] == "signed_out"
        assert "me" not in (await b.get("/api/community")).json()
    async with browser(server, phone.token) as b:
        assert [device["id"] for device in (await b.get("/api/devices")).json()["devices"]] == [phone.device]


async def test_revoking_a_device_ends_that_one_only(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    phone = await server.device(ada)
    async with (
        server.connect(ada) as a,
        server.connect(phone) as p,
        server.connect(dana) as d,
        browser(server, ada.token) as b,
        browser(server, dana.token) as other,
    ):
        for device in (ada.device, phone.device, "0" * 26, "x", "%00"):
            assert (await other.delete(f"/api/devices/{device}")).status_code == 404
        assert (await b.delete(f"/api/devices/{phone.device}")).status_code == 204
        assert await p.closed() == 4401
        await a.until(lambda frame: frame["op"] == "devices")
        assert (await b.delete(f"/api/devices/{phone.device}")).status_code == 404
        assert [device["id"] for device in (await b.get("/api/devices")).json()["devices"]] == [ada.device]
        assert (await a.ask("ping"))["op"] == "pong"
        await d.ask("ping")
        assert d.events("devices") == []
    async with browser(server, phone.token) as gone:
        assert (await gone.get("/api/devices")).status_code == 401


async def test_a_new_device_is_told_to_the_others_live_and_on_replay_once(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        await server.device(ada)
        first = await a.until(lambda frame: frame["op"] == "devices")
        await server.device(ada)
        async with server.connect(ada, hello=False) as again:
            (log,) = (await again.hello({ada.id: first["seq"] - 1}))["logs"]
            seqs = [event["seq"] for event in log["events"] if event["op"] == "devices"]
            assert seqs[-1] == log["to"] == first["seq"] + 1


async def test_people_are_found_by_the_beginning_of_a_name_by_members_only(server: Server) -> None:
    ada = await server.account("ada")
    for name in ("adam", "bela", "a_b", "a.b"):
        await server.account(name)
    async with browser(server, ada.token) as b:

        async def found(q: str) -> list[str]:
            answer = await b.get("/api/people", params={"q": q})
            assert answer.status_code == 200
            return sorted(person["name"] for person in answer.json()["people"])

        assert await found("ad") == ["ada", "adam"]
        assert await found("AD") == ["ada", "adam"]
        assert await found("a_") == ["a_b"]
        assert await found("%") == []
        assert await found("\\") == []
        assert await found("' OR 1=1 --") == []
        assert await found("zz" * 500) == []
        assert len(await found("")) == 5
        answer = (await b.get("/api/people")).json()["people"][0]
        assert set(answer) == {"id", "name", "display"}


async def test_a_token_that_was_never_given_opens_nothing(server: Server) -> None:
    await server.account("ada")
    async with browser(server) as b:
        for token in ("", "x", "A" * 43, "\u00e9"):
            headers = {"Cookie": f"safevoice={token}".encode("latin-1")}
            answer = await b.get("/api/devices", headers=headers)  # type: ignore[arg-type]
            assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


async def test_a_device_that_is_connected_is_seen_now(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        phone = await server.device(ada)
        async with server.connect(ada), browser(server, phone.token) as b:
            clock.advance(10)
            listed = (await b.get("/api/devices")).json()["devices"]
            assert [(each["id"], clock.now_ms() - each["last_seen"]) for each in listed] == [
                (ada.device, 0),
                (phone.device, 10_000),
            ]
