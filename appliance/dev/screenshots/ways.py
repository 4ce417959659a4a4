"""What many ways into a picture have in common."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

Way = Callable[[Page], Awaitable[None]]


def conversation(title: str) -> Way:
    async def go(page: Page) -> None:
        await page.get_by_role("list", name="Conversations").get_by_role("link", name=title).first.click()
        await expect(page.get_by_role("region", name=f"Conversation: {title}")).to_be_visible()
        await expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")

    return go


PICTURED = """() => [...document.images, ...document.querySelectorAll('video')].every((image) => {
  const { top, left } = image.getBoundingClientRect()
  const far = top > innerHeight || left > innerWidth || !image.checkVisibility()
  return far || image.complete || (image.videoWidth > 0 && image.readyState > 1)
})"""
"""Whatever is in sight has its picture; what is not may never load one."""
