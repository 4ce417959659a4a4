"""What is in each picture: a name, who looks, and how they get there."""

from dataclasses import dataclass

from playwright.async_api import Page, expect

from appliance.dev.browser import until
from appliance.dev.gatherings import WALKERS
from appliance.dev.portraits import NEXT_DOOR
from appliance.dev.screenshots.calls import FRIEND, HOLD, SECRECY, call
from appliance.dev.screenshots.community import BUSY, EMPTY
from appliance.dev.screenshots.disk import FETCHED, KEPT, WEIGHED, WHOLE
from appliance.dev.screenshots.letters import show_letters
from appliance.dev.screenshots.ways import PICTURED, Way, conversation


@dataclass(frozen=True)
class Scene:
    """`who` looks: a member, a stranger at the door, or nobody yet, on an empty server. `shell`: the app is
    kept in the browser, so that it starts without a network."""

    who: str
    go: Way
    shell: bool = False


async def show_settings(page: Page) -> None:
    # By a link of the app itself: a second load would show its first moments again.
    await page.locator('a[href="/settings"]:visible').first.click()
    await expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await page.wait_for_function(PICTURED)


async def show_list(page: Page) -> None:
    await expect(page.get_by_role("list", name="Conversations").get_by_role("link").first).to_be_visible()


async def show_directory(page: Page) -> None:
    if await page.locator('a[href="/browse"]:visible').count():
        await page.locator('a[href="/browse"]:visible').first.click()
    else:
        await page.get_by_role("button", name="New conversation").first.click()
        await page.get_by_role("menuitem", name="Discover rooms").click()
    await expect(page.get_by_role("list", name="Discover").get_by_role("listitem").first).to_be_visible()


async def write_offline(page: Page) -> None:
    await conversation(BUSY)(page)
    await page.evaluate(KEPT)
    await page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("No network.").locator("visible=true").first).to_be_visible()
    field = page.get_by_role("textbox", name="Message", exact=True)
    for text in ("I have the spare key, the one with the *green* ribbon.", "On my way, ten minutes."):
        await field.fill(text)
        await page.get_by_role("button", name="Send", exact=True).click()
    waiting = page.get_by_role("log").get_by_role("paragraph").filter(has_text="Waiting to send")
    await expect(waiting).to_have_count(2)
    await expect(waiting.first).to_have_css("opacity", "1")
    await expect(waiting.last).to_have_css("opacity", "1")


async def write(page: Page, words: str) -> None:
    await conversation(BUSY)(page)
    field = page.get_by_role("textbox", name="Message", exact=True)
    await field.focus()
    await field.press_sequentially(words)


async def offer_emoji(page: Page) -> None:
    await write(page, "Lovely :sun")
    await expect(page.get_by_role("option").first).to_be_visible()


async def pick_emoji(page: Page) -> None:
    await write(page, "Lovely ")
    await page.get_by_role("button", name="Emoji", exact=True).click()
    await expect(page.get_by_role("gridcell", name="grinning face", exact=True)).to_be_visible()


async def format_words(page: Page) -> None:
    await write(page, "The **green** ribbon, by noon")
    bar = page.get_by_role("toolbar", name="Format")
    button = page.get_by_role("button", name="Format", exact=True)
    # Over the keyboard of a phone it comes by itself.
    await expect(bar.or_(button).first).to_be_visible()
    if await button.is_visible():
        await button.click()
    await expect(bar).to_be_visible()


_LOOKED_AT = """() => [...document.querySelectorAll('article .skeleton')].every(
  (one) => one.getBoundingClientRect().top > innerHeight
)"""
"""Every card in sight says what was said there."""


async def catch_up(page: Page) -> None:
    await place("/catchup", "Catch up")(page)
    await expect(page.get_by_role("main").get_by_role("article").first).to_be_visible()
    await page.wait_for_function(_LOOKED_AT)


async def be_done(page: Page) -> None:
    await catch_up(page)
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.get_by_role("heading", name="All caught up")).to_be_visible()


async def catch_up_offline(page: Page) -> None:
    await catch_up(page)
    await page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("This is what your device holds")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("article").first).to_be_visible()


async def look_at_what_waits(page: Page) -> None:
    await write_offline(page)
    await page.get_by_role("link", name="2 messages wait to be sent").locator("visible=true").first.click()
    await expect(page.get_by_role("heading", name="On its way")).to_be_visible()


async def be_out_of_reach(page: Page) -> None:
    await sign_in(page)
    await page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("heading", name="SafeVoice is out of reach")).to_be_visible()


