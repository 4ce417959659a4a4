"""Rooms that nobody finds: made with a code, and entered by it. Passwords come here hashed or compared."""

import secrets
from hashlib import blake2b

import msgspec

from appliance.features.audit import actions as audit
from appliance.features.rooms import store
from appliance.features.rooms.actions.ending import expire_later
from appliance.features.rooms.actions.entering import Rooms, named
from appliance.features.rooms.actions.seeing import require
from appliance.features.rooms.actions.telling import change
from appliance.features.rooms.model import ChangeSecretRoom, NewSecretRoom, Role, Room, SecretRoom
from appliance.kernel.commands import Outcome, once
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

ALPHABET = "ABCDEFGHJKMNPQRTVWXY2345679"
"""Of letters and digits that look alike at most one: no 0 O, no 1 I L, no 8 but B, no Z but 2, no S but 5, no
U but V."""
CODE_LETTERS = 8
_MEANT = str.maketrans({"Z": "2", "S": "5", "8": "B", "U": "V", "-": "", " ": ""})


def new_code() -> str:
    """38 bits: enough where tries are limited."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def typed_code(typed: str) -> str:
    """The code that somebody means who copied it by hand."""
    return "".join(typed.split()).upper().translate(_MEANT)


def create(
    tx: Tx, rooms: Rooms, who: Who, asked: NewSecretRoom, password: str, public_url: str
) -> SecretRoom:
    """Make a room that only its code leads to, or find the one that this was asked for before. `password`:
    hashed, or empty."""

    def make() -> Outcome:
        made = Room(
            id=new_id(tx.now),
            kind="secret",
            name=named(asked.name),
            history=asked.history,
            member_limit=asked.member_limit,
            locked=bool(password),
            expires_at=tx.now + asked.expires_in_s * 1000 if asked.expires_in_s else 0,
        )
        seq = rooms.found(tx, who, made)
        store.put_secret(tx, made.id, _free_code(tx), password)
        if made.expires_at:
            expire_later(tx, made.id, made.expires_at)
        return Outcome(made.id, seq)

    room, _, _ = once(tx, who, asked.client_id, _digest(asked), make)
    return show(tx, who, room, public_url)


def show(db: Reader, who: Who, room: str, public_url: str) -> SecretRoom:
    """How others get in."""
    found, _ = require(db, who, room, "see_secret")
    secret = store.secret_of(db, room)
    if secret is None:
        raise Refusal("not_found", field="room")
    return SecretRoom(
        room=room,
        code=secret[0],
        url=f"{public_url}/secret#{secret[0]}",
        locked=found.locked,
        expires_at=found.expires_at,
    )


def alter(
    tx: Tx, who: Who, room: str, asked: ChangeSecretRoom, password: str | None, public_url: str
) -> SecretRoom:
    """Another code, password or end. `password`: hashed, empty for none, None to leave it as it is."""
    found, _ = require(tx, who, room, "change_secret")
    secret = store.secret_of(tx, room)
    assert secret is not None
    kept = secret[1] if password is None else password
    expires_at = found.expires_at
    if asked.expires_in_s is not None:
        expires_at = tx.now + asked.expires_in_s * 1000 if asked.expires_in_s else 0
    store.put_secret(tx, room, _free_code(tx) if asked.new_code else secret[0], kept)
    audit.note(tx, who, "room.secret", room, room=room)
    if expires_at and expires_at != found.expires_at:
        expire_later(tx, room, expires_at)
    changed = msgspec.structs.replace(found, locked=bool(kept), expires_at=expires_at)
    if changed != found:
        change(tx, changed, actor=who.account)
    return show(tx, who, room, public_url)


def lock_of(db: Reader, code: str) -> str | None:
    """The stored hash that a password must match; None where there is no such code, or no password."""
    found = store.behind_code(db, code)
    return (found[1] or None) if found else None


def enter(tx: Tx, rooms: Rooms, who: Who, code: str, lock: str | None, *, matched: bool) -> str:
    """Come in by the code; returns the room. `lock`: the hash that the password was compared with, and
    `matched` what came of it. Raises not_found whatever is wrong, so that nobody learns what was right."""
    found = store.behind_code(tx, code)
    room = store.room(tx, found[0]) if found else None
    if found is None or room is None:
        raise Refusal("not_found")
    # Between comparing and now another password may have been set.
    if found[1] and not (matched and lock == found[1]):
        raise Refusal("not_found")
    if 0 < room.expires_at <= tx.now:
        raise Refusal("not_found")
    # Where everybody left, whoever comes first has it.
    role: Role = "member" if store.has_owner(tx, room.id) else "owner"
    try:
        rooms.admit(tx, room.id, who.account, role, actor=who.account)
    except Refusal as refusal:
        raise Refusal("not_found") from refusal
    return room.id


def _free_code(db: Reader) -> str:
    while store.behind_code(db, code := new_code()) is not None:
        pass
    return code


def _digest(asked: NewSecretRoom) -> bytes:
    # Without the password: a fast hash of it on disk would undo what the slow one is for.
    same = msgspec.structs.replace(asked, password="")
    return blake2b(msgspec.json.encode(same), digest_size=16).digest()
