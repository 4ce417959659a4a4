"""Pictures: whatever comes in, two small squares come out, or nothing."""

import asyncio
import os
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from appliance.features.people import worker
from appliance.features.people.pictures import MOST_BYTES, Pictures
from appliance.kernel.ids import new_id
from tests.durability.process import accounts_in, running
from tests.edge.browser import browser
from tests.people.drawing import BLUE, GREEN, RED, encoded, flag, near, png, put, shown
from tests.server import Server, room_of, serving


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
async def test_a_picture_of_any_usual_kind_becomes_two_squares(server: Server, kind: str) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    answer = await put(server, ada, encoded(flag(1600, 1000), kind))
    assert answer.status_code == 200, answer.text
    for small, side in ((False, 512), (True, 96)):
        image = await shown(server, bela, answer.json()["picture"], small=small)
        assert (image.format, image.size) == ("WEBP", (side, side))
        assert near(image.convert("RGB").getpixel((side // 2, side // 2)), GREEN)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_a_picture_in_any_colours_is_taken(server: Server, mode: str) -> None:
    image = Image.new("I;16", (300, 200), 40_000) if mode == "I;16" else flag().convert(mode)
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    answer = await put(server, await server.account("ada"), data)
    assert answer.status_code == 200, answer.text


async def test_sixteen_bits_are_scaled_not_cut_off(server: Server) -> None:
    ada = await server.account("ada")
    data = encoded(Image.new("I;16", (64, 64), 128 * 257), "PNG")
    image = await shown(server, ada, (await put(server, ada, data)).json()["picture"])
    assert near(image.convert("RGB").getpixel((32, 32)), (128, 128, 128))


async def test_what_shows_through_goes_on_showing_through(server: Server) -> None:
    ada = await server.account("ada")
    data = encoded(Image.new("RGBA", (64, 64), (*RED, 0)), "PNG")
    image = await shown(server, ada, (await put(server, ada, data)).json()["picture"])
    assert image.mode == "RGBA"
    assert image.getchannel("A").getpixel((32, 32)) == 0


async def test_a_picture_stands_upright_and_tells_neither_place_nor_camera(server: Server) -> None:
    ada = await server.account("ada")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera with a serial number"
    exif.get_ifd(0x8825)[2] = (47.0, 22.0, 8.0)
    sent = Image.new("RGB", (200, 200), RED)
    sent.paste(BLUE, (0, 100, 200, 200))
    data = encoded(sent, "JPEG", exif=exif, quality=95, comment=b"Home, Elm Street 4")
    assert b"serial number" in data
    picture = (await put(server, ada, data)).json()["picture"]
    for small in (False, True):
        async with browser(server, ada.token) as b:
            answer = await b.get(f"/api/pictures/{picture}?small={int(small)}")
        assert b"EXIF" not in answer.content
        assert b"serial" not in answer.content
        assert b"Elm Street" not in answer.content
        image = (await shown(server, ada, picture, small=small)).convert("RGB")
        assert near(image.getpixel((image.width // 8, image.height // 2)), BLUE)
        assert near(image.getpixel((image.width * 7 // 8, image.height // 2)), RED)
        assert not image.getexif()


async def test_of_a_film_the_first_picture_is_kept(server: Server) -> None:
    ada = await server.account("ada")
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        image = await shown(server, ada, (await put(server, ada, data)).json()["picture"])
        assert getattr(image, "n_frames", 1) == 1
        assert near(image.convert("RGB").getpixel((32, 32)), RED)


async def test_a_small_picture_is_not_blown_up(server: Server) -> None:
    ada = await server.account("ada")
    image = await shown(server, ada, (await put(server, ada, encoded(flag(1, 1), "PNG"))).json()["picture"])
    assert image.size == (1, 1)


async def test_what_comes_behind_a_picture_is_not_served_with_it(server: Server) -> None:
    ada = await server.account("ada")
    data = encoded(flag(), "GIF") + b"<script>alert(document.cookie)</script>"
    picture = (await put(server, ada, data)).json()["picture"]
    async with browser(server, ada.token) as b:
        answer = await b.get(f"/api/pictures/{picture}")
    assert b"<script" not in answer.content
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


HOSTILE = {
    "nothing": b"",
    "text": b"Hello, I am a picture",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (r) file",
    "tiff": encoded(flag(), "TIFF"),
    "ico": encoded(flag(64, 64), "ICO"),
    "cut off": encoded(flag(900, 900), "JPEG")[:4000],
    "cut off in the head": encoded(flag(), "PNG")[:30],
    "random": os.urandom(5000),
    "header with random": encoded(flag(), "WEBP")[:20] + os.urandom(4000),
    "no side": png(0, 10, b""),
    "less than it says": png(4000, 4000, bytes(100)),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_picture_is_refused(server: Server, what: str) -> None:
    ada = await server.account("ada")
    answer = await put(server, ada, HOSTILE[what])
    assert (answer.status_code, answer.json()["code"]) == (415, "picture_unreadable")
    await _leaves_nothing(server)


async def test_a_bomb_does_not_go_off(server: Server) -> None:
    ada = await server.account("ada")
    # 2.7 GB of pixels in 3 MB, and one that only says that it is as large as can be said.
    for bomb in (png(30_000, 30_000, bytes(3 * 30_000 * 30)), png(2**31 - 1, 2**31 - 1, bytes(1000))):
        answer = await put(server, ada, bomb)
        assert answer.status_code in (413, 415), answer.text
    assert (await put(server, ada, encoded(flag(), "PNG"))).status_code == 200
    async with server.connect(ada) as socket:
        assert (await socket.ask("ping"))["op"] == "pong"


async def test_a_program_that_hangs_is_ended(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forever = tmp_path / "forever.py"
    forever.write_text("import time\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr("appliance.features.people.pictures.PROGRAM", forever)
    monkeypatch.setattr("appliance.features.people.pictures.TIME_S", 0.2)
    answer = await put(server, await server.account("ada"), encoded(flag(), "PNG"))
    assert answer.status_code == 415


async def test_a_program_that_was_taken_over_can_say_what_it_likes(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await server.account("ada")
    program = tmp_path / "program.py"
    monkeypatch.setattr("appliance.features.people.pictures.PROGRAM", program)
    for says in (
        "sys.stdout.write('<script>')",
        "sys.stdout.buffer.write(b'\\x00\\x00\\x00\\x04RIFF' * 1000)",
        "sys.stdout.buffer.write(b'\\xff' * 4)",
        "[sys.stdout.buffer.write(bytes(1 << 20)) for _ in range(500)]",
        "os.kill(os.getpid(), 11)",
    ):
        program.write_text(f"import os, sys\n{says}\n")
        assert (await put(server, ada, encoded(flag(), "PNG"))).status_code == 415, says
    await _leaves_nothing(server)


async def test_nothing_of_the_servers_environment_reaches_the_program(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFEVOICE_SECRET", "copper kettle")
    seen = tmp_path / "seen"
    program = tmp_path / "program.py"
    program.write_text(f"import os\nopen({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n")
    monkeypatch.setattr("appliance.features.people.pictures.PROGRAM", program)
    await put(server, await server.account("ada"), encoded(flag(), "PNG"))
    assert "copper" not in seen.read_text()


async def test_an_upload_that_is_too_large_is_refused(server: Server) -> None:
    answer = await put(server, await server.account("ada"), bytes(MOST_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_only_so_many_upload_at_once_and_each_person_one(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    with pictures.seat("ada"):
        with pytest.raises(Exception, match="rate_limited"), pictures.seat("ada"):
            pass
        with pictures.seat("bela"):
            pass
    with pictures.seat("ada"):
        pass


async def test_many_at_once_all_get_theirs(server: Server) -> None:
    accounts = [await server.account(f"person{number}") for number in range(6)]
    colours = [(40 * number, 250 - 40 * number, 128) for number in range(6)]
    answers = await asyncio.gather(
        *(
            put(server, account, encoded(Image.new("RGB", (64, 64), colour), "PNG"))
            for account, colour in zip(accounts, colours, strict=True)
        )
    )
    for account, answer, colour in zip(accounts, answers, colours, strict=True):
        image = await shown(server, account, answer.json()["picture"])
        assert near(image.convert("RGB").getpixel((32, 32)), colour)


async def test_everybody_who_shares_a_room_learns_of_a_picture_also_later(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(dana) as d:
        room = await room_of(a, bela)
        before = (await b.ask("replay", positions={room: 0}))["logs"][0]["to"]
        picture = (await put(server, ada, encoded(flag(), "PNG"))).json()["picture"]
        event = await b.until(lambda f: f["op"] == "member" and f["person"].get("picture") == picture)
        assert (event["person"]["id"], event["role"], event["member_count"]) == (ada.id, "owner", 2)
        mine = await a.until(lambda f: f["op"] == "me")
        assert mine["me"]["picture"] == picture
        replayed = (await b.ask("replay", positions={room: before}))["logs"][0]
        assert replayed["events"] == [event]
        await d.ask("ping")
        assert not [frame for frame in d.heard if picture in str(frame)]


async def test_a_picture_that_is_replaced_or_taken_away_leaves_the_disk(server: Server) -> None:
    ada = await server.account("ada")
    first = (await put(server, ada, encoded(flag(), "PNG"))).json()["picture"]
    second = (await put(server, ada, encoded(flag(), "JPEG"))).json()["picture"]
    await server.house.jobs.run_due()
    async with browser(server, ada.token) as b:
        assert (await b.get(f"/api/pictures/{first}")).status_code == 404
        assert {*_held(server)} == {second}
        assert (await b.delete("/api/me/picture")).status_code == 204
        assert (await b.delete("/api/me/picture")).status_code == 204
        assert (await b.get(f"/api/pictures/{second}")).status_code == 404
    await server.house.jobs.run_due()
    await _leaves_nothing(server)


async def test_files_that_no_row_speaks_of_are_swept_up_but_not_those_just_written(server: Server) -> None:
    ada = await server.account("ada")
    kept = (await put(server, ada, encoded(flag(), "PNG"))).json()["picture"]
    pictures: Pictures = server.house.of_feature["pictures"]
    now = server.house.clock.now_ms()
    fresh, stale, torn = new_id(now), new_id(now - 2 * worker.UNUSED_MS), new_id(now - 3 * worker.UNUSED_MS)
    for picture in (fresh, stale):
        pictures.file(picture, small=False).parent.mkdir(exist_ok=True)
        pictures.file(picture, small=False).write_bytes(b"RIFF")
    half = pictures.file(torn, small=False).with_name(f"{torn}.webp.new")
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"RI")
    await worker.sweep_pictures(server.house)({})
    assert {*_held(server)} == {kept, fresh}


async def test_a_file_that_is_not_a_picture_of_ours_is_never_served(server: Server) -> None:
    ada = await server.account("ada")
    async with browser(server, ada.token) as b:
        for name in ("0" * 26, "..%2F..%2Fsafevoice.db", "%2e%2e", "a" * 26, "x"):
            assert (await b.get(f"/api/pictures/{name}")).status_code == 404


async def test_strangers_see_no_pictures(server: Server) -> None:
    ada = await server.account("ada")
    picture = (await put(server, ada, encoded(flag(), "PNG"))).json()["picture"]
    guest = await server.account("guest", role="guest")
    assert (await shown(server, guest, picture)).format == "WEBP"
    async with browser(server) as b:
        assert (await b.get(f"/api/pictures/{picture}")).status_code == 401
    assert (await put(server, guest, encoded(flag(), "PNG"))).status_code == 403


async def test_pictures_outlive_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as server:
        ada = await server.account("ada")
        picture = (await put(server, ada, encoded(flag(), "PNG"))).json()["picture"]
    async with serving(tmp_path / "data") as server:
        assert (await shown(server, ada, picture)).size == (200, 200)


async def test_the_server_as_it_is_started_can_make_pictures_small(tmp_path: Path) -> None:
    """Its event loop is another one than that of the tests, and has its own way with other programs."""
    (ada,) = await accounts_in(tmp_path / "data", "ada")
    async with running(tmp_path / "data") as process:
        for kind in ("PNG", "AVIF"):
            headers = {"Authorization": f"Bearer {ada.token}"}
            async with httpx2.AsyncClient(base_url=process.url, verify=False, trust_env=False) as b:
                data = encoded(flag(), kind)
                answer = await b.put("/api/me/picture", content=data, headers=headers, timeout=30)
            assert answer.status_code == 200, answer.text
        assert await process.stop() == 0


def _held(server: Server) -> list[str]:
    return sorted({*server.house.of_feature["pictures"].held()})


async def _leaves_nothing(server: Server) -> None:
    assert _held(server) == []
