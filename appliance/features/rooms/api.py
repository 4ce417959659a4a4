"""Rooms on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.rooms import actions, presence
from appliance.features.rooms.model import (
    AddMember,
    CreateRoom,
    Directory,
    Join,
    Leave,
    Members,
    RemoveMember,
    StartDm,
    StartTyping,
    View,
)
from appliance.kernel.house import House
from appliance.kernel.verbs import Live, Verb, Write
from appliance.wire.http import asker, house_of, reply


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    rooms = actions.Rooms(house.config.limits.room_members)
    return {
        CreateRoom: Write(rooms.create, "rooms_per_hour"),
        StartDm: Write(rooms.start_dm, "joins_per_hour"),
        Join: Write(rooms.join, "joins_per_hour"),
        AddMember: Write(rooms.add_member, "joins_per_hour"),
        Leave: Write(actions.leave, "changes_per_minute", guests=True),
        RemoveMember: Write(actions.remove_member, "changes_per_minute"),
        View: Live(presence.view, guests=True),
        StartTyping: Live(presence.start_typing, guests=True),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded."""
    house.replays.rooms_of = actions.rooms_of
    house.of_feature["retell_person"] = actions.retell_person
    house.of_feature["shared_rooms"] = actions.shared_rooms
    house.replays.register_whole(actions.whole)
    house.replays.register(actions.MEMBERSHIP, actions.load_memberships)
    house.replays.register(actions.MEMBER, actions.load_members)
    house.replays.register(actions.ROOM, actions.load_rooms)


async def list_rooms(request: Request) -> Response:
    who = asker(request)
    return reply(Directory(rooms=await house_of(request).db.read(lambda db: actions.directory(db, who))))


async def list_members(request: Request) -> Response:
    who = asker(request, guests=True)
    room: str = request.path_params["room"]
    return reply(Members(members=await house_of(request).db.read(lambda db: actions.members(db, who, room))))


ROUTES = [
    Route("/api/rooms", list_rooms, methods=["GET"]),
    Route("/api/rooms/{room}/members", list_members, methods=["GET"]),
]
