"""What is done with files. This is what other features, and `api`, may use of it."""

import base64
import contextlib
from typing import Any

from appliance.features.media import files, store
from appliance.features.media.model import Arrived, Held
from appliance.kernel import jobs
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx

DROP = "media.drop"
UNUSED_MS = 86_400_000
"""How long a file waits for its message."""
ALWAYS = 2**53
EXPORTED = 3 << 18
"""Bytes of a file in one line of a download; by three, so that no padding stands in the middle."""

Files = files.Files
is_held = store.is_held


class Media:
    """The verbs that need a limit from the configuration."""

    def __init__(self, quota_bytes: int) -> None:
        self._quota_bytes = quota_bytes

    def keep(self, tx: Tx, who: Who, arrived: Arrived) -> str:
        """Somebody's file is on the disk; returns its id. The same once more, while no message shows it, has
        the same id, so that an upload whose answer was lost can be repeated. Raises media_full."""
        held = store.free(tx, who.account, arrived.digest)
        if held is not None:
            return held
        if self._quota_bytes and store.bytes_of(tx, who.account) + arrived.bytes > self._quota_bytes:
            raise Refusal("media_full", limit="upload_quota_mib")
        media = new_id(tx.now)
        store.add(tx, media, who.account, arrived)
        return media


def show(tx: Tx, who: Who, media: str, room: str, seq: int) -> None:
    """A message shows the file from now on; raises media_gone where it is not the asker's, or not free."""
    if not store.show(tx, media, who.account, room, seq):
        raise Refusal("media_gone", field="content")


def seen(db: Reader, who: Who, media: str) -> Held:
    """A file that one may have; raises not_found."""
    found = store.seen(db, who.account, media)
    if found is None:
        raise Refusal("not_found")
    return found


def let_go(tx: Tx, room: str, seq: int) -> None:
    """The message at that place shows nothing any more."""
    _drop(tx, store.drop_shown(tx, room, seq))


def purge(tx: Tx, room: str, most: int) -> int:
    """Let go of up to `most` files of a room that is gone for good; returns how many."""
    dropped = store.drop_room(tx, room, most)
    _drop(tx, dropped)
    return len(dropped)


def forget(tx: Tx, account: str) -> None:
    """Drop what the account uploaded and never showed; what it showed goes with the messages."""
    while dropped := store.drop_free(tx, account, ALWAYS, 100):
        _drop(tx, dropped)


def drop_unused(tx: Tx, most: int) -> int:
    """Drop up to `most` files that waited for a message too long; returns how many."""
    dropped = store.drop_free(tx, None, tx.now - UNUSED_MS, most)
    _drop(tx, dropped)
    return len(dropped)


def export(kept: Files, db: Reader, account: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """For the download of one's own data: the next piece of a file, and what to give as `after` for the one
    behind it. All `base64` of a file, one behind the other, is the file."""
    before, _, rest = after.partition(" ")
    held = store.of_author(db, account, before)
    if held is None:
        return [], ""
    begun, _, reached = rest.partition(" ")
    # It may have been deleted since its last piece.
    at = int(reached) if begun == held.id else 0
    line = {"kind": "file", "id": held.id, "type": held.type, "bytes": held.bytes, "at": at}
    piece = b""
    # A backup may have been put back without its files.
    with contextlib.suppress(FileNotFoundError), open(kept.file(held.digest), "rb") as file:
        file.seek(at)
        piece = file.read(EXPORTED)
    line["base64"] = base64.b64encode(piece).decode()
    end = at + len(piece)
    return [line], f"{before} {held.id} {end}" if piece and end < held.bytes else held.id


def _drop(tx: Tx, digests: list[str]) -> None:
    for digest in digests:
        # Others may have uploaded the same.
        if not store.is_held(tx, digest):
            jobs.enqueue(tx, DROP, {"digest": digest}, key=f"{DROP} {digest}")
