"""Devices: called something else, revoked all at once, and forgotten in the end."""

import pytest

from appliance.kernel.clock import HandClock
from tests.edge.browser import browser
from tests.server import Server


async def test_a_device_gets_another_name_and_the_others_hear_of_it(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    phone = await server.device(ada)
    async with server.connect(ada) as a, browser(server, phone.token) as b, browser(server, dana.token) as d:
        answer = await b.patch(f"/api/devices/{ada.device}", json={"name": " Kitchen \x07 tablet "})
        assert answer.status_code == 204
        await a.until(lambda frame: frame["op"] == "devices")
        names = {each["id"]: each["name"] for each in (await b.get("/api/devices")).json()["devices"]}
        assert names == {ada.device: "Kitchen tablet", phone.device: "second"}
        for name in ("", "x" * 65):
            refused = await b.patch(f"/api/devices/{ada.device}", json={"name": name})
            assert refused.json()["code"] == "bad_request"
        for device in (ada.device, "0" * 26):
            assert (await d.patch(f"/api/devices/{device}", json={"name": "mine"})).status_code == 404


async def test_all_others_are_revoked_at_once_with_tokens_and_sockets(server: Server) -> None:
    ada, dana = [await server.account(name) for name in ("ada", "dana")]
    phone, tablet = [await server.device(ada, name) for name in ("phone", "tablet")]
    async with (
        server.connect(ada) as a,
        server.connect(phone) as p,
        server.connect(tablet) as t,
        server.connect(dana) as d,
        browser(server, ada.token) as b,
    ):
        assert (await b.delete("/api/devices")).status_code == 204
        assert (await p.closed(), await t.closed()) == (4401, 4401)
        assert (await a.ask("ping"))["op"] == (await d.ask("ping"))["op"] == "pong"
        assert [each["id"] for each in (await b.get("/api/devices")).json()["devices"]] == [ada.device]
        assert (await b.delete("/api/devices")).status_code == 204


@pytest.mark.parametrize(("days", "left"), [(89, 1), (91, 0)])
async def test_what_is_left_of_a_revoked_device_is_forgotten_after_90_days(
    timed: Server, clock: HandClock, days: int, left: int
) -> None:
    ada = await timed.account("ada")
    phone = await timed.device(ada)
    async with browser(timed, ada.token) as b:
        await b.delete(f"/api/devices/{phone.device}")
    clock.advance(days * 86_400)
    await timed.house.jobs.run_due()
    kept = await timed.house.db.read(
        lambda db: db.value("SELECT count(*) FROM devices WHERE id = :id", id=phone.device)
    )
    assert kept == left
    async with browser(timed, ada.token) as b:
        assert len((await b.get("/api/devices")).json()["devices"]) == 1
