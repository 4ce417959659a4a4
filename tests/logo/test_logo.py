"""The community's logo: what an admin sends comes out as icons that anybody may see, or nothing does."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from appliance.features.logo.model import short_name
from tests.edge.browser import browser
from tests.people.drawing import BLUE, encoded, flag, near, png
from tests.server import Account, Server, serving

LINEN, DUSK = (252, 247, 240), (38, 25, 40)


def disc(colour: tuple[int, int, int], side: int = 400) -> Image.Image:
    """A round mark that lets its ground show, with air around it."""
    image = Image.new("RGBA", (side, side))
    ImageDraw.Draw(image).ellipse((side // 4, side // 4, side * 3 // 4, side * 3 // 4), (*colour, 255))
    return image


async def hang(server: Server, who: Account, data: bytes) -> Any:
    async with browser(server, who.token) as b:
        return await b.put("/api/logo", content=data)


async def seen(server: Server, logo: str, form: str) -> Image.Image:
    """What somebody without a session sees."""
    async with browser(server) as b:
        answer = await b.get(f"/api/logo/{logo}/{form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    return Image.open(io.BytesIO(answer.content))


async def manifest(server: Server) -> Any:
    async with browser(server) as b:
        return (await b.get("/manifest.webmanifest")).json()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_logo_becomes_icons_of_every_size_that_a_stranger_sees(server: Server, kind: str) -> None:
    ada = await server.account("ada", admin=True)
    answer = await hang(server, ada, encoded(flag(600, 600), kind))
    assert answer.status_code == 200, answer.text
    logo = answer.json()["logo"]
    for form, side in (("tile", 512), ("small", 192), ("maskable", 512), ("tab", 64)):
        assert (await seen(server, logo, form)).size == (side, side)
    async with browser(server) as b:
        assert (await b.get("/api/community")).json()["logo"] == logo
    icons = (await manifest(server))["icons"]
    assert [icon["purpose"] for icon in icons] == ["any", "any", "maskable"]
    async with browser(server) as b:
        for icon in icons:
            image = Image.open(io.BytesIO((await b.get(icon["src"])).content))
            assert f"{image.width}x{image.height}" == icon["sizes"]


@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        (disc((255, 250, 240)), DUSK),
        (disc((30, 20, 60)), LINEN),
        # Its own edge goes on to the rim.
        (Image.new("RGB", (300, 200), BLUE), BLUE),
    ],
)
async def test_the_ground_is_one_that_the_mark_stands_out_from(
    server: Server, mark: Image.Image, ground: tuple[int, int, int]
) -> None:
    ada = await server.account("ada", admin=True)
    logo = (await hang(server, ada, encoded(mark, "PNG"))).json()["logo"]
    for form in ("tile", "small", "maskable"):
        image = await seen(server, logo, form)
        assert image.mode == "RGB"
        assert near(image.getpixel((2, 2)), ground), form


async def test_what_a_launcher_may_cut_away_holds_nothing_of_the_mark(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    logo = (await hang(server, ada, encoded(flag(600, 600), "PNG"))).json()["logo"]
    image = await seen(server, logo, "maskable")
    outside = [
        image.getpixel((x, y))
        for x in range(0, 512, 7)
        for y in range(0, 512, 7)
        if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2
    ]
    assert len({*outside}) == 1


async def test_air_around_a_mark_makes_it_no_smaller(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    logo = (await hang(server, ada, encoded(disc((30, 20, 60)), "PNG"))).json()["logo"]
    alpha = (await seen(server, logo, "tab")).getchannel("A")
    assert alpha.getbbox() == (0, 0, 64, 64)


HOSTILE = {
    "nothing": b"",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "gif": encoded(flag(), "GIF"),
    "avif": encoded(flag(), "AVIF"),
    "less than it says": png(4000, 4000, bytes(100)),
    "a bomb": png(30_000, 30_000, bytes(3 * 30_000 * 30)),
    "too small": encoded(flag(100, 60), "PNG"),
    "nothing to see": encoded(Image.new("RGBA", (300, 300)), "PNG"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_logo_is_refused_and_changes_nothing(server: Server, what: str) -> None:
    ada = await server.account("ada", admin=True)
    logo = (await hang(server, ada, encoded(flag(), "PNG"))).json()["logo"]
    answer = await hang(server, ada, HOSTILE[what])
    assert answer.status_code in (413, 415), answer.text
    assert (await seen(server, logo, "small")).size == (192, 192)


async def test_a_file_says_nothing_of_itself_behind_its_pixels(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    exif = Image.Exif()
    exif[0x010F] = "A camera with a serial number"
    logo = (await hang(server, ada, encoded(flag(), "JPEG", exif=exif, comment=b"Elm Street 4"))).json()[
        "logo"
    ]
    async with browser(server) as b:
        for form in ("tile", "small", "maskable", "tab"):
            content = (await b.get(f"/api/logo/{logo}/{form}")).content
            assert b"serial" not in content
            assert b"Elm" not in content


async def test_only_admins_change_it_and_the_book_says_who(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    for role in ("member", "moderator", "guest"):
        somebody = await server.account(role, role=role)
        assert (await hang(server, somebody, encoded(flag(), "PNG"))).status_code == 403
    async with browser(server) as b:
        assert (await b.put("/api/logo", content=encoded(flag(), "PNG"))).status_code == 401
    assert (await hang(server, ada, encoded(flag(), "PNG"))).status_code == 200
    async with browser(server, ada.token) as b:
        assert (await b.delete("/api/logo")).status_code == 204
        assert (await b.delete("/api/logo")).status_code == 204
        entries = (await b.get("/api/audit")).json()["entries"]
    noted = [(e["action"], e["subject"], e["detail"]) for e in entries]
    assert noted == [("settings.change", "logo", "removed"), ("settings.change", "logo", "changed")]


async def test_another_logo_has_another_address_and_the_last_one_is_gone(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    bela = await server.account("bela")
    async with server.connect(bela) as here:
        first = (await hang(server, ada, encoded(flag(), "PNG"))).json()["logo"]
        await here.until(lambda frame: frame["op"] == "settings")
        second = (await hang(server, ada, encoded(disc(BLUE), "PNG"))).json()["logo"]
    async with browser(server, ada.token) as b:
        assert (await b.get(f"/api/logo/{first}/small")).status_code == 404
        assert (await b.get(f"/api/logo/{second}/small")).status_code == 200
        assert (await b.get(f"/api/logo/{second}/huge")).status_code == 404
        await b.delete("/api/logo")
        assert (await b.get(f"/api/logo/{second}/small")).status_code == 404
        assert (await b.get("/api/community")).json().get("logo", "") == ""


async def test_the_manifest_is_the_communitys_and_tells_a_stranger_nothing_else(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    async with browser(server, ada.token) as b:
        await b.patch("/api/settings", json={"name": "Harbour Street Choir", "accent": "#1f6f5c"})
    async with browser(server) as b:
        answer = await b.get("/manifest.webmanifest")
        again = await b.get("/manifest.webmanifest", headers={"if-none-match": answer.headers["etag"]})
    assert answer.headers["content-type"] == "application/manifest+json"
    assert answer.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    told = answer.json()
    assert (told["name"], told["short_name"], told["theme_color"]) == (
        "Harbour Street Choir",
        "Harbour",
        "#1f6f5c",
    )
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert all(icon["src"].startswith("/icon") for icon in told["icons"])
    assert "ada" not in answer.text


def test_a_short_name_is_whole_words_where_it_can_be() -> None:
    assert short_name("SafeVoice") == "SafeVoice"
    assert short_name("Elm Street 4") == "Elm Street 4"
    assert short_name("The Elm Street Neighbours") == "The Elm"
    assert short_name("Donaudampfschifffahrt") == "Donaudampfsc"


async def test_a_logo_outlives_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada", admin=True)
        logo = (await hang(server, ada, encoded(flag(), "PNG"))).json()["logo"]
    async with serving(tmp_path / "data") as server:
        assert (await seen(server, logo, "tile")).size == (512, 512)
