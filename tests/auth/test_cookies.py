"""The cookie that holds a session: over http, over https, and behind a proxy."""

import ssl
from http.cookies import SimpleCookie
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.client import connected
from tests.edge.browser import browser
from tests.server import Server, serving

HERE = Path(__file__).parent
CERTIFICATE, KEY = HERE / "localhost.crt", HERE / "localhost.key"
"""Made for these tests, good for "localhost" and 127.0.0.1 until 2126."""

BODY = {"name": "bela", "password": "a long password"}


async def set_cookie(server: Server, **options: Any) -> tuple[str, Any]:
    """Name and attributes of the session's cookie after a registration."""
    async with browser(server, **options) as b:
        answer = await b.post("/api/register", json=BODY)
    assert answer.status_code == 200, answer.text
    ((name, morsel),) = SimpleCookie(answer.headers["set-cookie"]).items()
    assert len(morsel.value) == 43
    return name, morsel


async def test_over_plain_http_it_has_a_plain_name_and_the_page_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await server.account("ada")
        name, cookie = await set_cookie(server)
        assert name == "safevoice"
        assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/", "strict", "")
        assert cookie["httponly"]
        assert not cookie["secure"]
        assert int(cookie["max-age"]) == 400 * 86_400
        async with browser(server) as b:
            for host, protected in (
                ("127.0.0.1:8080", True),
                ("localhost", True),
                ("[::1]:8080", True),
                ("192.168.1.5:8080", False),
                ("chat.example.org", False),
                ("localhost.evil.example", False),
            ):
                found = (await b.get("/api/community", headers={"Host": host})).json()
                assert found["protected"] is protected, host
            assert "strict-transport-security" not in (await b.get("/healthz")).headers


async def test_over_https_it_is_bound_to_the_host(tmp_path: Path) -> None:
    options: dict[str, Any] = {"sign_up": "open", "tls_certificate": CERTIFICATE, "tls_key": KEY}
    async with serving(tmp_path / "data", **options) as server:
        await server.account("ada")
        trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
        url = f"https://localhost:{server.port}"
        name, cookie = await set_cookie(server, url=url, verify=trusted)
        assert name == "__Host-safevoice"
        assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/", "strict", "")
        assert cookie["httponly"]
        assert cookie["secure"]
        async with browser(server, url=url, verify=trusted) as b:
            signed_in = await b.post("/api/sign-in", json=BODY)
            assert signed_in.headers["strict-transport-security"] == "max-age=31536000"
            assert (await b.get("/api/devices")).status_code == 200
            assert (await b.get("/api/community")).json()["protected"]
            token = b.cookies["__Host-safevoice"]
            plain = {"Cookie": f"safevoice={token}"}
            del b.cookies["__Host-safevoice"]
            assert (await b.get("/api/devices", headers=plain)).status_code == 401
            back = await b.post("/api/sign-out", headers={"Cookie": f"__Host-safevoice={token}"})
            cleared = back.headers["set-cookie"].lower()
            assert cleared.startswith('__host-safevoice=""')
            assert "secure" in cleared
            assert "path=/" in cleared


async def test_a_socket_over_tls_works_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {"tls_certificate": CERTIFICATE, "tls_key": KEY}
    async with serving(tmp_path / "data", **options) as server:
        ada = await server.account("ada")
        trusted = ssl.create_default_context(cafile=str(CERTIFICATE))

        def secure(url: str, **given: Any) -> Any:
            return connect(url.replace("ws://127.0.0.1", "wss://localhost"), ssl=trusted, **given)

        monkeypatch.setattr("tests.client.connect", secure)
        origin = f"https://localhost:{server.port}"
        async with connected(server.port, ada.token, origin=origin) as a:
            room = (await a.do("create_room", name="Secure"))["subject"]
            for number in range(20):
                await a.post(room, f"{number} " + "x" * 4000)
            assert len(a.events("message")) >= 19


async def test_behind_a_proxy_with_https_it_is_bound_to_the_host_as_well(tmp_path: Path) -> None:
    ways: list[dict[str, Any]] = [
        {"trusted_proxies": (ip_network("127.0.0.1"),)},
        {"public_url": "https://chat.example.org"},
    ]
    for number, options in enumerate(ways):
        async with serving(tmp_path / f"data{number}", sign_up="open", **options) as server:
            await server.account("ada")
            headers = {"X-Forwarded-Proto": "https", "Host": "chat.example.org"}
            async with browser(server, origin="https://chat.example.org") as b:
                answer = await b.post("/api/register", json=BODY, headers=headers)
                assert answer.headers["set-cookie"].startswith("__Host-safevoice=")
                assert answer.headers["strict-transport-security"]


async def test_a_stranger_cannot_claim_https_without_a_proxy(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", sign_up="open") as server:
        await server.account("ada")
        async with browser(server) as b:
            answer = await b.post("/api/register", json=BODY, headers={"X-Forwarded-Proto": "https"})
            assert answer.headers["set-cookie"].startswith("safevoice=")
