"""What people do to come in, and what others do to let them."""

from appliance.config import Config
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, StoredInvite
from appliance.features.auth.model import Me, Person, tidy_display
from appliance.features.joining import store
from appliance.features.joining.model import (
    GUEST_LINKS_PER_ROOM,
    BecomeMember,
    GuestDoor,
    GuestLink,
    Invite,
    InviteInfo,
    NewGuestLink,
    NewInvite,
)
from appliance.features.rooms import actions as rooms
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_code, new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

# Registering, invites


def register(tx: Tx, config: Config, account: NewAccount, code: str) -> Me:
    """Make an account for somebody who came by themselves or by an invitation, and bring them into the rooms
    that it leads to."""
    me = auth.register(tx, config, account, code)
    arrive(tx, config, me.id)
    return me


def arrive(tx: Tx, config: Config, account: str) -> None:
    """Bring a new account into the rooms that its invitation leads to. A room that is full or gone by now, or
    into which its maker could bring nobody any more, keeps nobody out of the community."""
    invite = auth.invite_of(tx, account)
    halls = rooms.Rooms(config.limits.room_members)
    for room in invite.rooms if invite else ():
        if invite and _may_bring_into(tx, invite.creator, room):
            rooms.admit_if_possible(tx, halls, room, account, actor=invite.creator)


def invite(tx: Tx, who: Who, wanted: NewInvite, public_url: str) -> Invite:
    """Make a link by which people register."""
    if wanted.role == "moderator" and not who.admin:
        raise Refusal("forbidden", field="role")
    for room in wanted.rooms:
        rooms.require(tx, who, room, "add_member")
    made = auth.invite(
        tx,
        who,
        uses=wanted.uses,
        days=wanted.days,
        role=wanted.role,
        rooms=tuple(dict.fromkeys(wanted.rooms)),
        note=wanted.note,
    )
    audit.note(tx, who, "invite.make", made.id, detail=f"{made.role}, {made.uses} uses")
    return _invite(tx, who, made, public_url)


def revoke_invite(tx: Tx, who: Who, invite: str) -> None:
    """End a link. Ending it twice counts as done."""
    if auth.revoke_invite(tx, invite) is not None:
        audit.note(tx, who, "invite.revoke", invite)


def invites(db: Reader, who: Who, public_url: str, *, spent: bool) -> list[Invite]:
    """The links, with who made them and who came by them."""
    return [_invite(db, who, stored, public_url) for stored in auth.invites(db, spent=spent)]


def invite_info(db: Reader, config: Config, code: str) -> InviteInfo:
    """What a stranger sees who opens the link."""
    found = auth.working_invite(db, code)
    by = auth.person(db, found.creator) if found else None
    name = auth.settings(db, config).name
    return InviteInfo(community=name, valid=found is not None, by=by.display if by else "")


def _may_bring_into(db: Reader, account: str, room: str) -> bool:
    """Whether the account may bring people into the room now; into one that is gone it does no harm."""
    found, role = rooms.room(db, room), rooms.role_of(db, room, account)
    if found is None or found.kind == "public":
        return True
    return role is not None and rooms.may(role, found.kind, "add_member")


def _may_hand_on(db: Reader, who: Who, stored: StoredInvite) -> bool:
    """Whoever made a link knows it. Nobody else of the staff gets by it what they could not give."""
    if stored.creator == who.account:
        return True
    could_make = stored.role == "member" or who.admin
    return could_make and all(_may_bring_into(db, who.account, room) for room in stored.rooms)


def _invite(db: Reader, who: Who, stored: StoredInvite, public_url: str) -> Invite:
    return Invite(
        id=stored.id,
        url=f"{public_url}/invite/{stored.code}" if _may_hand_on(db, who, stored) else "",
        uses=stored.uses,
        uses_left=stored.uses_left,
        expires_at=stored.expires_at,
        created_at=stored.created_at,
        creator=_person(db, stored.creator),
        role="moderator" if stored.role == "moderator" else "member",
        rooms=list(stored.rooms),
        note=stored.note,
        revoked_at=stored.revoked_at,
        people=auth.came_by(db, stored.id),
    )


# Guests


def open_guest_link(
    tx: Tx, config: Config, who: Who, room: str, wanted: NewGuestLink, public_url: str
) -> GuestLink:
    """Make a link that lets guests into a room; raises guests_off or guest_links_full."""
    rooms.require(tx, who, room, "guest_link")
    if not auth.settings(tx, config).guests:
        raise Refusal("guests_off")
    if store.count_working(tx, room) >= GUEST_LINKS_PER_ROOM:
        raise Refusal("guest_links_full", limit="guest_links_per_room")
    made = store.StoredLink(
        id=new_id(tx.now),
        code=new_code(),
        room=room,
        creator=who.account,
        uses=wanted.uses,
        uses_left=wanted.uses,
        expires_at=tx.now + wanted.hours * 3_600_000,
        created_at=tx.now,
    )
    store.add_link(tx, made)
    audit.note(tx, who, "guest_link.make", made.id, room=room, detail=f"{made.uses} uses")
    return _link(tx, made, public_url)


