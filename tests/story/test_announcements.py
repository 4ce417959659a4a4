"""What a screen reader says by itself: every piece of news once, and nothing else."""

import asyncio

from playwright.async_api import expect

from appliance.features.people import actions as people
from appliance.features.people.model import Block
from appliance.kernel.session import Who
from tests.story.device import Device
from tests.story.screen import Screen
from tests.story.stage import Stage

_LISTEN = """() => {
  window.heard = []
  const LIVE = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
  const SILENT = '[role=timer], [aria-live=off], [aria-hidden=true]'
  const hear = (node, text) => {
    const element = node.nodeType === 1 ? node : node.parentElement
    const region = element?.closest(LIVE)
    const silent = element?.closest(SILENT)
    if (!region || (silent && region.contains(silent)) || !region.checkVisibility()) return
    if (text.trim()) window.heard.push(text.trim().replace(/\\s+/g, ' '))
  }
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'characterData') hear(change.target, change.target.data)
      else {
        // What was just put in is heard as a change of the region that it was put into.
        const nodes = [...change.addedNodes].filter((node) => node.nodeType !== 8)
        for (const node of nodes) hear(change.target, node.textContent)
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}"""


async def listened(stage: Stage, name: str, room: str) -> tuple[Device, Screen]:
    """Somebody in a room, whose screen reader is heard from now on."""
    device = await stage.device(name)
    screen = await device.open(f"/room/{room}")
    await screen.is_connected()
    await expect(screen.log).to_have_attribute("aria-busy", "false")
    await screen.page.evaluate(_LISTEN)
    return device, screen


async def hears(screen: Screen, *expected: str) -> None:
    """All that was said so far, in order; waits for the last of it."""
    await screen.page.wait_for_function("(n) => window.heard.length >= n", arg=len(expected))
    heard = await screen.page.evaluate("() => window.heard")
    assert heard == list(expected)


async def test_news_of_the_open_room_is_read_out_once_and_ones_own_words_are_not(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    elsewhere = await stage.room("ada", "bela", name="Elsewhere")
    bela = await stage.client("bela")
    await bela.post(room, "Said before Ada came")
    _, ada = await listened(stage, "ada", room)
    await ada.shows("Said before Ada came")
    await bela.post(room, "The *kettle* is on")
    await hears(ada, "Bela: The kettle is on")
    await ada.say("My own words")
    await ada.shows_sent("Said before Ada came", "The kettle is on", "My own words")
    await bela.post(elsewhere, "Not in this room")
    await expect(ada.room("Elsewhere")).to_contain_text("Not in this room")
    # The notice that comes up for other rooms. The same words are said again, and are heard again.
    notice = "Elsewhere Bela: Not in this room"
    await hears(ada, "Bela: The kettle is on", notice)
    await bela.post(room, "The *kettle* is on")
    await hears(ada, "Bela: The kettle is on", notice, "Bela: The kettle is on")


async def test_many_at_once_are_counted_and_somebody_who_is_blocked_is_not(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "chidi")
    bela, chidi = await stage.client("bela"), await stage.client("chidi")
    who = await stage.account("ada")
    command = Block(client_id="block-chidi-00001", person=(await stage.account("chidi")).id)
    await stage.server.house.db.write(lambda tx: people.block(tx, Who(who.id, who.device), command))
    _, ada = await listened(stage, "ada", room)
    for n in range(3):
        await bela.post(room, f"Plum {n}")
        await chidi.post(room, f"Pear {n}")
    await hears(ada, "3 new messages")


async def test_a_room_that_never_pauses_is_told_of_all_the_same(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    _, ada = await listened(stage, "ada", room)
    said = 0
    async with asyncio.timeout(20):
        while not await ada.page.evaluate("() => window.heard.length"):
            await bela.post(room, f"Word {said}")
            said += 1
            await expect(ada.texts.last).to_have_text(f"Word {said - 1}")
            await ada.page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 400))")
    assert said > 5


async def test_a_lost_connection_is_told_when_it_goes_and_when_it_comes_back(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    device, ada = await listened(stage, "ada", room)
    device.line.go_down()
    # Each try counts its seconds down in sight; that is not read out.
    await expect(ada.notice("No answer. Next try in")).to_be_visible()
    await device.find_network()
    await ada.is_connected()
    await hears(ada, "Reconnecting", "Connected")
