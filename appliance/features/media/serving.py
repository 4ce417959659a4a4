"""A file as an answer to a request: whole, or the part that was asked for (RFC 9110, 13 and 14)."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from appliance.features.media.model import Held
from appliance.kernel.errors import Refusal

PIECE = 65_536
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of what a Range header asks for; None for all of it, which is also the answer to
    what is not understood and to more than one range. Raises range_refused where nothing of it exists."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        # So many from the end.
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < begin:
            return None
    if begin >= size or begin > end:
        raise Refusal("range_refused")
    return begin, end


class Sent(StreamingResponse):
    """Holds what it needs until it is sent, or whoever asked has gone."""

    def __init__(self, body: AsyncIterator[bytes], while_sent: ExitStack, **options: Any) -> None:
        super().__init__(body, **options)
        self._while_sent = while_sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._while_sent:
            await super().__call__(scope, receive, send)


async def answer(request: Request, held: Held, path: Path, while_sent: ExitStack) -> Response:
    """The file, for whom may have it; raises not_found where it is not on the disk. Takes `while_sent` over
    where anything is sent."""
    etag = f'"{held.digest}"'
    headers = {
        "etag": etag,
        # What is deleted is gone at once. What the app keeps to play it offline it takes away itself.
        "cache-control": "no-store",
        "accept-ranges": "bytes",
        "content-disposition": f'inline; filename="{held.id}.{held.type.rpartition("/")[2]}"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    if etag in (each.strip() for each in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    unchanged = request.headers.get("if-range", etag) == etag
    try:
        part = part_of(request.headers.get("range", ""), held.bytes) if unchanged else None
    except Refusal:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{held.bytes}"})
    first, last = part or (0, held.bytes - 1)
    headers["content-length"] = str(last - first + 1)
    if part is not None:
        headers["content-range"] = f"bytes {first}-{last}/{held.bytes}"
    try:
        file = await asyncio.to_thread(open, path, "rb")
    except FileNotFoundError:
        raise Refusal("not_found") from None
    while_sent.enter_context(file)
    body = _pieces(file, first, last - first + 1 if request.method == "GET" else 0)
    status = 200 if part is None else 206
    return Sent(body, while_sent.pop_all(), status_code=status, headers=headers, media_type=held.type)


async def _pieces(file: BinaryIO, first: int, count: int) -> AsyncIterator[bytes]:
    file.seek(first)
    while count > 0 and (piece := await asyncio.to_thread(file.read, min(PIECE, count))):
        count -= len(piece)
        yield piece
