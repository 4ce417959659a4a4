"""Administration on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance import __version__
from appliance.features.admin import actions
from appliance.features.admin.figures import Figures
from appliance.features.admin.model import Figures as FiguresAnswer
from appliance.features.admin.model import RoomOrder, RoomRow, SetCommunityRole
from appliance.features.auth import actions as auth
from appliance.features.auth.model import ChangeSettings
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb
from appliance.wire.http import admin, body, done, house_of, reply, slow_down, staff


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {}


def settle(house: House) -> None:
    """Begin to look at the figures."""
    house.of_feature["figures"] = Figures(house)
    house.tasks.start("figures", house.of_feature["figures"].run)


async def list_accounts(request: Request) -> Response:
    staff(request)
    query = request.query_params
    return reply(
        await house_of(request).db.read(
            lambda db: actions.accounts(
                db,
                beginning=query.get("q", "").strip()[:64],
                standing=query.get("standing", ""),
                role=query.get("role", ""),
                after=query.get("after", "")[:26],
            )
        )
    )


async def one_account(request: Request) -> Response:
    staff(request)
    house, account = house_of(request), str(request.path_params["account"])
    return reply(await house.db.read(lambda db: actions.account(db, house.config, account)))


async def set_role(request: Request) -> Response:
    who, asked, house = admin(request), await body(request, SetCommunityRole), house_of(request)
    account = str(request.path_params["account"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.set_role(tx, who, account, asked))
    return done()


async def settings(request: Request) -> Response:
    admin(request)
    house = house_of(request)
    return reply(await house.db.read(lambda db: auth.settings(db, house.config)))


async def change_settings(request: Request) -> Response:
    who, asked, house = admin(request), await body(request, ChangeSettings), house_of(request)
    slow_down(house, "changes_per_minute", who.account)
    return reply(await house.db.write(lambda tx: actions.change_settings(tx, house.config, who, asked)))


async def all_rooms(request: Request) -> Response:
    admin(request)
    query = request.query_params
    return reply(
        await house_of(request).db.read(
            lambda db: actions.all_rooms(
                db,
                beginning=query.get("q", "").strip()[:64],
                kind=query.get("kind", ""),
                after=query.get("after", "")[:26],
            )
        )
    )


async def order_room(request: Request) -> Response:
    who, asked, house = admin(request), await body(request, RoomOrder), house_of(request)
    room = str(request.path_params["room"])
    slow_down(house, "changes_per_minute", who.account)
    return reply(RoomRow(room=await house.db.write(lambda tx: actions.order_room(tx, who, room, asked))))


async def figures(request: Request) -> Response:
    admin(request)
    house = house_of(request)
    found: Figures = house.of_feature["figures"]
    counts = await house.db.read(actions.counts)
    answer = FiguresAnswer(
        started_at=found.started_at, version=__version__, series=found.series(), counts=counts
    )
    return reply(answer)


ROUTES = [
    Route("/api/accounts", list_accounts, methods=["GET"]),
    Route("/api/accounts/{account}", one_account, methods=["GET"]),
    Route("/api/accounts/{account}/role", set_role, methods=["POST"]),
    Route("/api/settings", settings, methods=["GET"]),
    Route("/api/settings", change_settings, methods=["PATCH"]),
    Route("/api/admin/rooms", all_rooms, methods=["GET"]),
    Route("/api/admin/rooms/{room}", order_room, methods=["POST"]),
    Route("/api/admin/figures", figures, methods=["GET"]),
]
