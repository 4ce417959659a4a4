"""Links that carry a code after the `#`, where no server, log or history keeps it."""

from playwright.async_api import expect

from tests.story.stage import Stage

PASSWORD = "copper-kettle-on-the-stove"


async def test_a_code_is_gone_from_the_address_as_soon_as_it_is_read(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    for page, heading in (("reset", "This link opens nothing"), ("link", "This did not work")):
        stranger = await stage.stranger()
        stranger.expect_complaint("status of 404")
        screen = await stranger.open(f"/{page}#K7MN2PQR")
        await expect(screen.page.get_by_role("heading", name=heading)).to_be_visible()
        assert screen.page.url == f"{screen.origin}/{page}"
        assert "K7MN2PQR" not in await screen.page.evaluate("() => JSON.stringify(history.state)")


async def test_a_secret_link_goes_on_after_sign_in(stage: Stage) -> None:
    await stage.member("ada", PASSWORD)
    screen = await (await stage.stranger()).open("/secret#K7MN2PQR")
    await expect(screen.page.get_by_text("your room link goes on from there")).to_be_visible()
    assert screen.page.url == f"{screen.origin}/secret"
    # As when another provider's page came in between: the way there is not in memory any more.
    await screen.page.goto(screen.origin)
    await screen.field("Name to sign in with").fill("ada")
    await screen.field("Password").fill(PASSWORD)
    await screen.button("Sign in").click()
    await expect(screen.page.get_by_role("heading", name="Enter a secret room")).to_be_visible()
    assert screen.page.url == f"{screen.origin}/secret"
    assert await screen.page.evaluate("() => sessionStorage.length") == 0
