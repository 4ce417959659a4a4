"""The web app: a handful of files, held in memory with their compressed forms."""

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC = Path(__file__).resolve().parent.parent / "static"
COMPRESSIBLE = (".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt", ".map")
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
    zipped: bytes | None
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
        body = asset.body
        if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body = asset.zipped
            headers["content-encoding"] = "gzip"
        headers["content-type"] = asset.media_type
        return Response(body, headers=headers)


@cache
def _assets(folder: Path) -> dict[str, Asset]:
    """Every file by its path. Read once a process: to press them costs more than the rest of a start."""
    return {
        "/" + path.relative_to(folder).as_posix(): _asset(path, folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _asset(path: Path, folder: Path) -> Asset:
    body = path.read_bytes()
    zipped = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSIBLE else None
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    # The build puts a hash into the names under /assets/; everything else must be asked for each time.
    hashed = path.relative_to(folder).parts[0] == "assets"
    return Asset(
        body,
        zipped if zipped is not None and len(zipped) < len(body) else None,
        media_type,
        f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        "public, max-age=31536000, immutable" if hashed else "no-cache",
    )