async def show_storage(page: Page) -> None:
    await page.evaluate(WEIGHED)
    # One after the other: what somebody waits for and what is fetched ahead would race for the same rooms.
    await until(page, FETCHED)
    await conversation(FRIEND)(page)
    await until(page, WHOLE)
    await page.go_back()
    await show_settings(page)
    await page.locator('a[href="/settings/storage"]:visible').first.click()
    await expect(page.get_by_role("list", name="By room").get_by_role("listitem").nth(8)).to_be_visible()


async def be_new(page: Page) -> None:
    await page.evaluate("() => localStorage.setItem('safevoice.my.steps', 'new')")
    await page.reload()
    await page.get_by_role("button", name="Later: choose what may ring").scroll_into_view_if_needed()


async def find_nothing(page: Page) -> None:
    await place("/browse", "Discover")(page)
    await page.get_by_role("searchbox").fill("unicorn stables")
    await expect(page.get_by_role("heading", name="Nothing by that name")).to_be_visible()


async def show_members(page: Page) -> None:
    await conversation(BUSY)(page)
    await page.get_by_role("button", name="Members", exact=True).click()
    await expect(page.get_by_role("region", name="Members").get_by_role("listitem").first).to_be_visible()


async def look_into(page: Page) -> None:
    await show_directory(page)
    await page.get_by_role("button", name=f"Look into {WALKERS[0]}").click()
    await expect(page.get_by_role("dialog").get_by_role("list").get_by_role("listitem").first).to_be_visible()


def begin(what: str, name: str = "", then: str = "") -> Way:
    """What the "+" opens: with a name filled in, and after a button was pressed."""

    async def go(page: Page) -> None:
        await show_list(page)
        await page.get_by_role("button", name="New conversation").locator("visible=true").first.click()
        await page.get_by_role("menuitem", name=what).locator("visible=true").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("heading").first).to_be_visible()
        if name:
            await dialog.get_by_label("Name", exact=True).fill(name)
        if then:
            await dialog.get_by_role("button", name=then).click()
            await expect(dialog.get_by_role("img")).to_be_visible()

    return go


def jump(letters: str = "") -> Way:
    """What Ctrl+K brings up, and what these letters find there."""

    async def go(page: Page) -> None:
        await show_list(page)
        await page.keyboard.press("Control+k")
        await page.get_by_role("combobox").fill(letters)
        await expect(page.get_by_role("option").first).to_be_visible()
        await page.wait_for_function(PICTURED)

    return go


def search(words: str, then: Way | None = None) -> Way:
    """The page of search, and what these words find there."""

    async def go(page: Page) -> None:
        await show_list(page)
        await page.get_by_role("button", name="Search", exact=True).locator("visible=true").click()
        field = page.get_by_role("searchbox", name="Search messages, people and rooms")
        await field.fill(words)
        if words:
            await expect(page.locator(".results[aria-busy=false]")).to_be_visible()
        if then is not None:
            await then(page)
        await page.wait_for_function(PICTURED)

    return go


async def open_hit(page: Page) -> None:
    await page.locator("a.hit").first.click()
    await expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    await page.wait_for_function("() => CSS.highlights.get('found-here')?.size > 0")


async def search_in_room(page: Page) -> None:
    await conversation(BUSY)(page)
    await page.get_by_role("button", name="Room menu").click()
    await page.get_by_role("menuitem", name="Search in this room").click()
    await page.get_by_label(f"Search in {BUSY}", exact=True).fill("key")
    await page.wait_for_function("() => CSS.highlights.get('found-here')?.size > 0")


async def tell_of_keys(page: Page) -> None:
    await jump("shortcuts")(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="On a message")).to_be_visible()


async def gather_people(page: Page) -> None:
    await begin("New group")(page)
    for name in ("Camille Roussel", "Bridget O'Malley"):
        await page.get_by_role("checkbox", name=f"Choose {name}").click()


def place(path: str, heading: str, button: str = "") -> Way:
    """A page of the app by its address; with the dialog that `button` opens."""

    async def go(page: Page) -> None:
        await page.goto(f"{page.url.rstrip('/')}{path}")
        await expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        if button:
            await page.get_by_role("main").get_by_role("button", name=button).first.click()
            await expect(page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))).to_be_visible()
        await page.wait_for_function(PICTURED)

    return go


