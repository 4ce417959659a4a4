"""What people do with credits."""

from typing import Any

import msgspec

from appliance.config import Config
from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.model import Person, Settings
from appliance.features.credits import store
from appliance.features.credits.model import ENTRIES, CreditsChanged, Gift, Grant, Ledger
from appliance.features.messages import actions as messages
from appliance.features.people import actions as people
from appliance.kernel import journal
from appliance.kernel.commands import Outcome, digest_of, once
from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

CREDITS = "credits"


class Credits:
    """The verbs that need to know whether there are credits at all."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def _settings(self, db: Reader) -> Settings:
        found = auth.settings(db, self._config)
        if not found.credits:
            raise Refusal("credits_off")
        return found

    def gift(self, tx: Tx, who: Who, command: Gift) -> Outcome:
        """Give some of one's own to somebody."""
        settings = self._settings(tx)
        _require_receiver(tx, who, command)
        message = command.message or ""
        if message and messages.visible(tx, who, message).author != command.person:
            raise Refusal("not_found", field="message")
        for account in (who.account, command.person):
            _begin(tx, account, settings.start_credits)
        if store.balance(tx, who.account) < command.amount:
            raise Refusal("credits_short", field="amount")
        note = " ".join(command.note.split())
        made = store.add(
            tx, who.account, -command.amount, "gift", other=command.person, message=message, note=note
        )
        store.add(tx, command.person, command.amount, "gift", other=who.account, message=message, note=note)
        _tell(tx, who.account, who.account, -command.amount, None)
        giver = auth.person(tx, who.account)
        _tell(tx, command.person, who.account, command.amount, giver, message=message, note=note)
        return Outcome(made, kept=True)

    def grant(self, tx: Tx, who: Who, account: str, wanted: Grant) -> int:
        """Add to what somebody has, or take from it; returns what they have then. Raises credits_short."""

        def act() -> Outcome:
            settings = self._settings(tx)
            if auth.standing(tx, account) is None or wanted.amount == 0:
                raise Refusal("not_found" if wanted.amount else "bad_request", field="amount")
            _begin(tx, account, settings.start_credits)
            if store.balance(tx, account) + wanted.amount < 0:
                raise Refusal("credits_short", field="amount")
            made = store.add(tx, account, wanted.amount, "grant", other=who.account, note=wanted.note)
            audit.note(tx, who, "credits.grant", account, detail=f"{wanted.amount:+d} {wanted.note}".strip())
            _tell(tx, account, who.account, wanted.amount, None, note=wanted.note)
            return Outcome(made)

        once(tx, who, wanted.client_id, digest_of(msgspec.json.encode((account, wanted))), act)
        return store.balance(tx, account)

    def ledger(self, db: Reader, who: Who, before: str) -> Ledger:
        """What I have, and how it came about."""
        settings = self._settings(db)
        found = store.entries(db, who.account, before, ENTRIES + 1)
        return Ledger(
            balance=balance(db, who.account, settings), entries=found[:ENTRIES], more=len(found) > ENTRIES
        )


def _require_receiver(db: Reader, who: Who, command: Gift) -> None:
    """Raises not_found, forbidden where they blocked the giver, and newcomer: a gift with a few words is a
    direct message too."""
    found = auth.person(db, command.person)
    if found is None or found.gone or command.person in (who.account, auth.desk_of(db)):
        raise Refusal("not_found", field="person")
    if people.blocked_by(db, who.account, command.person):
        raise Refusal("forbidden", field="person", text="You cannot give anything to this person.")
    if command.note.strip():
        auth.require_trusted(db, who)


def balance(db: Reader, account: str, settings: Settings) -> int:
    """What somebody has. What everybody begins with is written down when it is first touched, and counts
    before."""
    start = 0 if store.began(db, account) else settings.start_credits
    return store.balance(db, account) + start


def _begin(tx: Tx, account: str, amount: int) -> None:
    if amount and not store.began(tx, account):
        store.add(tx, account, amount, "start")


def _tell(
    tx: Tx, account: str, actor: str, amount: int, by: Person | None, *, message: str = "", note: str = ""
) -> None:
    seq = journal.append(tx, account, CREDITS, account, actor)
    event = CreditsChanged(
        log=account,
        seq=seq,
        balance=store.balance(tx, account),
        amount=amount,
        by=by,
        message=message,
        note=note,
    )
    tx.emit(account, event)


# Replay, download


def load_credits(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """What I have now. What was given meanwhile stands in the ledger."""
    return [CreditsChanged(log=log, seq=max(seq for _, seq in subjects), balance=store.balance(db, account))]


def export(db: Reader, account: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """For the download of one's own data: entries, newest first, and what to give as `after` for the next."""
    found = store.entries(db, account, after, ENTRIES)
    lines = [
        {"kind": "credits", "id": e.id, "at": e.at, "amount": e.amount, "why": e.kind, "note": e.note}
        for e in found
    ]
    return lines, found[-1].id if len(found) == ENTRIES else ""
