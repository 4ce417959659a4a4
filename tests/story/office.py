"""The admin pages, as the staff uses them."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.story.device import Device, phone
from tests.story.screen import Screen
from tests.story.stage import Stage

ON_BOTH = pytest.mark.parametrize("shape", [{}, phone()], ids=["desktop", "phone"])
"""At a desk and in the hand."""


class Office(Screen):
    """A tab of somebody on the staff. `device`: the browser that it is in."""

    device: Device

    async def visit(self, section: str, subject: str = "") -> None:
        """Go to one of the admin pages by its address."""
        await self.page.goto(f"{self.origin}/admin/{section}" + (f"/{subject}" if subject else ""))

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", name=text, exact=True)

    def deed(self, name: str) -> Locator:
        """A row of what one can do, by its first words."""
        return self.page.get_by_role("main").get_by_role("button", name=name)

    def dialog(self, name: str) -> Locator:
        return self.page.get_by_role("dialog", name=name)

    async def answer(self, dialog: str, button: str) -> None:
        """Press a button of a dialog, and wait until it has closed."""
        shown = self.page.get_by_role("dialog", name=dialog).or_(
            self.page.get_by_role("alertdialog", name=dialog)
        )
        await shown.get_by_role("button", name=button, exact=True).click()
        await expect(shown).to_have_count(0)
        await self.nothing_lies_over_it()


async def office(stage: Stage, name: str = "root", section: str = "", **options: Any) -> Office:
    """One more browser of somebody on the staff, on the admin pages."""
    device = await stage.device(name, **options)
    screen = await device.open("/admin/" + section if section else "/admin")
    made = Office(screen.page)
    made.device = device
    return made


async def standing(stage: Stage, name: str) -> dict[str, Any]:
    """What the server holds about somebody."""
    account = (await stage.account(name)).id
    sql = "SELECT role, suspended_until, suspended_why, muted_until, trusted_at FROM accounts WHERE id = :id"
    row = await stage.server.house.db.read(lambda db: db.row(sql, id=account))
    assert row is not None
    return dict(
        zip(("role", "suspended_until", "suspended_why", "muted_until", "trusted_at"), row, strict=True)
    )
