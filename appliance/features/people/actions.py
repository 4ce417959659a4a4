"""What people do about themselves and about each other."""

from collections.abc import Callable
from typing import Any

import msgspec

from appliance.features.auth import actions as auth
from appliance.features.auth.model import Me, tidy_display
from appliance.features.people import store
from appliance.features.people.model import (
    MOST_BLOCKS,
    MOST_NICKNAMES,
    PEOPLE_PAGE,
    Block,
    BlockedChanged,
    ChangeProfile,
    NicknamesChanged,
    People,
    Preferences,
    PreferencesChanged,
    Profile,
    SetNickname,
    SetPreferences,
    Unblock,
    folded,
    is_found_by,
    tidy_line,
    tidy_text,
)
from appliance.features.people.pictures import MOST_BYTES, PNG, Pictures
from appliance.kernel import jobs, journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

BLOCKED = "blocked"
NICKNAMES = "nicknames"
PREFERENCES = "preferences"
PRESENCE = "presence"
"""Hint: how this account is seen by others, or others by it, may be otherwise now."""

DROP_PICTURE = "people.drop_picture"
PICTURE_BYTES = MOST_BYTES

Retell = Callable[[Tx, str], None]
"""Tells every room that shows an account how it looks now. Rooms are further up, so they put it here."""
SharedRooms = Callable[[Reader, str, str], list[str]]
"""(db, account, other) -> the rooms in which `account` sees `other`."""

preferences = store.preferences
blocked_by = store.blocked_by
has_picture = store.has_picture
unused_pictures = store.unused_pictures


# How others see me


class Profiles:
    """The verbs after which everybody who shares a room must be told."""

    def __init__(self, retell: Retell) -> None:
        self._retell = retell

    def change_profile(self, tx: Tx, who: Who, command: ChangeProfile) -> Outcome:
        """Change what is given of how others see me."""
        held = _myself(tx, who.account)
        changes = _asked(command, held.name)
        changes = {field: value for field, value in changes.items() if getattr(held, field) != value}
        if not changes:
            return Outcome(who.account, journal.head(tx, who.account))
        seq = auth.change_me(tx, who.account, **changes)
        # Only who opens a profile sees what it says about itself.
        if changes.keys() - {"about"}:
            self._retell(tx, who.account)
        return Outcome(who.account, seq)

    def set_picture(self, tx: Tx, account: str, picture: str) -> None:
        """Show this picture, which `keep_picture` put on the disk, or none."""
        held = _myself(tx, account).picture
        if held == picture:
            return
        if picture:
            use_picture(tx, picture)
        if held:
            drop_picture(tx, held)
        auth.change_me(tx, account, picture=picture)
        self._retell(tx, account)


def _myself(db: Reader, account: str) -> Me:
    me = auth.myself(db, account)
    if me is None:
        raise Refusal("not_found")
    return me


def _asked(command: ChangeProfile, name: str) -> dict[str, str | int]:
    asked: dict[str, str | int] = {}
    if command.display is not None:
        asked["display"] = tidy_display(command.display, name)
    if command.status is not None:
        asked["status"] = tidy_line(command.status)
        asked["status_until"] = command.status_until or 0 if asked["status"] else 0
    elif command.status_until is not None:
        asked["status_until"] = command.status_until
    if command.about is not None:
        asked["about"] = tidy_text(command.about)
    return asked


async def keep_picture(house: House, received: bytes) -> str:
    """Make a picture small and put it on the disk; returns its id, to be given to `use_picture`. Raises
    picture_unreadable or too_large."""
    pictures: Pictures = house.of_feature["pictures"]
    return await pictures.keep(received, house.clock.now_ms())


async def draw_logo(house: House, received: bytes) -> list[bytes]:
    """Tile, small tile, tile with a safe edge, bare mark: PNG. Raises picture_unreadable or too_large."""
    pictures: Pictures = house.of_feature["pictures"]
    return await pictures.drawn(received, "logo", 4, PNG)


def use_picture(tx: Tx, picture: str) -> None:
    """From here on the picture is somebody's, or a room's."""
    store.put_picture(tx, picture)


def drop_picture(tx: Tx, picture: str) -> None:
    """Nobody uses the picture any more; its files go soon."""
    store.drop_picture(tx, picture)
    jobs.enqueue(tx, DROP_PICTURE, {"picture": picture})


# Finding others


def people(db: Reader, q: str, after: str) -> People:
    """Members whom `q` finds, by display name, from behind the account `after`."""
    wanted = folded(q).split()
    found = sorted(
        (shown, account)
        for account, name, display in store.names(db)
        if is_found_by(wanted, name, shown := folded(display))
    )
    accounts = [account for _, account in found]
    start = accounts.index(after) + 1 if after in accounts else 0 if not after else len(accounts)
    page = accounts[start : start + PEOPLE_PAGE]
    return People(people=store.people(db, page), more=start + PEOPLE_PAGE < len(accounts))


