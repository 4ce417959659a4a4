"""The page about calls: what the server finds of its relay, what this browser finds, and what to do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, async_playwright, expect

from appliance.config.calls import Calls
from appliance.dev.browser import launch
from appliance.features.calls.selftest import program
from appliance.features.calls.selftest.keeper import SelfTest
from appliance.features.calls.selftest.program import Outcome, Walk
from tests.story.office import ON_BOTH, Office, office
from tests.story.stage import Stage, staged
from tests.story.talking import FLAGS, relaying
from tests.story.test_shapes import NARROW, assert_fits


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def caller() -> AsyncIterator[Browser]:
    """One that calls on the loopback interface too, which browsers leave out otherwise, and takes the
    certificate of tests."""
    async with async_playwright() as playwright:
        browser = await launch(playwright, *FLAGS)
        yield browser
        await browser.close()


def ways(root: Office, whence: str) -> Locator:
    return root.page.get_by_role("list", name=whence).get_by_role("listitem")


@ON_BOTH
async def test_the_server_and_this_browser_try_each_way(
    caller: Browser, tmp_path: Path, shape: dict[str, Any]
) -> None:
    async with staged(caller, tmp_path / "data") as stage:
        root = await office(stage, section="calls", **shape)
        await expect(root.heading("Not tried yet")).to_be_visible()
        await root.button("Try now").click()
        await expect(root.heading("Calls get through")).to_be_visible()
        server, own = ways(root, "From the server"), ways(root, "From this device")
        await expect(server).to_contain_text(["UDP, port", "TCP, port"])
        await expect(server.first).to_contain_text(" ms")
        await expect(own.first).to_contain_text("Not tried")
        await root.button("Test from here").click()
        for way in (own.first, own.last):
            await expect(way).to_contain_text(" ms")
        await expect(root.page.get_by_text("Does not work")).to_have_count(0)
        assert stage.server.house.of_feature["relay"].figures.packets > 0
        await root.page.reload()
        await expect(root.heading("Calls get through")).to_be_visible()
        await expect(root.page.get_by_text("Last tried today, ")).to_be_visible()


async def test_over_tls_both_try_as_well_and_the_server_looks_at_the_certificate(
    caller: Browser, tmp_path: Path
) -> None:
    async with staged(caller, tmp_path / "data", calls=relaying()) as stage:
        root = await office(stage, section="calls")
        await root.button("Try now").click()
        server, own = ways(root, "From the server"), ways(root, "From this device")
        await expect(server).to_contain_text(["UDP, port", "TCP, port", "TLS, port"])
        await root.button("Test from here").click()
        for way in await own.all():
            await expect(way).to_contain_text(" ms")
        await expect(server.last).to_contain_text("The certificate is not trusted")
        await expect(root.heading("Some calls will not get through")).to_be_visible()


async def test_what_is_wrong_stands_there_with_what_to_do(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def outcomes(walks: list[Walk]) -> list[list[Outcome]]:
        return [
            [Outcome("no_answer", "", 0), Outcome("", "", 40)],
            [Outcome("keys_refused", "401", 0), Outcome("keys_refused", "401", 0)],
        ]

    monkeypatch.setattr(program, "outcomes", outcomes)
    test: SelfTest = stage.server.house.of_feature["relay_test"]
    test.host = "localhost"
    await test.run()
    root = await office(stage, section="calls", viewport=NARROW)
    await expect(root.heading("Some calls will not get through")).to_be_visible()
    udp, tcp = await ways(root, "From the server").all()
    await expect(udp).to_contain_text("Only from inside")
    await expect(udp).to_contain_text("Nothing came back")
    await expect(tcp).to_contain_text("The keys are refused (401)")
    await assert_fits(root.page)


async def test_this_browser_says_what_it_meets_itself(caller: Browser, tmp_path: Path) -> None:
    calls = Calls(external_urls="turn:localhost:9?transport=tcp", external_secret="none")
    async with staged(caller, tmp_path / "data", calls=calls) as stage:
        root = await office(stage, section="calls")
        await root.button("Test from here").click()
        [way] = await ways(root, "From this device").all()
        await expect(way).to_contain_text("Does not work")
        await expect(way).to_contain_text("Nothing came back")
        await expect(way).to_contain_text("Open port 9 for TCP")


async def test_without_a_relay_it_says_so(caller: Browser, tmp_path: Path) -> None:
    async with staged(caller, tmp_path / "data", calls=Calls(relay="no")) as stage:
        root = await office(stage, section="calls")
        await expect(root.heading("The relay is off")).to_be_visible()
        await expect(root.page.get_by_role("button", name="Try")).to_have_count(0)


async def test_moderators_do_not_find_it(stage: Stage) -> None:
    stage.knows(mo=await stage.server.account("mo", role="moderator"))
    mo = await office(stage, "mo", "calls")
    await expect(mo.heading("This is for admins")).to_be_visible()
