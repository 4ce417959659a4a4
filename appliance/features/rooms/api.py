"""Rooms on the wire."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.people import actions as people
from appliance.features.people.model import PictureSet
from appliance.features.rooms import actions, presence
from appliance.features.rooms.model import (
    AddMember,
    ArchiveRoom,
    Ban,
    Categories,
    CategoriesChanged,
    ChangeRoom,
    ChangeSecretRoom,
    CreateRoom,
    DeleteRoom,
    EnteredRoom,
    EnterSecretRoom,
    Join,
    Leave,
    Members,
    MuteMember,
    NewCategories,
    NewSecretRoom,
    RemoveMember,
    RestoreRoom,
    SetAway,
    SetRole,
    StartDm,
    StartGroup,
    StartTyping,
    TransferRoom,
    Unban,
    View,
    Watch,
)
from appliance.features.rooms.worker import Endings
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.transaction import Tx
from appliance.kernel.verbs import Live, Verb, Write
from appliance.wire.codec import Id
from appliance.wire.http import admin, asker, body, done, house_of, reply, site, slow_down, upload

UPLOAD_S = 120.0


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    rooms = actions.Rooms(house.config.limits.room_members)
    here: presence.Presence = house.of_feature["presence"]
    return {
        CreateRoom: Write(rooms.create, "rooms_per_hour"),
        StartDm: Write(rooms.start_dm, "joins_per_hour"),
        StartGroup: Write(rooms.start_group, "joins_per_hour"),
        Join: Write(rooms.join, "joins_per_hour"),
        AddMember: Write(rooms.add_member, "joins_per_hour"),
        Leave: Write(actions.leave, "changes_per_minute", guests=True),
        RemoveMember: Write(actions.remove_member, "changes_per_minute"),
        ChangeRoom: Write(actions.change_room, "changes_per_minute"),
        SetRole: Write(actions.set_role, "changes_per_minute"),
        TransferRoom: Write(actions.transfer, "changes_per_minute"),
        MuteMember: Write(actions.mute, "changes_per_minute"),
        Ban: Write(actions.ban, "changes_per_minute"),
        Unban: Write(actions.unban, "changes_per_minute"),
        ArchiveRoom: Write(actions.archive, "changes_per_minute"),
        DeleteRoom: Write(actions.delete, "changes_per_minute"),
        RestoreRoom: Write(actions.restore, "changes_per_minute"),
        View: Live(presence.view, guests=True),
        StartTyping: Live(presence.start_typing, guests=True, scope="write"),
        Watch: Live(here.watch),
        SetAway: Live(here.set_away, guests=True, scope="write"),
    }


def settle(house: House) -> None:
    """Say how the rows of this feature's logs are loaded, and begin what goes on by itself."""
    house.replays.rooms_of = actions.rooms_of
    house.replays.besides = actions.unseen_topics
    house.of_feature["retell_person"] = actions.retell_person
    house.of_feature["shared_rooms"] = actions.shared_rooms
    house.replays.register_whole(actions.whole)
    house.replays.register(actions.MEMBERSHIP, actions.load_memberships)
    house.replays.register(actions.MEMBER, actions.load_members)
    house.replays.register(actions.ROOM, actions.load_rooms)
    house.replays.register_anew(actions.load_changed_room)
    Endings(house)
    house.of_feature["presence"] = here = presence.Presence(house)
    house.tasks.start("presence", here.run)


