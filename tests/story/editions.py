"""Another version of the web app than the one that was built, on a server that goes on running."""

import re
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from playwright.async_api import Page, expect

from appliance.edge import pwa

VERSION = "next"
NEXT = '<meta name="generator" content="next" />'


class Editions(pwa.WebApp):
    """In the place of the app that a server serves."""

    latest: "Editions"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        Editions.latest = self

    def publish(self, folder: Path) -> None:
        """From now on this version; of the older one no file is left."""
        self._assets = pwa.WebApp(folder)._assets


def next_edition(folder: Path) -> Path:
    """The built app as if it had changed everywhere: each script has another name."""
    # What was packed beside the files would still say the old.
    copytree(pwa.STATIC, folder, ignore=ignore_patterns(*(f"*{ending}" for ending in pwa.PACKED.values())))
    scripts = sorted(folder.glob("assets/*.js"))
    names = {script.stem: f"{script.stem}n" for script in scripts}
    word = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    for file in [*scripts, *folder.glob("assets/*.css"), folder / "sw.js", folder / "index.html"]:
        text = word.sub(lambda found: names[found[0]], file.read_text())
        if file.name == "sw.js":
            text, digests = re.subn(r"(?<=shell-)[0-9a-f]{16}", VERSION, text)
            assert digests == 1
        file.write_text(text.replace("</head>", f"{NEXT}</head>"))
    for script in scripts:
        script.rename(script.with_stem(names[script.stem]))
    return folder


_FETCHED = """async (version) => {
  const there = async () => {
    const found = await caches.match('/', { cacheName: `shell-${version}` })
    return found !== undefined
  }
  while (!(await there())) await new Promise((done) => setTimeout(done, 50))
}"""


async def fetched(page: Page) -> None:
    """Until the browser has all files of the next version."""
    await page.evaluate(_FETCHED, VERSION)


async def expect_next(page: Page) -> None:
    """Until the page is of the next version."""
    await expect(page.locator('meta[name="generator"][content="next"]')).to_have_count(1)
