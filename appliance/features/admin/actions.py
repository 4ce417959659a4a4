"""What admins look at and order."""

from typing import get_args

from appliance.config import Config
from appliance.features.admin import store
from appliance.features.admin.model import (
    MEMBERS_PAGE,
    AccountDetails,
    Accounts,
    AllRooms,
    RoomOrder,
    SetCommunityRole,
    Standing,
)
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.model import ChangeSettings, Settings
from appliance.features.credits import actions as credits
from appliance.features.moderation import actions as moderation
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.model import Room
from appliance.features.support import actions as support
from appliance.kernel.errors import Refusal
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Reader, Tx

counts = store.counts


def accounts(db: Reader, *, beginning: str, standing: str, role: str, after: str) -> Accounts:
    """A page of accounts."""
    wanted = next((word for word in get_args(Standing) if word == standing), None)
    only = role if role in get_args(CommunityRole) else ""
    found, total = store.accounts(db, beginning=beginning, standing=wanted, role=only, after=after)
    return Accounts(accounts=found[:MEMBERS_PAGE], total=total, more=len(found) > MEMBERS_PAGE)


def account(db: Reader, config: Config, account_id: str) -> AccountDetails:
    """One account with everything that moderators may know of it; raises not_found."""
    row = store.account(db, account_id)
    if row is None:
        raise Refusal("not_found", field="account")
    settings = auth.settings(db, config)
    owned = (rooms.room(db, room) for room in store.owned_rooms(db, account_id))
    return AccountDetails(
        account=row,
        about=store.about(db, account_id),
        devices=store.devices(db, account_id),
        invited_by=store.invited_by(db, account_id),
        invited=store.invited(db, account_id),
        # A secret room stays one for everybody who is not in it.
        owned_rooms=[room for room in owned if room is not None and room.kind == "public"],
        reports=moderation.count_about(db, account_id),
        credits=credits.balance(db, account_id, settings) if settings.credits else 0,
    )


def set_role(tx: Tx, who: Who, account_id: str, wanted: SetCommunityRole) -> None:
    """Make somebody something else in the community; raises not_found or last_admin."""
    auth.change_role(tx, account_id, wanted.role)
    if wanted.role == "member":
        support.stand_down(tx, account_id)
    audit.note(tx, who, "account.role", account_id, detail=wanted.role)


def change_settings(tx: Tx, config: Config, who: Who, wanted: ChangeSettings) -> Settings:
    """Change what is given; raises setting_locked."""
    given = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = auth.change_settings(tx, config, changes)
    for name, value in changes.items():
        audit.note(tx, who, "settings.change", name, detail=str(value))
    return settings


def all_rooms(db: Reader, *, beginning: str, kind: str, after: str) -> AllRooms:
    """A page of rooms."""
    ids, total = store.rooms(db, beginning=beginning, kind=kind, after=after, most=MEMBERS_PAGE + 1)
    found = [room for room in (rooms.room(db, room) for room in ids[:MEMBERS_PAGE]) if room is not None]
    return AllRooms(
        rooms=[store.room_row(db, room) for room in found], total=total, more=len(ids) > MEMBERS_PAGE
    )


def order_room(tx: Tx, who: Who, room: str, wanted: RoomOrder) -> Room:
    """Archive, open, delete or restore a room from above; raises not_found."""
    found = rooms.room(tx, room)
    if found is None or found.kind not in ("public", "private", "secret"):
        raise Refusal("not_found", field="room")
    rooms.order(tx, who, found, wanted.order, wanted.reason)
    after = rooms.room(tx, room)
    assert after is not None
    return after
