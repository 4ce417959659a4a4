"""A program with a token does what its scopes say, and nothing that belongs to the person alone."""

import pytest

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.kernel.ids import new_secret
from tests.access import rows
from tests.access.asking import body, command, path
from tests.access.scene import Scene, setting
from tests.edge.browser import browser
from tests.server import Account, Server

ANYBODY = {route for route, cells in rows.ROUTES.items() if cells[0] != 401}
OWN = {"POST /api/sign-out", "POST /api/tickets"}
"""What a program may do about its own session."""
READS = {"POST /api/search"}
"""What changes nothing, and is not asked for in an address because of what stands in the question."""
WRITES = sorted(
    route for route in rows.ROUTES if not route.startswith("GET ") and route not in {*ANYBODY, *OWN, *READS}
)
PERSONAL = sorted(
    route
    for route in rows.ROUTES
    if route not in ANYBODY
    and any(
        part in route
        for part in ("/confirm", "/password", "/passkeys", "/totp", "/recovery", "/tokens", "/identities")
    )
)
STAFF = sorted(route for route, cells in rows.ROUTES.items() if cells[-1] != 403 and cells[1] == 403)


async def robot(scene: Scene, role: str, scopes: str) -> Account:
    """One more session of the role's account, confined to `scopes`."""
    account, token = scene.people[role], new_secret()
    device = NewDevice("robot", "other", token, scopes)
    _, made = await scene.server.house.db.write(lambda tx: auth.sign_in(tx, account.id, device))
    return Account(account.id, made, token)


async def status(scene: Scene, token: str, route: str) -> int:
    method, place = path(route, scene)
    async with browser(scene.server, token) as b:
        return (await b.request(method, place, json=body(route, scene))).status_code


async def test_who_may_only_read_changes_nothing(server: Server) -> None:
    async with setting(server) as scene:
        reader = await robot(scene, "owner", "read")
        found = {route: await status(scene, reader.token, route) for route in WRITES}
        assert {route: code for route, code in found.items() if code != 403} == {}
        async with server.connect(reader) as socket:
            for op in rows.COMMANDS:
                asked = command(op, scene, "owner")
                if "client_id" in asked or op in ("read", "save_draft"):
                    assert (await socket.ask(**asked))["code"] == "forbidden", op


async def test_no_program_touches_how_one_signs_in(server: Server) -> None:
    assert len(PERSONAL) > 15
    async with setting(server) as scene:
        all_scopes = await robot(scene, "admin", "read write admin")
        found = {route: await status(scene, all_scopes.token, route) for route in PERSONAL}
        assert {route: code for route, code in found.items() if code != 403} == {}


@pytest.mark.parametrize("route", STAFF)
async def test_power_over_others_needs_the_scope_admin(server: Server, route: str) -> None:
    async with setting(server) as scene:
        writer = await robot(scene, "admin", "read write")
        assert await status(scene, writer.token, route) == 403