class DirectoryQuery(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The query of a page of the directory."""

    q: Annotated[str, msgspec.Meta(max_length=64)] = ""
    category: Id | None = None
    after: Id | None = None


async def list_rooms(request: Request) -> Response:
    who = asker(request)
    try:
        query = msgspec.convert(dict(request.query_params), DirectoryQuery, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("bad_request", text=f"This page cannot be asked for: {error}.") from error
    category, after = query.category or "", query.after or ""
    return reply(
        await house_of(request).db.read(
            lambda db: actions.directory(db, who, words=query.q, category=category, after=after)
        )
    )


async def list_members(request: Request) -> Response:
    who = asker(request, guests=True)
    room: str = request.path_params["room"]
    return reply(Members(members=await house_of(request).db.read(lambda db: actions.members(db, who, room))))


async def list_bans(request: Request) -> Response:
    who, room = asker(request), str(request.path_params["room"])
    return reply(await house_of(request).db.read(lambda db: actions.bans(db, who, room)))


async def set_categories(request: Request) -> Response:
    who, asked = admin(request), await body(request, NewCategories)
    slow_down(house_of(request), "changes_per_minute", who.account)

    def unit(tx: Tx) -> Categories:
        made = actions.set_categories(tx, who, asked.categories)
        tx.broadcast(CategoriesChanged())
        return Categories(categories=made)

    return reply(await house_of(request).db.write(unit))


async def set_picture(request: Request) -> Response:
    who, room, house = asker(request), str(request.path_params["room"]), house_of(request)
    # Before a picture is worked on, and once more when it is hung up.
    await house.db.read(lambda db: actions.require(db, who, room, "change"))
    slow_down(house, "profile_changes_per_hour", who.account)
    with house.of_feature["pictures"].seat(who.account):
        received = await upload(request, people.PICTURE_BYTES, within_s=UPLOAD_S)
        picture = await people.keep_picture(house, received)
    await house.db.write(lambda tx: actions.set_picture(tx, who, room, picture))
    return reply(PictureSet(picture=picture))


async def drop_picture(request: Request) -> Response:
    who, room, house = asker(request), str(request.path_params["room"]), house_of(request)
    slow_down(house, "profile_changes_per_hour", who.account)
    await house.db.write(lambda tx: actions.set_picture(tx, who, room, ""))
    return done()


# Secret rooms


async def add_secret_room(request: Request) -> Response:
    who, asked, house = asker(request), await body(request, NewSecretRoom), house_of(request)
    slow_down(house, "rooms_per_hour", who.account)
    password = await _hashed(house, asked.password) or ""
    rooms, url = actions.Rooms(house.config.limits.room_members), site(request).url
    made = await house.db.write(lambda tx: actions.create_secret(tx, rooms, who, asked, password, url))
    return reply(made, 201)


async def show_secret(request: Request) -> Response:
    who, room, url = asker(request), str(request.path_params["room"]), site(request).url
    return reply(await house_of(request).db.read(lambda db: actions.show_secret(db, who, room, url)))


async def change_secret(request: Request) -> Response:
    who, room, url = asker(request), str(request.path_params["room"]), site(request).url
    asked, house = await body(request, ChangeSecretRoom), house_of(request)
    # Before a hash is spent on it, and once more when it is done.
    await house.db.read(lambda db: actions.require(db, who, room, "change_secret"))
    slow_down(house, "changes_per_minute", who.account)
    password = await _hashed(house, asked.password)
    return reply(await house.db.write(lambda tx: actions.alter_secret(tx, who, room, asked, password, url)))


async def enter_secret_room(request: Request) -> Response:
    who, asked, house = asker(request), await body(request, EnterSecretRoom), house_of(request)
    tries = (("account", who.account), ("address", request.scope["address"]))
    slow_down(house, "secret_tries", *tries)
    slow_down(house, "joins_per_hour", who.account)
    code = actions.typed_code(asked.code)
    # Whatever is wrong: one read, one hash, one unit of work, so that all of it takes the same time.
    lock = await house.db.read(lambda db: actions.lock_of(db, code))
    matched = await house.of_feature["passwords"].matches(lock, asked.password)
    rooms = actions.Rooms(house.config.limits.room_members)
    try:
        room = await house.db.write(
            lambda tx: actions.enter_secret(tx, rooms, who, code, lock, matched=matched)
        )
    except Refusal:
        house.limits["joins_per_hour"].give_back(who.account)
        raise
    for key in tries:
        house.limits["secret_tries"].give_back(key)
    return reply(EnteredRoom(room=room))


async def _hashed(house: House, password: str | None) -> str | None:
    """None for None, and nothing for nothing."""
    if not password:
        return password
    hashed: str = await house.of_feature["passwords"].hash(password)
    return hashed


ROUTES = [
    Route("/api/rooms", list_rooms, methods=["GET"]),
    Route("/api/categories", set_categories, methods=["PUT"]),
    Route("/api/rooms/{room}/members", list_members, methods=["GET"]),
    Route("/api/rooms/{room}/bans", list_bans, methods=["GET"]),
    Route("/api/rooms/{room}/picture", set_picture, methods=["PUT"]),
    Route("/api/rooms/{room}/picture", drop_picture, methods=["DELETE"]),
    Route("/api/secret-rooms", add_secret_room, methods=["POST"]),
    Route("/api/secret-rooms/enter", enter_secret_room, methods=["POST"]),
    Route("/api/rooms/{room}/secret", show_secret, methods=["GET"]),
    Route("/api/rooms/{room}/secret", change_secret, methods=["PATCH"]),
]
