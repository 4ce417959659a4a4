"""The web app: a handful of files, held in memory with their compressed forms."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC = Path(__file__).resolve().parent.parent / "static"
PACKED = {"br": ".br", "gzip": ".gz"}
"""What the build laid beside a file, by the content coding (RFC 9110, 8.4.1), the smallest first. To press
them well takes longer than the whole of a start."""
WORKER = "/sw.js"
WORKER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""A worker has the policy that its script came with. It fetches from here and brings in nothing to run."""

NOT_BUILT = "The web app is not built. Start with ./run serve, which builds it.\n"

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")


class Asset(NamedTuple):
    """A file as it is sent."""

    body: bytes
    packed: dict[str, bytes]
    media_type: str
    etag: str
    cache: str


class WebApp:
    """Serves the built app. Every path that is not a file is the app itself: it has its own router."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._assets = _assets(folder)

    async def __call__(self, request: Request) -> Response:
        """Answer GET and HEAD for any path that no route took."""
        path = request.url.path
        asset = self._assets.get(path)
        if asset is None:
            if path.startswith("/api/") or "." in path.rpartition("/")[2]:
                raise HTTPException(404)
            asset = self._assets.get("/index.html")
        if asset is None:
            return PlainTextResponse(NOT_BUILT, 503)
        headers = {"etag": asset.etag, "cache-control": asset.cache, "vary": "accept-encoding"}
        if path == WORKER:
            headers["content-security-policy"] = WORKER_POLICY
        if asset.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        headers["content-type"] = asset.media_type
        taken = _codings(request.headers.get("accept-encoding", ""))
        for coding, packed in asset.packed.items():
            if coding in taken:
                return Response(packed, headers=headers | {"content-encoding": coding})
        return Response(asset.body, headers=headers)


def _codings(accepted: str) -> set[str]:
    """Those that the client takes, by its Accept-Encoding (RFC 9110, 12.5.3); "*" asks for none by name."""
    parts = (part.partition(";") for part in accepted.lower().split(","))
    return {
        name.strip() for name, _, weight in parts if weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.")
    }


@cache
def _assets(folder: Path) -> dict[str, Asset]:
    """Every file by its path, read once a process."""
    return {
        "/" + path.relative_to(folder).as_posix(): _asset(path, folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in PACKED.values()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _asset(path: Path, folder: Path) -> Asset:
    body = path.read_bytes()
    beside = {coding: path.with_name(path.name + ending) for coding, ending in PACKED.items()}
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    # The build puts a hash into the names under /assets/; everything else must be asked for each time.
    hashed = path.relative_to(folder).parts[0] == "assets"
    return Asset(
        body,
        {coding: packed.read_bytes() for coding, packed in beside.items() if packed.exists()},
        media_type,
        f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        "public, max-age=31536000, immutable" if hashed else "no-cache",
    )
