"""Files: what is taken in, who gets it, and that nothing is left of what was not."""

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from appliance.features.media import api, files, worker
from appliance.features.media.sniff import kind_of
from appliance.kernel.errors import Refusal
from tests.durability.process import accounts_in, running
from tests.edge.browser import browser
from tests.media.disk import files_in, kept
from tests.media.sounds import fetch, file, mp4, ogg, say, upload, voice, webm
from tests.server import ROOMY, Account, Server, room_of, serving

PATIENCE_S = 10.0

HTML = b"<!doctype html><script>alert(1)</script>"

HOSTILE = {
    "nothing": b"",
    "html": HTML,
    "html behind the mark of webm": b"\x1a\x45\xdf\xa3" + HTML,
    "html behind the mark of ogg": b"OggS\0" + HTML * 3,
    "html behind the mark of mp4": b"\0\0\0\x18ftyp" + HTML,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(400),
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(100),
    "webm with pictures that move": webm(codec=b"V_VP8", kind=1),
    "webm with sound of another codec": webm(codec=b"A_VORBIS"),
    "matroska": webm(doctype=b"matroska"),
    "webm without sound": webm().partition(b"\x1f\x43\xb6\x75")[0],
    "webm cut off in its head": webm()[:20],
    "ogg with vorbis": ogg(b"\x01vorbis"),
    "ogg with a second stream": ogg(b"OpusHead\x01", b"OpusTags", more=2),
    "ogg cut off": ogg()[:40],
    "mp4 with pictures that move": mp4(handler=b"vide", sample=b"avc1"),
    "mp4 with aac": mp4(sample=b"mp4a"),
    "mp4 with two tracks": mp4(tracks=2),
    "mp4 cut off": mp4()[:60],
    "a track of a size that cannot be": b"\x1a\x45\xdf\xa3\x08" + b"\xff" * 60,
    "chance": os.urandom(4000),
}


async def _so(holds: Callable[[], bool]) -> None:
    """A disk tells nobody of its files, and those of a killed process nobody else can."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  (there is no event to wait for)
            await asyncio.sleep(0.01)


async def half_an_upload(port: int, who: Account) -> asyncio.StreamWriter:
    """A sender who has said less than they said they would say."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /api/media HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 5000\r\n"
    writer.write(f"{head}Authorization: Bearer {who.token}\r\n\r\n".encode() + webm())
    await writer.drain()
    return writer


