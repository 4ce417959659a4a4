"""What each role asks of the server: a good command, or a good body, for every one that there is."""

import re
from typing import Any

from tests.access.scene import NOTHING, Scene
from tests.client import client_id

SEAT = "seat-of-this-page-0001"
CONTENT = {"type": "text", "text": "Hello"}

MOMENTARY = frozenset(
    (
        "hello",
        "ping",
        "replay",
        "report",
        "view",
        "typing",
        "watch",
        "away",
        "read",
        "save_draft",
        "delivered",
        "ask_relay",
        "ask_calls",
        "begin_talk",
        "talk_signal",
        "end_talk",
        "call_here",
        "call_signal",
    )
)
"""Commands that leave nothing behind, or whose repetition changes nothing."""


def command(op: str, scene: Scene, role: str) -> dict[str, Any]:
    """A good command of this kind, about the room, its messages or its people."""
    room, person = {"room": scene.room}, {"person": scene.target.id}
    fields: dict[str, dict[str, Any]] = {
        "replay": {"positions": {scene.room: 0}},
        "report": {"delivery_ms": [1.5]},
        "view": room,
        "typing": room,
        "watch": {"people": [scene.people["owner"].id]},
        "away": {"away": False},
        "delivered": {"marks": {scene.room: 1}},
        "read": {**room, "seq": 1},
        "save_draft": {**room, "text": "Hello"},
        "create_room": {"name": "Mine"},
        # Whom the blocked one may not write to; nobody else is kept from it.
        "start_dm": {"person": scene.people["member" if role != "member" else "moderator"].id},
        "start_group": {"people": [scene.people["member" if role != "member" else "moderator"].id]},
        "join": room,
        "leave": room,
        "add_member": {**room, "person": scene.bystander.id},
        "remove_member": room | person,
        "change_room": {**room, "topic": "another"},
        "set_role": {**room, **person, "role": "member"},
        "mute_member": {**room, **person, "until": 0},
        "ban": room | person,
        "unban": room | person,
        "wipe_member": room | person,
        "archive_room": {**room, "archived": False},
        "delete_room": room,
        "restore_room": room,
        "transfer_room": room | person,
        "post": {**room, "content": CONTENT},
        "edit": {"message": scene.own.get(role, scene.message), "content": CONTENT},
        "delete": {"message": scene.message},
        "listen": {"message": scene.spoken},
        "mark_unread": room,
        "set_attention": {**room, "level": "mentions"},
        "block": person,
        "unblock": person,
        "set_nickname": {**person, "name": "The quiet one"},
        "set_preferences": {"sounds": False},
        "change_profile": {"status": "Here"},
        "file_report": {"message": scene.message, "reason": "spam"},
        "gift": {**person, "amount": 1},
        "ask_for_help": {"about": "No sound"},
        "assign_ticket": {**room, "person": scene.people["staff"].id},
        "close_ticket": room,
        "reopen_ticket": room,
        "ring": {**room, "video": False, "seat": SEAT},
        "answer_call": {"call": NOTHING, "seat": SEAT},
        "decline_call": {"call": NOTHING},
        "hang_up": {"call": NOTHING},
        "call_here": {"call": NOTHING, "seat": SEAT, "instance": SEAT},
        "begin_talk": {**room, "talk": client_id()},
        "talk_signal": {"talk": SEAT, "signal": "{}"},
        "end_talk": {"talk": SEAT},
        "call_signal": {"call": NOTHING, "instance": SEAT, "signal": "{}"},
    }
    asked = {"op": op, **fields.get(op, {})}
    return asked if op in MOMENTARY else {**asked, "client_id": client_id()}


def body(route: str, scene: Scene) -> dict[str, Any] | None:
    """The JSON body of a request, good where that can be said in a line; else an empty one."""
    bodies: dict[str, dict[str, Any]] = {
        "POST /api/invites": {"days": 1},
        "PATCH /api/settings": {"welcome": "Come in"},
        "POST /api/accounts/{account}/role": {"role": "member"},
        "POST /api/accounts/{account}/suspend": {"reason": "Spam"},
        "POST /api/accounts/{account}/mute": {"until": 0},
        "POST /api/accounts/{account}/credits": {"client_id": client_id(), "amount": 1},
        "POST /api/reports/{report}/resolve": {"outcome": "dismissed"},
        "POST /api/admin/rooms/{room}": {"order": "unarchive"},
        "PUT /api/categories": {"categories": []},
        "POST /api/search": {"query": "Hello"},
        "POST /api/secret-rooms": {"client_id": client_id(), "name": "Surprise"},
        "POST /api/secret-rooms/enter": {"code": "K7MP2XWE"},
        "PATCH /api/devices/{device}": {"name": "Mine"},
        "POST /api/tokens": {"name": "Robot", "scopes": ["read"]},
        "POST /api/guests/me/member": {"name": "somebody", "password": "long enough for it"},
        "POST /api/device-links/{link}/decide": {"approve": False},
        "PATCH /api/passkeys/{passkey}": {"name": "Mine"},
        "POST /api/me/delete": {"keep_messages": True},
    }
    return None if route.startswith("GET ") else bodies.get(route, {})


def path(route: str, scene: Scene) -> tuple[str, str]:
    """(method, path) of a route about the scene; ids that nothing has where nothing fits."""
    method, _, pattern = route.partition(" ")
    ids = {**scene.ids, "link": NOTHING} if "device-links" in route else scene.ids
    return method, re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], NOTHING), pattern)
