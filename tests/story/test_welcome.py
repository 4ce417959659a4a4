"""The first minutes of somebody who has just joined."""

from typing import Any

from playwright.async_api import Locator, expect

from tests.story.device import phone
from tests.story.screen import Screen
from tests.story.stage import Stage
from tests.story.test_doors import PASSWORD, invitation

OFFER = """() => {
  const offer = new Event('beforeinstallprompt', { cancelable: true })
  offer.prompt = async () => { document.title = 'asked' }
  dispatchEvent(offer)
  return offer.defaultPrevented
}"""
"""What Chromium does when a page could be installed."""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


async def join(stage: Stage, **options: Any) -> Screen:
    """Cleo comes in by an invitation."""
    link = await invitation(await stage.screen("root"))
    cleo = await (await stage.stranger(**options)).open(link)
    await cleo.type_in(
        **{"Name to sign in with": "cleo", "Name that others see": "Cleo Adams", "Password": PASSWORD}
    )
    await cleo.button("Join").click()
    return cleo


def steps(screen: Screen) -> Locator:
    return screen.page.get_by_role("region", name="Lovely that you are here, Cleo")


async def test_a_newcomer_finds_a_room_says_hello_and_puts_the_steps_away(stage: Stage) -> None:
    await stage.room("ada", name="Garden")
    cleo = await join(stage)
    first = steps(cleo)
    await expect(first.get_by_role("button", name="Pick a picture")).to_be_visible()
    await expect(first).to_contain_text("As soon as you are in a room.")
    await first.get_by_role("button", name="Discover rooms").click()
    await cleo.button("Join Garden").click()
    words = cleo.page.get_by_role("group", name="Words to begin with")
    await words.get_by_role("button", name="Hi, I am Cleo. Good to be here.").click()
    await expect(cleo.composer).to_be_focused()
    await expect(cleo.composer).to_have_value("Hi, I am Cleo. Good to be here.")
    await cleo.composer.press("Enter")
    await cleo.shows_sent("Hi, I am Cleo. Good to be here.")
    await expect(words).to_have_count(0)

    await cleo.page.go_back()
    await cleo.page.go_back()
    await expect(first.get_by_role("listitem").filter(has_text="Find your rooms")).to_contain_text("Done")
    await expect(first.get_by_role("listitem").filter(has_text="Say hello")).to_contain_text("Done")
    await first.get_by_role("button", name="Put this away").click()
    await expect(cleo.page.get_by_role("heading", name="Good to have you here, Cleo")).to_be_visible()
    await cleo.page.reload()
    await expect(cleo.page.get_by_role("heading", name="Good to have you here, Cleo")).to_be_visible()
    await expect(first).to_have_count(0)


async def test_the_browsers_offer_to_install_waits_for_a_good_moment(stage: Stage) -> None:
    cleo = await join(stage, **phone())
    await expect(steps(cleo).get_by_text("Keep it at hand")).to_have_count(0)
    assert await cleo.page.evaluate(OFFER)
    await steps(cleo).get_by_role("button", name="Install the app").click()
    await expect(cleo.page).to_have_title("asked")
    await expect(steps(cleo).get_by_text("Keep it at hand")).to_have_count(0)


async def test_an_iphone_is_told_how_to_install(stage: Stage) -> None:
    cleo = await join(stage, **phone(user_agent=IPHONE))
    step = steps(cleo).get_by_role("listitem").filter(has_text="Keep it at hand")
    await expect(step).to_contain_text("Add to Home Screen")
    await expect(step.get_by_role("img", name="Share")).to_be_visible()


async def test_the_settings_install_the_app_for_whoever_put_the_steps_away(stage: Stage) -> None:
    ada = await stage.screen("ada")
    page = ada.page
    install = page.get_by_role("navigation", name="Settings").get_by_role("button", name="Install the app")
    await page.get_by_role("link", name="Settings").first.click()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    await expect(install).to_have_count(0)
    await page.go_back()
    assert await page.evaluate(OFFER)
    await page.get_by_role("link", name="Settings").first.click()
    await install.click()
    await expect(page).to_have_title("asked")
    await expect(install).to_have_count(0)


async def test_an_iphones_settings_show_by_which_steps(stage: Stage) -> None:
    ada = await stage.screen("ada", **phone(user_agent=IPHONE))
    page = ada.page
    await page.get_by_role("link", name="Settings").locator("visible=true").click()
    await page.get_by_role("button", name="Install the app").click()
    await expect(page.get_by_role("dialog").get_by_role("listitem").last).to_contain_text(
        "Add to Home Screen"
    )


async def test_whoever_was_here_before_is_not_welcomed_again(stage: Stage) -> None:
    await stage.room("ada", "bela")
    bela = await stage.screen("bela")
    await expect(bela.page.get_by_role("heading", name="Good to have you here, Bela")).to_be_visible()
    await bela.enter("Garden")
    await expect(bela.composer).to_be_visible()
    await expect(bela.page.get_by_role("group", name="Words to begin with")).to_have_count(0)
