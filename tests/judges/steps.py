"""What leads into a state: small moves of somebody at the page, put together in the table of states."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

Step = Callable[[Page], Awaitable[None]]

PART = "…"
"""Before a name: it is a part of the whole name."""


def sees(role: str, name: str = "") -> Step:
    """Wait until it stands there."""

    async def step(page: Page) -> None:
        await expect(_named(page, role, name).locator("visible=true").first).to_be_visible()

    return step


def reads(text: str) -> Step:
    """Wait for these words."""

    async def step(page: Page) -> None:
        await expect(page.get_by_text(text).locator("visible=true").first).to_be_visible()

    return step


def presses(name: str, role: str = "button", within: str = "body") -> Step:
    """Click the first of that name in sight. What is open on top comes before what lies below it."""

    async def step(page: Page) -> None:
        top = page.locator("dialog:modal, :popover-open")
        around = top.last if await top.count() else page.locator(within)
        await _named(around, role, name).locator("visible=true").first.click()

    return step


def types(label: str, text: str) -> Step:
    """Fill a field."""

    async def step(page: Page) -> None:
        await page.get_by_label(label, exact=True).locator("visible=true").first.fill(text)

    return step


def keys(*names: str) -> Step:
    """Press keys, one after the other."""

    async def step(page: Page) -> None:
        for name in names:
            await page.keyboard.press(name)

    return step


def hovers(selector: str) -> Step:
    """Bring the pointer over the last of these."""

    async def step(page: Page) -> None:
        await page.locator(selector).locator("visible=true").last.hover()

    return step


async def opens(page: Page) -> None:
    """Wait for the dialog or menu that the last step brought up, with what it shows."""
    await expect(page.locator("dialog:modal, :popover-open").last).to_be_visible()
    await expect(page.locator("dialog:modal [aria-busy=true]")).to_have_count(0)


def plays(scene: str, title: str) -> Step:
    """A call in this state, which nobody makes, over a conversation."""

    async def step(page: Page) -> None:
        calls = page.get_by_role("region", name="Calls", exact=True)
        await calls.get_by_label("Where").select_option(label=title)
        await calls.get_by_role("button", name=scene, exact=True).click()
        await expect(page.get_by_role("region", name=f"Conversation: {title}")).to_be_attached()

    return step


def begins(what: str) -> Step:
    """What the "+" opens."""

    async def step(page: Page) -> None:
        await presses("New conversation")(page)
        await presses(what, "menuitem")(page)
        await opens(page)

    return step


async def holds(page: Page) -> None:
    """Press a message until its actions come up, as a finger does."""
    bubble = page.locator("article .bubble").locator("visible=true").last
    box = await bubble.bounding_box()
    assert box is not None
    touch = {"x": box["x"] + 20, "y": box["y"] + box["height"] / 2}
    session = await page.context.new_cdp_session(page)
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    await expect(page.get_by_role("dialog", name="Message actions")).to_be_visible()
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def loses_network(page: Page) -> None:
    """As in a tunnel; the browser knows."""
    await page.context.set_offline(True)
    await expect(page.get_by_text("No network.").locator("visible=true").first).to_be_visible()


_INTERRUPTED = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open('safevoice')
    asked.onsuccess = () => done(asked.result)
  })
  const tx = db.transaction('recordings', 'readwrite')
  const said = { duration_ms: 83_000, waveform: 'AAAA' }
  const unfinished = { page: 'gone', room: location.pathname.split('/').at(-1), replyTo: '', said }
  const sound = { type: 'audio/webm', parts: [new ArrayBuffer(9)] }
  tx.objectStore('recordings').put({ client_id: 'left', ...sound, created: Date.now(), unfinished })
  await new Promise((done) => (tx.oncomplete = done))
  db.close()
  document.dispatchEvent(new Event('visibilitychange'))
}"""


async def was_interrupted(page: Page) -> None:
    """Another page died while somebody spoke in this conversation."""
    await page.evaluate(_INTERRUPTED)
    await expect(page.get_by_text("A recording was interrupted")).to_be_visible()


async def wants_contrast(page: Page) -> None:
    """The system of whoever looks asks for more of it."""
    await page.emulate_media(contrast="more")
    await expect(page.locator("html[data-contrast=more]")).to_be_attached()


def _named(around: Page | Locator, role: str, name: str) -> Locator:
    if not name:
        return around.locator(f"role={role}")
    part = name.removeprefix(PART)
    return around.locator(f'role={role}[name{"=" if part == name else "*="}"{part}"]')
