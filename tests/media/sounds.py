"""Files as they come in: the smallest that are what they say, and sending them."""

import base64
import struct
from typing import Any

from tests.client import Client
from tests.edge.browser import browser
from tests.server import Account, Server


def _element(name: bytes, body: bytes) -> bytes:
    return name + (0x10000000 | len(body)).to_bytes(4, "big") + body


def webm(
    sound: bytes = b"sound", *, codec: bytes = b"A_OPUS", kind: int = 2, doctype: bytes = b"webm"
) -> bytes:
    """One track; `sound` is what stands in its only cluster."""
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", doctype))
    track = _element(b"\xae", _element(b"\x83", bytes((kind,))) + _element(b"\x86", codec))
    tracks = _element(b"\x16\x54\xae\x6b", track)
    # As browsers record it: nobody knows yet how long it will be.
    return (
        head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + tracks + b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + sound
    )


def _page(flags: int, body: bytes) -> bytes:
    return b"OggS\0" + bytes((flags,)) + bytes(20) + bytes((1, len(body))) + body


def ogg(first: bytes = b"OpusHead\x01", second: bytes = b"OpusTags", *, more: int = 0) -> bytes:
    """Two pages of head, and one of sound; with `more` 2, the second one begins another stream."""
    return _page(2, first) + _page(more, second) + _page(0, b"sound")


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def mp4(*, handler: bytes = b"soun", sample: bytes = b"Opus", tracks: int = 1) -> bytes:
    described = _box(b"stsd", bytes(4) + struct.pack(">I", 1) + _box(sample, bytes(28)))
    told = _box(b"hdlr", bytes(8) + handler + bytes(12)) + _box(b"minf", _box(b"stbl", described))
    track = _box(b"trak", _box(b"mdia", told))
    return _box(b"ftyp", b"isom" + bytes(4)) + _box(b"moov", track * tracks) + _box(b"mdat", b"sound")


async def upload(server: Server, account: Account, data: Any, **headers: str) -> Any:
    async with browser(server, account.token) as b:
        return await b.request("POST", "/api/media", content=data, headers=headers)


async def file(server: Server, account: Account, data: bytes) -> str:
    """The id of an uploaded file."""
    answer = await upload(server, account, data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["media"])


def voice(media: str, **fields: Any) -> dict[str, Any]:
    """What a voice message holds."""
    waveform = base64.b64encode(bytes(range(0, 256, 4))).decode()
    return {"type": "voice", "file": media, "duration_ms": 2500, "waveform": waveform, **fields}


async def say(server: Server, account: Account, client: Client, room: str, data: bytes) -> tuple[str, str]:
    """(message, file) of something said aloud."""
    media = await file(server, account, data)
    ack = await client.do("post", room=room, content=voice(media))
    assert ack["op"] == "ack", ack
    return str(ack["subject"]), media


async def fetch(server: Server, account: Account | None, media: str, **headers: str) -> Any:
    async with browser(server, account.token if account else "") as b:
        return await b.get(f"/api/media/{media}", headers=headers)
