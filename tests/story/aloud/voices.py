"""Somebody who holds the button and talks, and what comes of it."""

from typing import Any

from playwright.async_api import Locator, expect

from appliance.dev.browser import until
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.traces import wait_for_rows

WATCH = """() => {
  window.links = []
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(config) { super(config); links.push(this) }
  }
}"""
LOUDER = """async () => {
  for (const link of links) {
    for (const each of (await link.getStats()).values()) {
      if (each.type === 'inbound-rtp' && each.packetsReceived > 10 && each.totalAudioEnergy > 0) return true
    }
  }
  return false
}"""
"""Sound came in that is not silence."""
STREAMS = """() => {
  window.streams = []
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (asked) => {
    const stream = await real(asked)
    streams.push(stream)
    return stream
  }
}"""
EAGER = """() => {
  AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0.3)
  const real = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = async function (given) {
    await new Promise((done) => setTimeout(done, 400))
    return real.call(this, given)
  }
}"""
"""They talk from the press on, and the way to the other takes a moment."""
SILENCED = """() => {
  HTMLMediaElement.prototype.play = async () => { throw new DOMException('', 'NotAllowedError') }
}"""
DEAF = """() => streams.length > 0 &&
  streams.flatMap((each) => each.getTracks()).every((track) => track.readyState === 'ended')"""
"""No microphone is open."""
ASKED = """() => {
  window.questions = 0
  const real = navigator.mediaDevices.getUserMedia
  const allowed = new Promise((done) => (window.allow = done))
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.questions += 1
    await allowed
    return real(wanted)
  }
}"""
"""The browser asks before it lets the microphone be used."""
MENU = (
    """(button) => button.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))"""
)
"""A long press asks for one; whether it would be shown. Fingers that are made up ask for none."""
HIDDEN = """() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}"""
"""The page goes out of sight, and may come back."""

# What lasts for a second is not for `expect`, which looks once a second after a while.
_SAID = """(seconds) => {
  const clock = document.querySelector('form.composer time')
  return clock !== null && Number(clock.dateTime.slice(2, -1)) >= seconds
}"""
_RECORDS = "() => document.querySelector('form.composer .lock') !== null"
_KEPT = "(rows, ms) => rows.some((row) => row.unfinished?.said.duration_ms >= ms)"
_PLAYS = """() => document.querySelector('button[aria-label="Pause"]') !== null"""


def button(screen: Screen) -> Locator:
    """What is held to talk."""
    return screen.page.get_by_role("button", name="Hold to talk")


def clock(screen: Screen) -> Locator:
    """How long somebody has been talking."""
    return screen.page.locator("form.composer time")


def notes(screen: Screen) -> Locator:
    """Voice messages on screen."""
    return screen.log.locator(".voice .track")


async def talks_for(screen: Screen, seconds: int) -> None:
    """Somebody has been talking for so long."""
    await until(screen.page, _SAID, seconds)


async def is_recorded(screen: Screen) -> None:
    """The microphone is there, and a finger or a mouse still holds the button."""
    await until(screen.page, _RECORDS)


async def is_kept(screen: Screen, seconds: int) -> None:
    """The disk has so much of what they are saying."""
    await wait_for_rows(screen.page, "recordings", _KEPT, seconds * 1000)


async def plays(screen: Screen) -> None:
    """A voice message is heard just now, however short it is."""
    await until(screen.page, _PLAYS)


async def arrives(screen: Screen, *, times: int = 1) -> None:
    """So many voice messages of one's own are with the server."""
    await expect(screen.log.locator("article:has(.voice) .ticks:not(.pending)")).to_have_count(times)
    await expect(notes(screen)).to_have_count(times)


async def press(screen: Screen) -> Any:
    """Hold the button; returns where it is."""
    await screen.page.bring_to_front()
    box = await button(screen).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await screen.page.mouse.move(x, y)
    await screen.page.mouse.down()
    return x, y


async def talk(screen: Screen) -> None:
    """Hold the button for a second, and let go."""
    await press(screen)
    await talks_for(screen, 1)
    await screen.page.mouse.up()
    await expect(clock(screen)).to_have_count(0)


async def tap(screen: Screen) -> None:
    """Press the button and let go at once."""
    await press(screen)
    await until(screen.page, _SAID, 0)
    await screen.page.mouse.up()
    await expect(clock(screen)).to_have_count(0)


async def facing(stage: Stage) -> tuple[Screen, Screen, str]:
    """Ada and Bela, each with their conversation in front of them; Bela's page may make a sound."""
    room = await stage.dm("ada", "bela")
    ada, bela = await stage.screen("ada", room), await stage.screen("bela", room)
    await bela.composer.click()
    await bela.page.evaluate(WATCH)
    return ada, bela, room


async def goes_on_alone(screen: Screen) -> None:
    """Somebody talks for a second, and need not hold the button."""
    await screen.page.bring_to_front()
    await screen.page.evaluate(STREAMS)
    await button(screen).focus()
    await screen.page.keyboard.press("Enter")
    await talks_for(screen, 1)


async def is_set_aside(screen: Screen) -> None:
    """What was said stands there as not sent."""
    await expect(notes(screen)).to_have_count(1)
    await expect(screen.log.get_by_text("Not sent")).to_be_visible()
    await expect(clock(screen)).to_have_count(0)
