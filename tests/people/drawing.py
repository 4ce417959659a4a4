"""Pictures as people, and others, send them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

from tests.edge.browser import browser
from tests.server import Account, Server

RED, GREEN, BLUE = (220, 30, 40), (20, 160, 60), (30, 60, 200)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a file of this kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def flag(width: int = 300, height: int = 200) -> Image.Image:
    """Red to the left, green in the middle, blue to the right."""
    image = Image.new("RGB", (width, height), GREEN)
    image.paste(RED, (0, 0, width // 3, height))
    image.paste(BLUE, (width - width // 3, 0, width, height))
    return image


def png(width: int, height: int, data: bytes, *, depth: int = 8) -> bytes:
    """A PNG (RFC 2083) that says it is so large, and holds `data`."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def near(one: Any, other: tuple[int, int, int]) -> bool:
    """Whether it is the same colour, as far as a lossy format keeps it."""
    return all(abs(a - b) < 30 for a, b in zip(one[:3], other, strict=True))


async def put(server: Server, who: Account, data: bytes) -> Any:
    """Upload it as one's picture; returns the answer."""
    async with browser(server, who.token) as b:
        return await b.put("/api/me/picture", content=data)


async def shown(server: Server, who: Account, picture: str, *, small: bool = False) -> Image.Image:
    """The picture as `who` gets to see it."""
    async with browser(server, who.token) as b:
        answer = await b.get(f"/api/pictures/{picture}{'?small=1' if small else ''}")
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))
