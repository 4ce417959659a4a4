"""Takes the pictures: each scene in a browser and on a server of its own, with nothing read yet."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.async_api import Browser, async_playwright

from appliance.dev.browser import launch
from appliance.dev.screenshots.community import LOOKED_AT, index, serving, session, settle
from appliance.dev.screenshots.scenes import SCENES, Scene

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


class Look(NamedTuple):
    """A kind of screen."""

    size: str
    theme: Literal["light", "dark"]


LOOKS = [Look(size, theme) for size in SIZES for theme in ("light", "dark")]


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
    return [Shot(name, look) for name in wanted for look in LOOKS]


@dataclass
class Studio:
    """`seeded`: the data folder that each scene gets a copy of; `token`: the session of the member in it."""

    browser: Browser
    folder: Path
    seeded: Path
    token: str

    async def take(self, shot: Shot, out: Path) -> None:
        """Write the picture into `out`."""
        scene = SCENES[shot.name]
        data = self.folder / shot.file
        if scene.who != "nobody":
            await asyncio.to_thread(shutil.copytree, self.seeded, data)
        async with serving(data) as (_, home):
            await self._shoot(scene, shot.look, home, out / shot.file)
        await asyncio.to_thread(shutil.rmtree, data)

    async def _shoot(self, scene: Scene, look: Look, home: str, file: Path) -> None:
        context = await self.browser.new_context(
            **SIZES[look.size],
            color_scheme=look.theme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            service_workers="allow" if scene.shell else "block",
        )
        await context.clock.set_fixed_time(LOOKED_AT)
        if scene.who == "member":
            await context.add_cookies(
                [{"name": "safevoice", "value": self.token, "url": home, "httpOnly": True}]
            )
        page = await context.new_page()
        await page.goto(home)
        await scene.go(page)
        await page.mouse.move(0, 0)
        await page.evaluate("() => document.fonts.ready.then(() => undefined)")
        await page.screenshot(path=file, animations="disabled", caret="hide")
        await context.close()


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """A browser, and a community to look at."""
    with tempfile.TemporaryDirectory(prefix="safevoice-pictures-") as place:
        folder = Path(place)
        seeded = folder / "seeded"
        async with serving(seeded) as (house, _):
            await settle(house)
            token = await house.db.write(session)
        async with serving(seeded) as (house, _):
            await index(house)
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            yield Studio(browser, folder, seeded, token)
            await browser.close()


async def take(wanted: list[Shot], out: Path) -> None:
    """Write them into `out`, some at once."""
    async with studio() as ready:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(shot: Shot) -> None:
            async with turns:
                try:
                    await ready.take(shot, out)
                except Exception as error:
                    error.add_note(f"while taking {shot.file}")
                    raise

        async with asyncio.TaskGroup() as group:
            for shot in wanted:
                group.create_task(one(shot))
