"""Who may do what: every route and every command, for everybody there is, as the table in `rows` says.

A new route or command has no row, and fails the first two tests until it has one.
"""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from appliance import app
from appliance.dev.protocol_notes import EXCHANGES
from appliance.edge import http
from appliance.wire.frames import Hello, Ping, Replay, Report
from tests.access import rows
from tests.access.asking import body, command, path
from tests.access.scene import INSIDE, ROLES, SECRETS, SOCKETS, Scene, setting
from tests.edge.browser import browser
from tests.server import Server

OWN_FRAMES = (Hello, Replay, Ping, Report)
NAMES_ROOMS = ("/api/admin/rooms", "/api/audit")
"""Where admins learn what rooms are called that they are not in. Nobody learns what is said there."""


@pytest.fixture
async def scene(server: Server) -> AsyncIterator[Scene]:
    async with setting(server) as scene:
        yield scene


def routes() -> Iterator[str]:
    for route in (*(route for feature in app.FEATURES for route in feature.ROUTES), *http.ROUTES):
        for method in set(route.methods or ()) - {"HEAD"}:
            yield f"{method} {route.path}"


OF_OPERATORS = {"GET /healthz", "GET /readyz", "GET /metrics"}
"""On the page about running it."""


def test_every_route_has_a_row_and_is_on_the_page_of_the_protocol() -> None:
    assert sorted(routes()) == sorted(rows.ROUTES)
    told = {route for route in rows.ROUTES if route not in OF_OPERATORS}
    assert {exchange.route for exchange in EXCHANGES} == told


async def test_every_command_has_a_row(server: Server) -> None:
    verbs = {kind for feature in app.FEATURES for kind in feature.frames(server.house)}
    tags = {str(kind.__struct_config__.tag) for kind in (*OWN_FRAMES, *verbs)}
    assert sorted(tags) == sorted(rows.COMMANDS)


@pytest.mark.parametrize("route", sorted(rows.ROUTES))
async def test_a_route_answers_each_as_its_row_says(scene: Scene, route: str) -> None:
    method, place = path(route, scene)
    found = []
    for role in ROLES:
        async with browser(scene.server, scene.token(role)) as b:
            answer = await b.request(method, place, json=body(route, scene))
        found.append(answer.status_code)
        # What one wrote oneself is one's own, also where one is no longer.
        mine = role == "former" and route == "POST /api/me/export"
        if role not in INSIDE and not mine and not (role == "admin" and place.startswith(NAMES_ROOMS)):
            assert not any(secret in answer.text for secret in SECRETS), (role, answer.text)
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, rows.ROUTES[route], strict=True))


@pytest.mark.parametrize("op", sorted(rows.COMMANDS))
async def test_a_command_answers_each_as_its_row_says(scene: Scene, op: str) -> None:
    found = {}
    for role in SOCKETS:
        answer = await scene.sockets[role].ask(**command(op, scene, role))
        found[role] = answer.get("code") or ("ok" if answer["op"] != "error" else "error")
    assert found == dict(zip(SOCKETS, rows.COMMANDS[op], strict=True))
    for role in set(SOCKETS) - set(INSIDE):
        await scene.sockets[role].ask("ping")
        told = msgspec.json.encode(scene.sockets[role].heard).decode()
        assert not any(secret in told for secret in SECRETS), (role, told)
