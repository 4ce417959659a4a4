"""The Nu Html Checker of the W3C, on the document as the app has built it."""

import asyncio
import json
import re
from pathlib import Path

from playwright.async_api import Page

JAR = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"

WRONG: tuple[tuple[str, str], ...] = (
    (
        "“aria-activedescendant” value should either refer to a descendant",
        "A text box may also point into what it controls (WAI-ARIA 1.2), and ours does.",
    ),
)
"""Messages that are no faults here: a pattern, and why."""


async def written(page: Page) -> str:
    """The document as it stands."""
    html: str = await page.evaluate("() => '<!DOCTYPE html>\\n' + document.documentElement.outerHTML")
    return html


async def faults(folder: Path) -> list[tuple[str, str]]:
    """The file's stem and the message, for all documents in the folder; one start of Java for all."""
    command = (
        "java",
        "-Xss8m",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        str(JAR),
        "--format",
        "json",
        "--exit-zero-always",
    )
    checker = await asyncio.create_subprocess_exec(
        *command, "--skip-non-html", str(folder), stderr=asyncio.subprocess.PIPE
    )
    _, told = await checker.communicate()
    if checker.returncode:
        raise RuntimeError(told.decode())
    found = []
    for message in json.loads(told)["messages"]:
        text = f"{message['message']} {_tag(message.get('extract', ''))}"
        if not any(re.search(pattern, text) for pattern, _ in WRONG):
            found.append((Path(message["url"]).stem, text))
    return found


def _tag(extract: str) -> str:
    """The element that it is about, without what differs from page to page."""
    tag = re.findall(r"<[a-z][^<]*", " ".join(extract.split()))
    return re.sub(
        r' (id|style|popovertarget|aria-labelledby|for)="[^"]*"', "", tag[-2] if len(tag) > 1 else extract
    )
