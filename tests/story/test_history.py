"""A room with a long past."""

import shutil
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from appliance.features.messages.actions import Messages
from appliance.features.messages.model import Post
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx
from tests.server import Account, serving
from tests.story.screen import Screen
from tests.story.stage import Stage, staged

COUNT = 20_000
OLD = 5_000
"""The message that the last one answers."""

LENGTHS = (3, 40, 9, 120, 1, 60, 300, 15)
"""Words of a message, so that rows are of very different heights."""

_FROM_END = "() => (log => log.scrollHeight - log.scrollTop)(document.querySelector('[role=log]'))"
_HIGHER = f"(end) => document.querySelector('[role=log]').scrollTop < 1 || ({_FROM_END})() > end"
"""Further from the newest message than that, or as high as it goes for now."""

Archive = tuple[Path, Account, Account, str]


def words(number: int) -> str:
    return f"Message {number}. " + "and so on " * (LENGTHS[number % len(LENGTHS)] // 3)


def fill(tx: Tx, room: str, authors: list[Who]) -> None:
    """Everything that was ever said in the room."""
    messages, old = Messages(8192), ""
    for number in range(1, COUNT + 1):
        content = msgspec.Raw(msgspec.json.encode({"type": "text", "text": words(number)}))
        reply_to = old if number == COUNT else None
        command = Post(client_id=f"archive-{number:012d}", room=room, content=content, reply_to=reply_to)
        # Runs of one author, so that there are groups.
        made = messages.post(tx, authors[number // 5 % 2], command)
        if number == OLD:
            old = made.subject


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The data folder, Ada and Bela, and their room."""
    folder = tmp_path_factory.mktemp("archive") / "data"
    async with serving(folder) as server:
        ada, bela = await server.account("ada"), await server.account("bela")
        async with server.connect(ada) as client:
            made = await client.do("create_room", name="Archive")
            await client.do("add_member", room=made["subject"], person=bela.id)
        room = str(made["subject"])
        authors = [Who(ada.id, ada.device), Who(bela.id, bela.device)]
        await server.house.db.write(lambda tx: fill(tx, room, authors))
        for account in (ada, bela):
            async with server.connect(account) as client:
                await client.ask("read", room=room, seq=COUNT)
    return folder, ada, bela, room


@pytest_asyncio.fixture(loop_scope="session")
async def library(archive: Archive, chromium: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    """A server on a copy of the archive."""
    folder, ada, bela, _ = archive
    shutil.copytree(folder, tmp_path / "data")
    async with staged(chromium, tmp_path / "data") as stage:
        stage.knows(ada=ada, bela=bela)
        yield stage


WATCH = """(log) => {
  // What is on screen in each frame: the first and last row held, and where each visible row stands.
  const frames = []
  const look = () => {
    const box = log.getBoundingClientRect()
    const tops = {}
    for (const row of log.querySelectorAll('[data-key]')) {
      const { top, bottom } = row.getBoundingClientRect()
      if (bottom > box.top && top < box.bottom) tops[row.dataset.key] = top
    }
    frames.push({ height: log.scrollHeight, tops })
    window.watching = requestAnimationFrame(look)
  }
  look()
  window.frames_seen = frames
}"""

STOP = """() => { cancelAnimationFrame(window.watching); return window.frames_seen }"""

AT_REST = """async (log) => {
  // Until the list has stopped growing and measuring.
  let height = -1, calm = 0
  const end = performance.now() + 6000
  while (calm < 12 && performance.now() < end) {
    await new Promise(requestAnimationFrame)
    calm = log.scrollHeight === height && log.getAttribute('aria-busy') === 'false' ? calm + 1 : 0
    height = log.scrollHeight
  }
}"""


def worst_move(frames: list[dict[str, Any]]) -> float:
    """The largest step, in px, that a row made from one frame to the next while nobody scrolled."""
    worst = 0.0
    for before, after in pairwise(frames):
        for key in before["tops"].keys() & after["tops"].keys():
            worst = max(worst, abs(after["tops"][key] - before["tops"][key]))
    return worst


async def test_older_pages_come_without_moving_what_one_reads(library: Stage, archive: Archive) -> None:
    screen = await library.screen("ada", archive[3])
    await expect(screen.texts.last).to_contain_text(f"Message {COUNT}.")
    log = await screen.log.element_handle()
    assert log is not None
    grew = 0
    for _ in range(8):
        await log.evaluate(AT_REST)
        before = await log.evaluate("(log) => { log.scrollTop = 300; return log.scrollHeight }")
        # The jump itself is ours; from the next frame on nothing may move.
        await screen.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        await log.evaluate(WATCH)
        await log.evaluate(AT_REST)
        frames = await screen.page.evaluate(STOP)
        grew += frames[-1]["height"] > before
        assert worst_move(frames) <= 1, "rows jumped when a page was prepended"
    assert grew >= 6, "older pages did not come"


async def test_scrolling_up_by_the_wheel_reads_backwards_without_gaps(
    library: Stage, archive: Archive
) -> None:
    screen = await library.screen("ada", archive[3])
    await expect(screen.texts.last).to_contain_text(f"Message {COUNT}.")
    await screen.log.hover()
    seen: set[int] = set()
    for _ in range(60):
        seen |= {number_of(said.text) for said in await screen.transcript()}
        end = await screen.page.evaluate(_FROM_END)
        await screen.page.mouse.wheel(0, -500)
        # A turn that comes before the last one is drawn adds to it, and what lies between is passed over.
        await screen.page.wait_for_function(_HIGHER, arg=end)
    assert min(seen) < COUNT - 80
    assert seen == set(range(min(seen), COUNT + 1)), "some messages were never on screen"


async def test_a_quote_leads_far_back_and_the_button_leads_home(library: Stage, archive: Archive) -> None:
    screen = await library.screen("ada", archive[3])
    await screen.quote("Ada").click()
    target = screen.rows.filter(has_text=f"Message {OLD}.")
    await screen.points_at(f"Message {OLD}.")
    await expect(target).to_be_in_viewport()
    around = [number_of(said.text) for said in await screen.transcript()]
    assert around == list(range(around[0], around[-1] + 1))
    assert around[0] < OLD < around[-1]
    await screen.button("Jump to the newest message").click()
    await expect(screen.rows.last).to_be_in_viewport()
    await expect(screen.texts.last).to_contain_text(f"Message {COUNT}.")


async def test_one_reads_on_downwards_from_a_link_to_an_old_message(library: Stage, archive: Archive) -> None:
    sql = "SELECT id FROM messages WHERE room = :room AND client_id = :client_id"
    client_id = f"archive-{OLD:012d}"
    db = library.server.house.db
    message = await db.read(lambda reader: reader.value(sql, room=archive[3], client_id=client_id))
    device = await library.device("ada")
    screen: Screen = await device.open(f"/room/{archive[3]}/m/{message}")
    await expect(screen.rows.filter(has_text=f"Message {OLD}.")).to_be_in_viewport()
    await screen.log.hover()
    seen: set[int] = set()
    for _ in range(40):
        seen |= {number_of(said.text) for said in await screen.transcript()}
        await screen.page.mouse.wheel(0, 500)
        await screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert max(seen) > OLD + 50
    assert seen == set(range(min(seen), max(seen) + 1))


async def test_a_room_opens_at_the_first_unread_message_and_reading_moves_the_mark(
    library: Stage, archive: Archive
) -> None:
    room = archive[3]
    bela, ada = await library.client("bela"), await library.screen("ada")
    head = (await bela.post(room, "Where we stopped"))["seq"]
    async with library.server.connect(await library.account("ada")) as phone:
        await phone.ask("read", room=room, seq=head)
    fresh = [f"News {number} " + "and more of it " * 12 for number in range(30)]
    for text in fresh:
        await bela.post(room, text)
    await expect(ada.room("Archive")).to_contain_text("30 unread messages")
    await ada.enter("Archive")
    line = ada.log.get_by_text("New", exact=True)
    await expect(line).to_be_in_viewport()
    await expect(ada.rows.filter(has_text="News 0 ")).to_be_in_viewport()
    await expect(ada.room("Archive")).to_contain_text("unread messages")
    await ada.button("Jump to the newest message").click()
    await expect(ada.rows.filter(has_text="News 29 ")).to_be_in_viewport()
    await expect(ada.room("Archive")).not_to_contain_text("unread")


def number_of(text: str) -> int:
    return int(text.split()[1].rstrip("."))
