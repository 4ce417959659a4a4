"""Takes the pictures: each scene and size in a browser and on a server of its own, with nothing read yet."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.async_api import Browser, async_playwright

from appliance.dev.browser import launch
from appliance.dev.screenshots.community import (
    AT_REST,
    LOOKED_AT,
    SETTLED_AT,
    index,
    same_codes,
    same_links,
    serving,
    session,
    settle,
)
from appliance.dev.screenshots.rest import Traffic, come_to_rest, see_frames
from appliance.dev.screenshots.scenes import LETTERS, SCENES, Scene

AT_ONCE = 3
"""Scenes in the making: while one waits for its page, another can draw."""

SIZES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}


Theme = Literal["light", "dark"]

THEMES: tuple[Theme, ...] = ("light", "dark")


class Look(NamedTuple):
    """A kind of screen."""

    size: str
    theme: Theme


LOOKS = [Look(size, theme) for size in SIZES for theme in THEMES]


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    name: str
    look: Look

    @property
    def file(self) -> str:
        return f"{self.name}-{self.look.size}-{self.look.theme}.png"


def shots(names: Iterable[str] = ()) -> list[Shot]:
    """Of these scenes, or of all, in every look."""
    wanted = list(names) or list(SCENES)
    return [Shot(name, look) for name in wanted for look in (LOOKS if name != LETTERS else LOOKS[:1])]


@dataclass
class Studio:
    """`seeded`: the data folder that each scene gets a copy of; `token`: the session of the member in it."""

    browser: Browser
    folder: Path
    seeded: Path
    token: str

    async def take(self, shots: list[Shot], out: Path) -> None:
        """Write the pictures of one scene on one size of screen into `out`."""
        scene = SCENES[shots[0].name]
        data = self.folder / shots[0].file
        if scene.who != "nobody":
            await asyncio.to_thread(shutil.copytree, self.seeded, data)
        async with serving(data) as (_, home):
            await self._shoot(scene, shots, home, out)
        await asyncio.to_thread(shutil.rmtree, data)

    async def _shoot(self, scene: Scene, shots: list[Shot], home: str, out: Path) -> None:
        context = await self.browser.new_context(
            **SIZES[shots[0].look.size],
            color_scheme=shots[0].look.theme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            service_workers="allow" if scene.shell else "block",
        )
        await context.clock.install(time=LOOKED_AT)
        if scene.who == "member":
            await context.add_cookies(
                [{"name": "safevoice", "value": self.token, "url": home, "httpOnly": True}]
            )
        page = await context.new_page()
        traffic = Traffic(page)
        await page.goto(home)
        await scene.go(page)
        await page.mouse.move(0, 0)
        await come_to_rest(page, traffic, AT_REST)
        # Night falls on the same page: to go there twice would take twice as long.
        for shot in shots:
            await page.emulate_media(color_scheme=shot.look.theme)
            await see_frames(page)
            await page.screenshot(path=out / shot.file, animations="disabled", caret="hide")
        await context.close()


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """A browser, and a community to look at."""
    with tempfile.TemporaryDirectory(prefix="safevoice-pictures-") as place:
        folder = Path(place)
        data = folder / "seeded"
        async with serving(data, SETTLED_AT) as (house, _):
            with same_codes():
                await settle(house)
            token = await house.db.write(session)
        async with serving(data, SETTLED_AT) as (house, _):
            await index(house)
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            with same_links():
                yield Studio(browser, folder, data, token)
            await browser.close()


async def take(wanted: Iterable[Shot], out: Path) -> None:
    """Write them into `out`, some at once."""
    async with studio() as ready:
        turns = asyncio.Semaphore(AT_ONCE)

        async def visit(shots: list[Shot]) -> None:
            async with turns:
                try:
                    await ready.take(shots, out)
                except Exception as error:
                    error.add_note(f"while taking {shots[0].file}")
                    raise

        async with asyncio.TaskGroup() as group:
            for _, shots in groupby(wanted, lambda shot: (shot.name, shot.look.size)):
                group.create_task(visit(list(shots)))
