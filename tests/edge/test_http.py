"""What every HTTP answer has in common, and what is no route of any feature."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.edge import http, pwa
from appliance.edge.http import HEAD_BYTES
from appliance.edge.middleware import HEADERS
from appliance.features.auth import actions as auth
from appliance.kernel.clock import HandClock
from appliance.kernel.errors import Refusal
from tests.edge.browser import browser
from tests.edge.raw import http_head, tcp
from tests.server import ROOMY, Server, serving

APP = b"<!doctype html><title>SafeVoice</title>" + b" " * 400
SCRIPT = b"console.log('hello');" * 40
GZIP = gzip.compress(SCRIPT, mtime=0)
BROTLI = b"what the build made of it"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A web app that was built."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(APP)
    (folder / "assets" / "app-1f2e.js").write_bytes(SCRIPT)
    (folder / "assets" / "app-1f2e.js.gz").write_bytes(GZIP)
    (folder / "assets" / "app-1f2e.js.br").write_bytes(BROTLI)
    (folder / "sw.js").write_bytes(SCRIPT)
    (folder / "icon.png").write_bytes(b"\x89PNG")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / ".digest").write_text("secret")
    monkeypatch.setattr(pwa.WebApp.__init__, "__defaults__", (folder,))
    return folder


@pytest.fixture
async def with_app(built: Path, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path / "data") as running:
        yield running


async def test_every_answer_carries_the_security_headers(
    with_app: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise RuntimeError("a secret detail")

    ada = await with_app.account("ada")
    monkeypatch.setattr(auth, "devices", crash)
    async with browser(with_app, ada.token) as b, browser(with_app, origin="https://evil.example") as evil:
        answers = [
            (200, await b.get("/")),
            (200, await b.get("/assets/app-1f2e.js")),
            (200, await b.get("/healthz")),
            (200, await b.get("/readyz")),
            (200, await b.get("/metrics")),
            (200, await b.get("/api/community")),
            (204, await b.post("/api/sign-out")),
            (401, await b.get("/api/rooms")),
            (404, await b.get("/api/nothing")),
            (404, await b.get("/assets/none.js")),
            (405, await b.put("/api/community")),
            (403, await evil.post("/api/sign-in", json={})),
        ]
    ada = await with_app.account("again")
    async with browser(with_app, ada.token) as b:
        answers.append((500, await b.get("/api/devices")))
    for status, answer in answers:
        assert answer.status_code == status, answer.url
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (answer.url, name)
        assert "server" not in answer.headers
        if status >= 400:
            assert set(answer.json()) >= {"code", "text"}, answer.url
            assert answer.headers["cache-control"] == "no-store"
            assert "secret detail" not in answer.text
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy.replace("https", "http").replace("http-equiv", "")
    assert policy.startswith("default-src 'none'")


async def test_the_worker_may_fetch_from_here_and_nothing_else(with_app: Server) -> None:
    async with browser(with_app, "") as b:
        script = await b.get("/sw.js")
        same = await b.get("/sw.js", headers={"if-none-match": script.headers["etag"]})
        page = await b.get("/sw.jsx/or/not")
    assert (script.status_code, same.status_code) == (200, 304)
    for answer in (script, same):
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy.pop("default-src") == "'none'"
        assert policy.pop("connect-src") == "'self'"
        assert policy.pop("require-trusted-types-for") == "'script'"
        assert set(policy.values()) == {"'none'"}
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]


async def test_the_pages_policy_names_no_other_site_and_nothing_unsafe() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; "))
    allowed = {source for sources in policy.values() for source in sources.split()}
    words = {"svelte-trusted-html", "safevoice"}
    assert allowed <= {"'none'", "'self'", "'script'", "blob:", "data:"} | words
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert set(policy["trusted-types"].split()) == words


async def test_api_answers_are_never_kept(server: Server) -> None:
    ada = await server.account("ada", admin=True)
    async with browser(server, ada.token) as b:
        for path in ("/api/community", "/api/people", "/api/devices", "/api/rooms", "/api/invites"):
            answer = await b.get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
            assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/", "/room/abc", "/invite/abcd-efgh-jkmn", "/api", "/deep/er/path"])
async def test_any_path_of_the_app_is_the_app(with_app: Server, path: str) -> None:
    async with browser(with_app) as b:
        answer = await b.get(path)
        assert (answer.status_code, answer.content) == (200, APP)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"


async def test_no_path_leads_out_of_the_folder_or_to_a_hidden_file(with_app: Server) -> None:
    for path in ("/.digest", "/..%2fdata/safevoice.db", "/../../etc/passwd.x", "/assets/%2e%2e/.digest"):
        async with tcp(with_app) as wire:
            await wire.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert b" 404 " in (await wire.ended()).split(b"\r\n")[0], path


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5 , br;q=0", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("identity", None),
        ("*", None),
        ("", None),
        ("brotli, x-gzip, ;;q=,", None),
    ],
)
async def test_of_what_the_build_packed_the_smallest_that_the_browser_takes_is_sent(
    with_app: Server, accepted: str, coding: str | None
) -> None:
    sent = {"br": BROTLI, "gzip": GZIP, None: SCRIPT}
    async with tcp(with_app) as wire:
        await wire.send(
            b"GET /assets/app-1f2e.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + f"Accept-Encoding: {accepted}\r\n\r\n".encode()
        )
        head, _, body = (await wire.ended()).partition(b"\r\n\r\n")
    assert body == sent[coding]
    assert (b"content-encoding" in head.lower()) == (coding is not None)


async def test_what_was_packed_is_no_page_of_its_own(with_app: Server) -> None:
    async with browser(with_app) as b:
        assert (await b.get("/assets/app-1f2e.js.br")).status_code == 404


async def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(with_app: Server) -> None:
    async with browser(with_app) as b:
        script = await b.get("/assets/app-1f2e.js", headers={"Accept-Encoding": "gzip, deflate"})
        assert script.content == SCRIPT
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["content-encoding"] == "gzip"
        assert script.headers["vary"] == "accept-encoding"
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        plain = await b.get("/assets/app-1f2e.js", headers={"Accept-Encoding": "identity"})
        assert (plain.content, plain.headers.get("content-encoding")) == (SCRIPT, None)
        icon = await b.get("/icon.png")
        assert (icon.headers["content-type"], icon.headers.get("content-encoding")) == ("image/png", None)
        manifest = await b.get("/manifest.webmanifest")
        assert manifest.headers["content-type"] == "application/manifest+json"
        head = await b.head("/")
        assert (head.status_code, head.content) == (200, b"")
        same = await b.get("/", headers={"If-None-Match": script.headers["etag"] + ', W/"x"'})
        assert same.status_code == 200
        same = await b.get("/", headers={"If-None-Match": head.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")


async def test_without_a_built_app_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwa.WebApp.__init__, "__defaults__", (tmp_path / "nothing",))
    async with serving(tmp_path / "data") as server, browser(server) as b:
        answer = await b.get("/")
        assert (answer.status_code, answer.text) == (503, pwa.NOT_BUILT)
        assert (await b.get("/api/community")).status_code == 200


BODIES: dict[str, tuple[bytes, str, int, str]] = {
    "not JSON": (b"name=ada", "application/json", 400, "bad_request"),
    "nothing": (b"", "application/json", 400, "bad_request"),
    "an array": (b"[]", "application/json", 400, "bad_request"),
    "not UTF-8": (b'{"name":"\xff","password":"x"}', "application/json", 400, "bad_request"),
    "a lone surrogate": (b'{"name":"\\ud800","password":"x"}', "application/json", 400, "bad_request"),
    "deep nesting": (b'{"name":' + b"[" * 50_000, "application/json", 400, "bad_request"),
    "an extra field": (
        b'{"name":"ada","password":"x","admin":true}',
        "application/json",
        400,
        "bad_request",
    ),
    "a missing field": (b'{"name":"ada"}', "application/json", 400, "bad_request"),
    "a wrong type": (b'{"name":7,"password":"x"}', "application/json", 400, "bad_request"),
    "a form": (b"name=ada&password=x", "application/x-www-form-urlencoded", 400, "bad_request"),
    "JSON as text": (b'{"name":"ada","password":"x"}', "text/plain", 400, "bad_request"),
    "no type": (b'{"name":"ada","password":"x"}', "", 400, "bad_request"),
    "too large": (b'{"name":"' + b"x" * 70_000 + b'"}', "application/json", 413, "too_large"),
    "with a charset": (
        b'{"name":"ada","password":"x"}',
        "application/json; charset=utf-8",
        401,
        "wrong_credentials",
    ),
}


async def test_bodies_are_refused_each_for_its_reason(server: Server) -> None:
    async with browser(server) as b:
        for name, (sent, kind, status, code) in BODIES.items():
            headers = {"Content-Type": kind} if kind else {}
            answer = await b.post("/api/sign-in", content=sent, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code), name


async def test_a_body_without_a_known_length_is_measured_all_the_same(server: Server) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 4096

    async with browser(server) as b:
        answer = await b.post("/api/sign-in", content=endless(), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["limit"]) == (413, "body")


async def test_unsafe_requests_of_another_site_are_refused(server: Server) -> None:
    ada = await server.account("ada")
    cookie = {"Cookie": f"safevoice={ada.token}"}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://["):
        async with browser(server, origin=origin) as b:
            for method, path in (("POST", "/api/sign-out"), ("DELETE", f"/api/devices/{ada.device}")):
                answer = await b.request(method, path, headers=cookie)
                assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused"), origin
            assert (await b.get("/api/devices", headers=cookie)).status_code == 200
            assert "access-control-allow-origin" not in (await b.get("/api/community")).headers
    async with browser(server) as b:
        del b.headers["Origin"]
        assert (await b.post("/api/sign-out", headers=cookie)).status_code == 403
        assert (await b.post("/api/sign-in", json={"name": "ada", "password": "x"})).status_code == 401
        bearer = {"Authorization": f"Bearer {ada.token}"}
        assert (await b.post("/api/sign-out", headers=bearer)).status_code == 204


TOKEN = "a-token-of-sixteen-or-more"


async def test_metrics_are_for_the_machine_itself_or_with_the_token(tmp_path: Path) -> None:
    async with serving(tmp_path / "one", metrics_token=TOKEN) as server, browser(server) as b:
        assert "safevoice_sockets" in (await b.get("/metrics")).text
        forwarded = {"X-Forwarded-For": "127.0.0.1"}
        assert (await b.get("/metrics", headers=forwarded)).status_code == 404
        wrong = {**forwarded, "Authorization": "Bearer nonsense"}
        assert (await b.get("/metrics", headers=wrong)).status_code == 404
        right = {**forwarded, "Authorization": f"Bearer {TOKEN}"}
        assert (await b.get("/metrics", headers=right)).status_code == 200
        by_cookie = {**forwarded, "Cookie": f"safevoice={TOKEN}"}
        assert (await b.get("/metrics", headers=by_cookie)).status_code == 404
    async with serving(tmp_path / "two") as server, browser(server) as b:
        for value in ("Bearer", "Basic x", ""):
            headers = {"Via": "1.1 proxy", "Authorization": value}
            assert (await b.get("/metrics", headers=headers)).status_code == 404


async def test_a_request_that_is_no_http_ends_and_the_next_one_is_served(server: Server) -> None:
    for sent in (b"\x16\x03\x01\x02\x00", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n\r\nhello\r\n\r\n"):
        async with tcp(server) as wire:
            await wire.send(sent)
            wire.writer.write_eof()
            await wire.ended()
    async with browser(server) as b:
        assert (await b.get("/healthz")).text == "ok\n"
        assert (await b.get("/api/people?q=%ff%00'\"%25_")).status_code == 401


async def test_a_head_without_end_is_cut_off(server: Server) -> None:
    async with tcp(server) as wire:
        await wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        line = b"X-More: " + b"x" * 1000 + b"\r\n"
        with suppress(ConnectionError):
            for _ in range(40 * HEAD_BYTES // len(line)):
                await wire.send(line)
        assert await wire.ended() == b""


async def test_a_second_request_on_a_connection_has_its_own_deadline(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.edge.http.HEAD_WAIT_S", 0.05)
    async with tcp(server) as wire:
        await wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await http_head(wire))[0] == 200
        assert await wire.reader.readexactly(3) == b"ok\n"
        await wire.send(b"GET /healthz HTTP/1.1\r\nHos")
        assert await wire.ended() == b""


async def test_a_body_that_never_comes_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.wire.http.BODY_WAIT_S", 0.05)
    async with tcp(server) as wire:
        await wire.send(
            b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 40\r\n\r\n{"name":'
        )
        status, headers = await http_head(wire)
        body = json.loads(await wire.reader.readexactly(int(headers["content-length"])))
        assert (status, body["code"]) == (400, "bad_request")


async def test_not_ready_is_said_while_the_database_does_not_write(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(unit: object) -> None:
        raise Refusal("storage_full")

    monkeypatch.setattr(http, "READY_FOR_S", 0)
    async with browser(server) as b:
        assert (await b.get("/readyz")).text == "ready\n"
        monkeypatch.setattr(server.house.db, "write", full)
        assert (await b.get("/readyz")).status_code == 503
        assert (await b.get("/healthz")).status_code == 200


async def test_a_proxy_that_is_not_named_cannot_choose_the_address_that_limits_count(tmp_path: Path) -> None:
    limits = replace(ROOMY, sign_in_tries_per_address=2)
    async with serving(tmp_path / "data", limits=limits) as server, browser(server) as b:
        for number in range(3):
            answer = await b.post(
                "/api/sign-in",
                json={"name": f"guess{number}", "password": "x"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) * 1000 >= answer.json()["retry_after_ms"] > 0


async def test_requests_of_one_person_are_limited_and_those_of_others_are_not_held_back(
    tmp_path: Path,
) -> None:
    clock, limits = HandClock(), replace(ROOMY, requests_per_minute=3)
    async with serving(tmp_path / "data", limits=limits, clock=clock) as server:
        ada, bela = [await server.account(name) for name in ("ada", "bela")]
        async with browser(server, ada.token) as a, browser(server, bela.token) as b:
            assert [(await a.get("/api/rooms")).status_code for _ in range(3)] == [200] * 3
            refused = await a.get("/api/rooms")
            assert (refused.status_code, refused.json()["limit"]) == (429, "requests_per_minute")
            assert "content-security-policy" in refused.headers
            assert (await b.get("/api/rooms")).status_code == 200
            clock.advance(refused.json()["retry_after_ms"] / 1000)
            assert (await a.get("/api/rooms")).status_code == 200
