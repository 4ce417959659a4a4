"""Finding rooms."""

from playwright.async_api import expect

from tests.story.stage import Stage


async def test_an_admin_orders_the_categories_and_rooms_stand_under_them(stage: Stage) -> None:
    await stage.room("ada", name="Tomatoes")
    await stage.room("ada", name="Kiln")
    root, ada = await stage.screen("root"), await stage.screen("ada")
    await root.page.goto(root.origin + "/browse")
    await root.button("Categories").click()
    dialog = root.page.get_by_role("dialog", name="Categories")
    for name in ("Making", "Growing", "A mistake"):
        await dialog.get_by_role("button", name="Add a category").click()
        await root.page.keyboard.type(name)
    await dialog.get_by_role("button", name="Remove A mistake").click()
    await dialog.get_by_role("button", name="Move Growing up").click()
    await dialog.get_by_role("button", name="Save").click()
    filters = root.page.get_by_role("group", name="Categories").get_by_role("button")
    await expect(filters).to_have_text(["All", "Growing", "Making"])
    for room, category in (("Tomatoes", "Growing"), ("Kiln", "Making")):
        await ada.enter(room)
        if room == "Tomatoes":
            await ada.button("Members").click()
        await (
            ada.page.get_by_role("region", name="About this room").get_by_role("button", name="Edit").click()
        )
        await ada.page.get_by_label("Category").select_option(category)
        await ada.button("Save").click()
        await expect(ada.page.get_by_role("dialog")).to_be_hidden()
    await root.page.reload()
    headings = root.page.get_by_role("main").get_by_role("heading", level=2)
    await expect(headings).to_have_text(["Growing", "Making"])
    await expect(root.page.get_by_role("list", name="Growing")).to_contain_text("Tomatoes")
    await root.button("Making").click()
    await expect(root.button("Join Kiln")).to_be_visible()
    await expect(root.button("Join Tomatoes")).to_be_hidden()


async def test_one_looks_into_a_room_before_joining_it(stage: Stage) -> None:
    room = await stage.room("ada", name="Allotment", topic="Water is on from March")
    client = await stage.client("ada")
    await client.post(room, "The slugs **won** again")
    bela = await stage.screen("bela")
    await bela.page.goto(bela.origin + "/browse")
    await bela.button("Look into Allotment").click()
    sheet = bela.page.get_by_role("dialog", name="Allotment")
    await expect(sheet).to_contain_text("Water is on from March")
    await expect(sheet.get_by_role("list", name="Newest messages in Allotment")).to_contain_text(
        "The slugs won again"
    )
    assert not await bela.room("Allotment").count()
    await sheet.get_by_role("button", name="Join Allotment").click()
    await bela.shows("The slugs won again")


async def test_a_room_that_hides_its_past_shows_nothing_of_it_before(stage: Stage) -> None:
    room = await stage.room("ada", name="Council", history="joined")
    client = await stage.client("ada")
    await client.post(room, "Between us")
    bela = await stage.screen("bela")
    await bela.page.goto(bela.origin + "/browse")
    await bela.button("Look into Council").click()
    sheet = bela.page.get_by_role("dialog", name="Council")
    await expect(sheet).to_contain_text("Newcomers see here what is said from when they join.")
    await expect(sheet).not_to_contain_text("Between us")


async def test_what_is_searched_for_is_found_or_can_be_made(stage: Stage) -> None:
    for name in ("Garden", "Gardening at night", "Kitchen"):
        await stage.room("ada", name=name)
    bela = await stage.screen("bela")
    await bela.page.goto(bela.origin + "/browse")
    await expect(bela.button("Join Kitchen")).to_be_visible()
    await bela.field("Search rooms").fill("gard")
    await expect(bela.button("Join Kitchen")).to_be_hidden()
    await expect(bela.button("Join Gardening at night")).to_be_visible()
    await bela.field("Search rooms").fill("Kayaking")
    await expect(bela.page.get_by_role("heading", name="Nothing by that name")).to_be_visible()
    await bela.button("Make room").click()
    await expect(bela.field("Name")).to_have_value("Kayaking")