async def sign_in(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


async def set_up(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Make a home for your people")).to_be_visible()


def office(section: str, waits_for: str, button: str = "") -> Way:
    """One of the admin pages, once `waits_for` stands there; with the dialog that `button` opens."""

    async def go(page: Page) -> None:
        await page.goto(f"{page.url.rstrip('/')}/admin/{section}")
        await expect(page.get_by_role("main").get_by_text(waits_for).first).to_be_visible()
        if button:
            await page.get_by_role("main").get_by_role("button", name=button).first.click()
            await expect(page.get_by_role("dialog")).to_be_visible()
        await page.wait_for_function(PICTURED)

    return go


async def show_person_to_the_staff(page: Page) -> None:
    await office("members", "Best Bags")(page)
    await page.get_by_role("searchbox", name="Search members by name").fill("gus")
    await expect(page.get_by_role("list", name="Members").get_by_role("link")).to_have_count(1)
    await page.get_by_role("link", name="Gus Papadakis").click()
    await expect(page.get_by_text("Muted until")).to_be_visible()


LETTERS = "letters"
"""How words are drawn on this machine: what differs here differs in all the others too."""

SCENES = {
    LETTERS: Scene("nobody", show_letters),
    "set-up": Scene("nobody", set_up),
    "sign-in": Scene("stranger", sign_in),
    "list": Scene("member", show_list),
    "room": Scene("member", conversation(BUSY)),
    "emoji": Scene("member", pick_emoji),
    "emoji-names": Scene("member", offer_emoji),
    "format": Scene("member", format_words),
    "direct-message": Scene("member", conversation(FRIEND)),
    "call-before": Scene("member", call("no call", f"Video call with {FRIEND}")),
    "call-ringing": Scene("member", call("calling")),
    "call-incoming": Scene("member", call("somebody calls with video")),
    "call-audio": Scene("member", call("audio")),
    "call-video": Scene("member", call("video")),
    "call-code": Scene("member", call("video", SECRECY)),
    "call-screen": Scene("member", call("screen")),
    "call-sharing": Scene("member", call("sharing mine")),
    "call-small": Scene("member", call("small with video")),
    "call-weak": Scene("member", call("weak")),
    "call-reconnecting": Scene("member", call("reconnecting with video")),
    "call-ended": Scene("member", call("declined")),
    "call-no-way": Scene("member", call("no way")),
    "talk-recording": Scene("member", call("hold to talk", HOLD)),
    "talk-heard": Scene("member", call("they talk")),
    "call-settings": Scene("member", place("/settings/calls", "Calls")),
    "members": Scene("member", show_members),
    "directory": Scene("member", show_directory),
    "preview": Scene("member", look_into),
    "new-room": Scene("member", begin("New room", "Harbour Choir")),
    "new-group": Scene("member", gather_people),
    "secret-room": Scene("member", begin("New secret room", "Birthday plans", "Make secret room")),
    "settings": Scene("member", show_settings),
    "catch-up": Scene("member", catch_up),
    "catch-up-offline": Scene("member", catch_up_offline, shell=True),
    "caught-up": Scene("member", be_done),
    "newcomer": Scene("member", be_new),
    "found-nothing": Scene("member", find_nothing),
    "people": Scene("member", place("/people", "People")),
    "person": Scene("member", place("/people", "People", NEXT_DOOR)),
    "profile": Scene("member", place("/settings/profile", "Profile")),
    "privacy": Scene("member", place("/settings/privacy", "Privacy")),
    "delete-account": Scene("member", place("/settings/data", "Your data", "Delete my account")),
    "switcher": Scene("member", jump()),
    "switcher-found": Scene("member", jump("ga")),
    "keys": Scene("member", tell_of_keys),
    "search": Scene("member", search("")),
    "search-found": Scene("member", search("garden -bread OR roof")),
    "search-filter": Scene("member", search("key from:")),
    "search-nothing": Scene("member", search("unicorn stables")),
    "search-arrived": Scene("member", search("tomatoes", open_hit)),
    "search-room": Scene("member", search_in_room),
    "empty-room": Scene("member", conversation(EMPTY)),
    "offline": Scene("member", write_offline, shell=True),
    "outbox": Scene("member", look_at_what_waits, shell=True),
    "out-of-reach": Scene("stranger", be_out_of_reach, shell=True),
    "storage": Scene("member", show_storage, shell=True),
    "admin-members": Scene("member", office("members", "Best Bags")),
    "admin-member": Scene("member", show_person_to_the_staff),
    "admin-rooms": Scene("member", office("rooms", "The Gate")),
    "admin-invites": Scene("member", office("invites", "Pottery course, autumn")),
    "admin-reports": Scene("member", office("reports", "Best Bags")),
    "admin-resolve": Scene("member", office("reports", "Best Bags", "Take action")),
    "admin-audit": Scene("member", office("audit", "banned")),
    "admin-calls": Scene("member", office("calls", "The certificate cannot be used")),
    "admin-settings": Scene("member", office("settings", "By night")),
}
