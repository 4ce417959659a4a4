"""Who may speak, and who is not heard."""

from playwright.async_api import expect

from tests.story.stage import Stage


async def test_what_blocked_people_say_folds_into_one_line(stage: Stage) -> None:
    room = await stage.room("ada", "bela", "cleo")
    ada, bela, cleo = await stage.screen("ada", room), await stage.client("bela"), await stage.client("cleo")
    async with stage.server.connect(await stage.account("ada")) as client:
        await client.do("block", person=(await stage.account("bela")).id)
    await cleo.post(room, "Nice weather")
    await bela.post(room, "Rude")
    await bela.post(room, "Ruder")
    await cleo.post(room, "Indeed")
    await ada.shows("Nice weather", "Indeed")
    folded = ada.log.get_by_role("article", name="2 messages from people you blocked")
    await folded.get_by_role("button").click()
    await ada.shows("Nice weather", "Rude", "Ruder", "Indeed")
    await ada.act("Rude", "More")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Hide messages").click()
    await ada.shows("Nice weather", "Ruder", "Indeed")
    await expect(ada.log.get_by_role("article", name="Message from somebody you blocked")).to_be_visible()


async def test_in_slow_mode_the_next_message_waits(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    async with stage.server.connect(await stage.account("ada")) as owner:
        await owner.do("change_room", room=room, slow_s=60)
    bela = await stage.screen("bela", room)
    await bela.say("First")
    await bela.shows_sent("First")
    await expect(bela.page.get_by_text("Slow mode: you can send again in")).to_be_visible()
    await bela.composer.fill("Second")
    await expect(bela.button("Send")).to_be_disabled()
    await bela.composer.press("Enter")
    await expect(bela.composer).to_have_value("Second")
    await bela.shows("First")
    async with stage.server.connect(await stage.account("ada")) as owner:
        await owner.do("change_room", room=room, slow_s=0)
    await expect(bela.button("Send")).to_be_enabled()
    await bela.composer.press("Enter")
    await bela.shows_sent("First", "Second")


async def test_where_one_may_not_write_the_reason_stands_in_place_of_the_field(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.screen("bela", room)
    await bela.composer.fill("Half a thought")
    async with stage.server.connect(await stage.account("ada")) as owner:
        await owner.do("change_room", room=room, posting="moderators")
        await expect(bela.page.get_by_text("Only moderators write in this room.")).to_be_visible()
        await owner.do("change_room", room=room, posting="everyone")
        # What was being written is still there.
        await expect(bela.composer).to_have_value("Half a thought")
        far = 9_999_999_999_999
        await owner.do("mute_member", room=room, person=(await stage.account("bela")).id, until=far)
        await expect(bela.page.get_by_text("You are muted until")).to_be_visible()
        await owner.do("mute_member", room=room, person=(await stage.account("bela")).id, until=0)
        await expect(bela.composer).to_be_visible()
        await owner.do("archive_room", room=room, archived=True)
        await expect(bela.page.get_by_text("This room is archived.")).to_be_visible()


async def test_somebody_who_deleted_their_account_has_no_name(stage: Stage) -> None:
    room = await stage.room("ada", "bela")
    bela = await stage.client("bela")
    await bela.post(room, "I was here")
    house = stage.server.house
    me = (await stage.account("bela")).id
    await house.db.write(lambda tx: tx.run("UPDATE accounts SET deleted_at = 1 WHERE id = :me", me=me))
    ada = await stage.screen("ada", room)
    await ada.shows("I was here")
    await expect(ada.rows.first).to_contain_text("Deleted person")
