"""What people do about themselves and about each other."""

from typing import Any

import msgspec

from appliance.features.auth import actions as auth
from appliance.features.auth.model import tidy_display
from appliance.features.people import store
from appliance.features.people.model import (
    MOST_BLOCKS,
    MOST_NICKNAMES,
    Block,
    BlockedChanged,
    NicknamesChanged,
    PreferencesChanged,
    SetNickname,
    SetPreferences,
    Unblock,
)
from appliance.kernel import journal
from appliance.kernel.commands import Outcome
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

BLOCKED = "blocked"
NICKNAMES = "nicknames"
PREFERENCES = "preferences"

preferences = store.preferences
blocked_by = store.blocked_by


def block(tx: Tx, who: Who, command: Block) -> Outcome:
    """Hear nothing more from somebody."""
    if command.person == who.account or auth.person(tx, command.person) is None:
        raise Refusal("not_found", field="person")
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
    if person == who.account or auth.person(tx, person) is None:
        raise Refusal("not_found", field="person")
    if person not in held and len(held) >= MOST_NICKNAMES:
        raise Refusal("too_many", limit="nicknames")
    store.put_nickname(tx, who.account, person, name)
    return Outcome(person, _tell_nicknames(tx, who.account))


def set_preferences(tx: Tx, who: Who, command: SetPreferences) -> Outcome:
    """Choose what is equal on all my devices."""
    held = store.preferences(tx, who.account)
    asked = {name: getattr(command, name) for name in held.__struct_fields__}
    given = {name: value for name, value in asked.items() if value is not None}
    chosen = msgspec.structs.replace(held, **given)
    store.put_preferences(tx, who.account, chosen)
    seq = journal.append(tx, who.account, PREFERENCES, who.account, who.account)
    tx.emit(who.account, PreferencesChanged(log=who.account, seq=seq, preferences=chosen))
    return Outcome(who.account, seq)


def _tell_blocks(tx: Tx, account: str) -> int:
    seq = journal.append(tx, account, BLOCKED, account, account)
    tx.emit(account, _blocked(tx, account, seq))
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