def guest_links(db: Reader, who: Who, room: str, public_url: str) -> list[GuestLink]:
    """The guest links of a room, for those who may make them."""
    rooms.require(db, who, room, "guest_link")
    return [_link(db, stored, public_url) for stored in store.links_of(db, room, 100)]


def revoke_guest_link(tx: Tx, who: Who, link: str, *, and_guests: bool) -> None:
    """End a link, and with `and_guests` show everybody out who came by it."""
    found = store.link(tx, link)
    if found is None:
        raise Refusal("not_found", field="link")
    rooms.require(tx, who, found.room, "guest_link")
    # Revoked or used up before, it may still have guests to show out.
    if store.revoke_link(tx, link):
        audit.note(tx, who, "guest_link.revoke", link, room=found.room)
    for guest in store.guests_by(tx, link, found.room) if and_guests else ():
        audit.note(tx, who, "room.remove", guest.id, room=found.room)
        rooms.dismiss(tx, found.room, guest.id, "removed", actor=who.account)
        auth.sign_out_everywhere(tx, guest.id)


def _open_link(db: Reader, code: str) -> store.StoredLink | None:
    """The link, while whoever made it could make it still."""
    link = store.working_link(db, code)
    room = rooms.room(db, link.room) if link else None
    role = rooms.role_of(db, link.room, link.creator) if link else None
    lawful = room is not None and role is not None and rooms.may(role, room.kind, "guest_link")
    return link if lawful else None


def guest_door(db: Reader, config: Config, code: str) -> GuestDoor:
    """What a stranger sees who opens a guest link."""
    settings = auth.settings(db, config)
    link = _open_link(db, code) if settings.guests else None
    room = rooms.open_room(db, link.room) if link else None
    if link is None or room is None:
        return GuestDoor(community=settings.name, valid=False)
    by = _person(db, link.creator).display
    return GuestDoor(community=settings.name, valid=True, room_name=room.name, icon=room.icon, by=by)


def enter_as_guest(tx: Tx, config: Config, halls: rooms.Rooms, code: str, display: str) -> Me:
    """Make a guest of the room that the link is for; raises invite_invalid, name_confusable or room_full."""
    link = _open_link(tx, code) if auth.settings(tx, config).guests else None
    if link is None or rooms.open_room(tx, link.room) is None:
        raise Refusal("invite_invalid", field="code")
    shown = tidy_display(display, "")
    if not shown:
        raise Refusal("bad_request", field="display", text="Please say what to call you.")
    if not auth.name_is_free_for_guest(tx, shown):
        raise Refusal("name_confusable", field="display")
    me = auth.add_guest(tx, shown)
    store.add_guest(tx, me.id, link.id)
    halls.admit(tx, link.room, me.id, "guest", actor=link.creator)
    if not store.use_link(tx, link.id):
        raise Refusal("invite_invalid", field="code")
    return me


def become_member(tx: Tx, config: Config, who: Who, wanted: BecomeMember, password: str) -> Me:
    """Make a member of a guest, under the same id; `password` is hashed. Raises what registering does."""
    if not who.guest:
        raise Refusal("forbidden")
    me = auth.promote_guest(
        tx, config, who.account, NewAccount(wanted.name, wanted.display, password), wanted.invite.strip()
    )
    for room in rooms.rooms_of(tx, who.account):
        rooms.change_role(tx, room, who.account, "member", actor=who.account)
    arrive(tx, config, who.account)
    return me


forget = store.forget


def purge_room(tx: Tx, room: str, most: int) -> int:
    """A room is gone for good, and with it how one came in; returns rows dropped."""
    return store.drop_links(tx, room, most)


def _link(db: Reader, stored: store.StoredLink, public_url: str) -> GuestLink:
    return GuestLink(
        id=stored.id,
        room=stored.room,
        url=f"{public_url}/guest/{stored.code}",
        uses=stored.uses,
        uses_left=stored.uses_left,
        expires_at=stored.expires_at,
        created_at=stored.created_at,
        creator=_person(db, stored.creator),
        guests=store.guests_by(db, stored.id, stored.room),
    )


def _person(db: Reader, account: str) -> Person:
    return auth.person(db, account) or Person(id=account, name="", display="", gone=True)
