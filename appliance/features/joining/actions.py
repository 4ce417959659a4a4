"""What people do to come in, and what others do to let them."""

from contextlib import suppress

from appliance.config import Config
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, StoredInvite
from appliance.features.auth.model import Me, Person
from appliance.features.joining.model import Invite, InviteInfo, NewInvite
from appliance.features.rooms import actions as rooms
from appliance.kernel.errors import Refusal
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
    """Bring a new account into the rooms that its invitation leads to. A room that has become full or is gone
    keeps nobody out of the community."""
    invite = auth.invite_of(tx, account)
    halls = rooms.Rooms(config.limits.room_members)
    for room in invite.rooms if invite else ():
        if not rooms.member_count(tx, room):
            continue
        with suppress(Refusal):
            halls.admit(tx, room, account, "member", actor=invite.creator if invite else account)


def invite(tx: Tx, who: Who, wanted: NewInvite, public_url: str) -> Invite:
    """Make a link by which people register."""
    if wanted.role == "moderator" and not who.admin:
        raise Refusal("forbidden", field="role")
    for room in wanted.rooms:
        rooms.require_member(tx, who, room)
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
    return _invite(tx, made, public_url)


def revoke_invite(tx: Tx, who: Who, invite: str) -> None:
    """End a link. Ending it twice counts as done."""
    if auth.revoke_invite(tx, invite) is not None:
        audit.note(tx, who, "invite.revoke", invite)


def invites(db: Reader, public_url: str, *, spent: bool) -> list[Invite]:
    """The links, with who made them and who came by them."""
    return [_invite(db, stored, public_url) for stored in auth.invites(db, spent=spent)]


def invite_info(db: Reader, config: Config, code: str) -> InviteInfo:
    """What a stranger sees who opens the link."""
    found = auth.working_invite(db, code)
    by = auth.person(db, found.creator) if found else None
    name = auth.settings(db, config).name
    return InviteInfo(community=name, valid=found is not None, by=by.display if by else "")


def _invite(db: Reader, stored: StoredInvite, public_url: str) -> Invite:
    return Invite(
        id=stored.id,
        url=f"{public_url}/invite/{stored.code}",
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


def _person(db: Reader, account: str) -> Person:
    return auth.person(db, account) or Person(id=account, name="", display="", gone=True)