def profile(db: Reader, who: Who, account: str, shared_rooms: SharedRooms) -> Profile:
    """Somebody whom I may see; raises not_found for all others, as for nobody."""
    found = store.about(db, account)
    if found is None:
        raise Refusal("not_found", field="person")
    person, about, role, since = found
    mine = account == who.account
    rooms = [] if mine else shared_rooms(db, who.account, account)
    if (who.guest or person.guest or role == "desk") and not rooms and not mine:
        raise Refusal("not_found", field="person")
    return Profile(person=person, about=about, role=role, since=since, rooms=rooms)


# What is between us


def block(tx: Tx, who: Who, command: Block) -> Outcome:
    """Hear nothing more from somebody."""
    _require_other(tx, who, command.person)
    if store.blocked_by(tx, command.person, who.account):
        return Outcome(command.person, journal.head(tx, who.account))
    if store.count_blocks(tx, who.account) >= MOST_BLOCKS:
        raise Refusal("too_many", limit="blocks")
    store.add_block(tx, who.account, command.person)
    return Outcome(command.person, _tell_blocks(tx, who.account))


def unblock(tx: Tx, who: Who, command: Unblock) -> Outcome:
    """Hear from somebody again."""
    if store.drop_block(tx, who.account, command.person):
        return Outcome(command.person, _tell_blocks(tx, who.account))
    return Outcome(command.person, journal.head(tx, who.account))


def set_nickname(tx: Tx, who: Who, command: SetNickname) -> Outcome:
    """Call somebody by a name of my own, or no longer."""
    name, person = tidy_display(command.name, ""), command.person
    held = {of.person: of.name for of in store.nicknames(tx, who.account)}
    if name == held.get(person, ""):
        return Outcome(person, journal.head(tx, who.account))
    if not name:
        store.drop_nickname(tx, who.account, person)
        return Outcome(person, _tell_nicknames(tx, who.account))
    _require_other(tx, who, person)
    if person not in held and len(held) >= MOST_NICKNAMES:
        raise Refusal("too_many", limit="nicknames")
    store.put_nickname(tx, who.account, person, name)
    return Outcome(person, _tell_nicknames(tx, who.account))


def _require_other(db: Reader, who: Who, account: str) -> None:
    found = store.about(db, account)
    # The desk is nobody: behind it are all who answer.
    if found is None or found[2] == "desk" or account == who.account:
        raise Refusal("not_found", field="person")


def set_preferences(tx: Tx, who: Who, command: SetPreferences) -> Outcome:
    """Choose what is equal on all my devices."""
    asked = {name: getattr(command, name) for name in Preferences.__struct_fields__}
    given = {name: value for name, value in asked.items() if value is not None}
    store.put_preferences(tx, who.account, given)
    chosen = store.preferences(tx, who.account)
    seq = journal.append(tx, who.account, PREFERENCES, who.account, who.account)
    tx.emit(who.account, PreferencesChanged(log=who.account, seq=seq, preferences=chosen))
    tx.hint(PRESENCE, who.account)
    return Outcome(who.account, seq)


def forget(tx: Tx, account: str) -> None:
    """Leave nothing of the account, nor of what others thought of it."""
    picture = _myself(tx, account).picture
    if picture:
        drop_picture(tx, picture)
    blockers, namers = store.drop_all_of(tx, account)
    for other in blockers:
        _tell_blocks(tx, other)
    for other in namers:
        _tell_nicknames(tx, other)


def export(db: Reader, account: str) -> list[dict[str, Any]]:
    """What is kept here of the account, for itself to take along."""
    return [
        *({"kind": "block", "person": person.id} for person in store.blocks(db, account)),
        *({"kind": "nickname", **msgspec.to_builtins(name)} for name in store.nicknames(db, account)),
        {"kind": "preferences", **msgspec.to_builtins(store.preferences(db, account))},
    ]


def _tell_blocks(tx: Tx, account: str) -> int:
    seq = journal.append(tx, account, BLOCKED, account, account)
    tx.emit(account, _blocked(tx, account, seq))
    tx.hint(PRESENCE, account)
    return seq


def _tell_nicknames(tx: Tx, account: str) -> int:
    seq = journal.append(tx, account, NICKNAMES, account, account)
    tx.emit(account, _nicknames(tx, account, seq))
    return seq


# Replay


def _blocked(db: Reader, account: str, seq: int) -> BlockedChanged:
    return BlockedChanged(log=account, seq=seq, people=store.blocks(db, account))


def _nicknames(db: Reader, account: str, seq: int) -> NicknamesChanged:
    return NicknamesChanged(log=account, seq=seq, nicknames=store.nicknames(db, account))


def _preferences(db: Reader, account: str, seq: int) -> PreferencesChanged:
    return PreferencesChanged(log=account, seq=seq, preferences=store.preferences(db, account))


def whole(db: Reader, account: str) -> list[Any]:
    """All of it, also where there is none: what a client still holds of another time is then gone."""
    seq = journal.head(db, account)
    return [tell(db, account, seq) for tell in (_blocked, _nicknames, _preferences)]


def load_blocked(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """Whom I blocked."""
    return [_blocked(db, account, seq) for _, seq in subjects]


def load_nicknames(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """What I call others."""
    return [_nicknames(db, account, seq) for _, seq in subjects]


def load_preferences(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """What I chose."""
    return [_preferences(db, account, seq) for _, seq in subjects]
