"""Exactly once: a lasting command is carried out the first time and only answered every other time."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from appliance.kernel.errors import Refusal
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

KEEP_MS = 90 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a lasting command did: `subject` is what it made or changed, `seq` its position in its log.
    `kept`: remember the command as long as the subject lives, not just 90 days."""

    subject: str
    seq: int = 0
    kept: bool = False


def digest(command: msgspec.Struct) -> bytes:
    """What tells two commands apart, whatever request id they travel under. 16 bytes."""
    return digest_of(msgspec.json.encode(msgspec.structs.replace(command, id="")))


def digest_of(content: bytes) -> bytes:
    """The same for what did not come as a command. 16 bytes."""
    return hashlib.blake2b(content, digest_size=16).digest()


def once(
    tx: Tx, who: Who, client_id: str, content: bytes, act: Callable[[], Outcome]
) -> tuple[str, int, int]:
    """Carry out `act`, or find that it was carried out before; returns (subject, seq, at).

    Raises Refusal("conflict") when the id was used for a command with another digest."""
    found = tx.row(
        "SELECT digest, subject, seq, at FROM commands WHERE device = :device AND client_id = :client_id",
        device=who.device,
        client_id=client_id,
    )
    if found is not None:
        if found[0] != content:
            raise Refusal("conflict", field="client_id")
        return found[1], found[2], found[3]
    outcome = act()
    tx.run(
        "INSERT INTO commands (device, client_id, digest, subject, seq, at, expires)"
        " VALUES (:device, :client_id, :digest, :subject, :seq, :at, :expires)",
        device=who.device,
        client_id=client_id,
        digest=content,
        subject=outcome.subject,
        seq=outcome.seq,
        at=tx.now,
        expires=None if outcome.kept else tx.now + KEEP_MS,
    )
    return outcome.subject, outcome.seq, tx.now


def forget_later(tx: Tx, device: str, client_id: str) -> None:
    """The subject is gone: keep the command for another 90 days only."""
    tx.run(
        "UPDATE commands SET expires = :expires WHERE device = :device AND client_id = :client_id",
        expires=tx.now + KEEP_MS,
        device=device,
        client_id=client_id,
    )


def forget_expired(tx: Tx, *, most: int = 5000) -> int:
    """Drop commands whose time is over; returns how many."""
    return tx.run(
        "DELETE FROM commands WHERE (client_id, device) IN"
        " (SELECT client_id, device FROM commands WHERE expires < :now LIMIT :most)",
        now=tx.now,
        most=most,
    )