@pytest.mark.parametrize(
    ("data", "kind"), [(webm(), "audio/webm"), (ogg(), "audio/ogg"), (mp4(), "audio/mp4")]
)
async def test_each_container_with_opus_is_taken_and_served_as_what_it_is(
    server: Server, data: bytes, kind: str
) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        _, media = await say(server, ada, a, room, data)
        answer = await fetch(server, bela, media)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    # Else a browser would show it again after it was deleted, or its owner signed out from afar.
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("inline; filename=")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_recording_is_refused_and_leaves_nothing(server: Server, what: str) -> None:
    answer = await upload(
        server, await server.account("ada"), HOSTILE[what], **{"content-type": "audio/webm"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "media_unknown")
    assert kept(server) == []


def test_a_head_that_is_cut_off_anywhere_is_an_answer_and_no_failure() -> None:
    for whole in (webm(), ogg(), mp4()):
        for end in range(len(whole)):
            kind_of(whole[:end])
        for at in range(len(whole)):
            kind_of(whole[:at] + b"\xff" + whole[at + 1 :])


async def test_what_is_too_large_is_refused_whether_it_says_so_or_not(tmp_path: Path) -> None:
    limits = replace(ROOMY, upload_mib=1)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada = await server.account("ada")
        answer = await upload(server, ada, webm(bytes(2 << 20)))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

        async def parts() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield bytes(65_536)

        answer = await upload(server, ada, parts())
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert kept(server) == []


async def test_an_upload_that_ends_early_leaves_nothing(server: Server) -> None:
    ada = await server.account("ada")
    writer = await half_an_upload(server.port, ada)
    await _so(lambda: bool(kept(server)))
    writer.close()
    await writer.wait_closed()
    await _so(lambda: not kept(server))


async def test_an_upload_that_stands_still_is_given_up_and_leaves_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.features.media.api.UPLOAD_S", 0.05)

    async def parts() -> AsyncIterator[bytes]:
        yield webm()
        await asyncio.sleep(0.5)
        yield b"more"

    answer = await upload(server, await server.account("ada"), parts())
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert kept(server) == []


async def test_a_slow_line_gets_through_and_a_trickle_does_not(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await server.account("ada")
    monkeypatch.setattr(api, "UPLOAD_S", 0.5)
    monkeypatch.setattr(api, "UPLOAD_STEP", 100)
    whole = webm(bytes(1200))

    async def parts(each: int) -> AsyncIterator[bytes]:
        for at in range(0, len(whole), each):
            yield whole[at : at + each]
            await asyncio.sleep(0.1)

    began = time.monotonic()
    assert (await upload(server, ada, parts(120))).status_code == 201
    assert time.monotonic() - began > 2 * api.UPLOAD_S
    answer = await upload(server, ada, parts(10))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert not [each for each in kept(server) if each.startswith("new/")]


async def test_one_person_has_so_many_uploads_under_way_and_no_more(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    held: files.Files = server.house.of_feature["media"]
    with held.seat(ada.id), held.seat(ada.id), held.seat(ada.id):
        answer = await upload(server, ada, webm())
        assert (answer.status_code, answer.json()["limit"]) == (429, "uploads_at_once")
        assert (await upload(server, bela, webm())).status_code == 201


async def test_the_same_bytes_once_more_are_the_same_file_until_a_message_shows_them(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    first = await file(server, ada, webm())
    assert await file(server, ada, webm()) == first
    assert await file(server, bela, webm()) != first
    assert len(kept(server)) == 1
    async with server.connect(ada) as a:
        room = await room_of(a)
        assert (await a.do("post", room=room, content=voice(first)))["op"] == "ack"
    assert await file(server, ada, webm()) != first


async def test_a_quota_refuses_and_leaves_nothing(tmp_path: Path) -> None:
    limits = replace(ROOMY, upload_quota_mib=1, upload_mib=2)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada = await server.account("ada")
        await file(server, ada, webm(bytes(900_000)))
        answer = await upload(server, ada, webm(b"1" * 900_000))
        assert (answer.status_code, answer.json()["code"]) == (409, "media_full")
        assert len(kept(server)) == 1


async def test_a_full_disk_says_so_and_leaves_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await server.account("ada")
    with monkeypatch.context() as patch:
        patch.setattr(files, "SPARE_BYTES", 1 << 60)
        answer = await upload(server, ada, webm())
        assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    with monkeypatch.context() as patch:

        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr("appliance.features.media.files.os.fsync", full)
        answer = await upload(server, ada, webm())
        assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert kept(server) == []
    assert (await upload(server, ada, webm())).status_code == 201


async def test_uploads_that_begin_together_leave_the_database_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = files.SPARE_BYTES + 2500
    monkeypatch.setattr(
        "appliance.features.media.files.shutil.disk_usage", lambda _: SimpleNamespace(free=free)
    )
    held = files.Files(tmp_path)

    async def hold(parts: int, begun: asyncio.Event, end: asyncio.Event) -> None:
        async with held.arriving(1000) as arriving:
            for _ in range(parts):
                await arriving.take(bytes(100))
            begun.set()
            await end.wait()

    end, begun = asyncio.Event(), [asyncio.Event() for _ in range(2)]
    two = [asyncio.create_task(hold(parts, each, end)) for parts, each in zip((0, 3), begun, strict=True)]
    for each in begun:
        await each.wait()
    # 1000 and 700 may still come.
    async with held.arriving(800):
        pass
    with pytest.raises(Refusal) as refused:
        async with held.arriving(801):
            pass
    assert refused.value.code == "storage_full"
    end.set()
    await asyncio.gather(*two)
    async with held.arriving(2500):
        pass
    assert files_in(tmp_path) == []


async def test_only_who_sees_the_message_gets_the_file(server: Server) -> None:
    names = ("ada", "bela", "chidi", "dana", "emre")
    ada, bela, chidi, dana, emre = [await server.account(name) for name in names]
    async with server.connect(ada) as a, server.connect(chidi) as c:
        room = await room_of(a, bela, chidi, kind="private", history="joined")
        unsaid = await file(server, ada, webm(b"unsaid"))
        _, media = await say(server, ada, a, room, webm())
        await a.do("remove_member", room=room, person=bela.id)
        await a.do("add_member", room=room, person=emre.id)
        found = {
            "author": (await fetch(server, ada, media)).status_code,
            "member": (await fetch(server, chidi, media)).status_code,
            "former member": (await fetch(server, bela, media)).status_code,
            "outsider": (await fetch(server, dana, media)).status_code,
            "joined later": (await fetch(server, emre, media)).status_code,
            "nobody": (await fetch(server, None, media)).status_code,
            "author, before the message": (await fetch(server, ada, unsaid)).status_code,
        }
        # Who names somebody else's file shows nothing.
        stolen = await c.do("post", room=room, content=voice(unsaid))
        assert stolen["code"] == "media_gone"
    assert found == {
        "author": 200,
        "member": 200,
        "former member": 404,
        "outsider": 404,
        "joined later": 404,
        "nobody": 401,
        "author, before the message": 404,
    }


async def test_a_download_of_ones_data_has_what_one_said_aloud(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        _, media = await say(server, ada, a, room, webm())
        await say(server, bela, b, room, webm(b"hers"))
    async with browser(server, ada.token) as page:
        lines = (await page.request("POST", "/api/me/export")).content.splitlines()
    told = [line for each in lines if (line := msgspec.json.decode(each))["kind"] == "file"]
    assert [(line["id"], line["type"]) for line in told] == [(media, "audio/webm")]
    assert base64.b64decode(told[0]["base64"]) == webm()


async def test_parts_of_a_file_are_served_as_asked_for(server: Server) -> None:
    ada = await server.account("ada")
    data = webm(bytes(range(256)) * 20)
    size = len(data)
    async with server.connect(ada) as a:
        room = await room_of(a)
        _, media = await say(server, ada, a, room, data)
    for asked, first, last in (
        ("bytes=0-", 0, size - 1),
        ("bytes=10-19", 10, 19),
        (f"bytes=5-{size * 9}", 5, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes=-{size * 9}", 0, size - 1),
    ):
        answer = await fetch(server, ada, media, range=asked)
        assert (answer.status_code, answer.content) == (206, data[first : last + 1]), asked
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = await fetch(server, ada, media, range=asked)
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}"), asked
    # Not understood, or many at once: all of it, once.
    many = "bytes=" + ",".join(f"{at}-{at}" for at in range(2000))
    for asked in (many, "bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=-", f"bytes={'9' * 400}-"):
        answer = await fetch(server, ada, media, range=asked)
        assert (answer.status_code, len(answer.content)) == (200, size), asked
    etag = answer.headers["etag"]
    assert (await fetch(server, ada, media, **{"if-none-match": etag})).status_code == 304
    stale = {"range": "bytes=0-3", "if-range": '"another"'}
    assert (await fetch(server, ada, media, **stale)).status_code == 200


async def test_what_a_killed_server_was_receiving_is_gone_at_its_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (ada,) = await accounts_in(folder, "ada")
    async with running(folder) as process:
        writer = await half_an_upload(process.port, ada)
        await _so(lambda: bool([*folder.glob("media/new/*")]))
        process.kill()
        await process.ended()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    assert [*folder.glob("media/new/*")]
    # And one that had its place, but no row yet.
    stray = folder / "media" / "ab" / ("ab" * 32)
    stray.parent.mkdir()
    stray.write_bytes(webm())
    async with serving(folder) as server:
        assert [*folder.glob("media/new/*")] == []
        await worker.sweep(server.house)({})
    assert not stray.exists()
