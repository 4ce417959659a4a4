"""How we ask other people's servers: only where they may be, never for long, and not for much."""

from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import httpx2

MOST_BYTES = 256 * 1024
LOCAL = ("localhost", "127.0.0.1", "::1")


def may_ask(issuer: str, url: str) -> bool:
    """Whether a provider may name this address as one of its own. Large ones keep some of them on hosts
    beside the issuer's, so those are good too, but only over https, under a public name: nobody else's word
    may make this server ask what is on its own network."""
    try:
        home, there = urlsplit(issuer), urlsplit(url)
        if there.username is not None or there.fragment or not there.hostname:
            return False
        if _origin(home) == _origin(there):
            return there.scheme == "https" or there.hostname in LOCAL
        return there.scheme == "https" and there.port in (None, 443) and _is_public(there.hostname)
    except ValueError:
        return False


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _is_public(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        name = host.rstrip(".")
        return "." in name and not name.endswith((".local", ".internal", ".localhost", ".home.arpa", ".lan"))
    return False


class Outgoing(httpx2.AsyncHTTPTransport):
    """The only way out, whoever asks. No proxy of the environment's, no redirects (the clients follow none),
    nothing packed, which could be a bomb."""

    def __init__(self, issuer: str) -> None:
        super().__init__(trust_env=False)
        self._issuer = issuer

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if not may_ask(self._issuer, str(request.url)):
            raise httpx2.UnsupportedProtocol(f"{request.url.host} is not the provider's", request=request)
        request.headers["accept-encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.DecodingError("the answer is packed", request=request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream)
        return response


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise httpx2.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
