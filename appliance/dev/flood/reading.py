"""What the bytes that a server sent mean, worked out once for all sockets that got the same bytes."""

import re
from typing import NamedTuple

import msgspec

from appliance.dev.flood.framer import Joiner, Op, split

_PLACE = re.compile(rb',"log":"([0-9a-v]{26})","seq":(\d+)\}$')
_PLACE_FITS = 80
_OP = re.compile(rb'\{"op":"(\w+)"')
_OF_NO_LOG = (b"typing", b"error", b"welcome", b"pong", b"replayed", b"summary")
_SHARED = (b"message", b"typing")
_CLIENT_ID = b'"client_id":"'
_ACK = re.compile(rb'\{"op":"ack","id":"([\w-]*)".*?"seq":(\d+)')

_KEY = re.compile(rb"\d{20}-\d{8}")


def stamp(due_ns: int, number: int) -> bytes:
    """A request and client id that carries when it was due to be sent (perf_counter, ns)."""
    return b"%020d-%08d" % (due_ns, number)


def due_ns(key: bytes) -> int:
    """When the command with this key was due."""
    return int(key[:20])


class Told(NamedTuple):
    """An event at `seq` of `log`. `key` is the client id where it is a message of ours."""

    op: bytes
    log: bytes
    seq: int
    key: bytes


class Acked(NamedTuple):
    """The command with `key` is on disk, at `seq` of its room."""

    key: bytes
    seq: int


class Said(NamedTuple):
    """Any other frame: `op` is the frame's, or "close"/"ping"/"pong" for the WebSocket's own."""

    op: bytes
    payload: bytes


Word = Told | Acked | Said


def _read_event(op: bytes, payload: bytes) -> Word | None:
    place = _PLACE.search(payload[-_PLACE_FITS:])
    if not place:
        return None
    key = b""
    if op == b"message":
        at = payload.rfind(_CLIENT_ID)
        ours = _KEY.match(payload, at + len(_CLIENT_ID)) if at > 0 else None
        key = ours[0] if ours else b""
    return Told(op, place[1], int(place[2]), key)


def read_text(payload: bytes) -> Word:
    """The meaning of one text message."""
    if payload.startswith(b'{"op":"ack"'):
        found = _ACK.match(payload)
        return Acked(found[1], int(found[2])) if found else Said(b"ack", payload)
    found = _OP.match(payload)
    if found and found[1] in _OF_NO_LOG:
        return Said(found[1], payload)
    event = _read_event(found[1], payload) if found else None
    if event:
        return event
    # Field order is the server's free choice: fall back to really decoding.
    decoded = msgspec.json.decode(payload)
    op = str(decoded.get("op", "?")).encode()
    if "log" in decoded and "seq" in decoded:
        key = str(decoded.get("message", {}).get("client_id", "")).encode()
        return Told(op, decoded["log"].encode(), int(decoded["seq"]), key if _KEY.fullmatch(key) else b"")
    if op == b"ack":
        return Acked(str(decoded["id"]).encode(), int(decoded.get("seq", 0)))
    return Said(op, payload)


class Run(NamedTuple):
    """Bytes that are nothing but consecutive messages of one log: the usual thing to arrive."""

    log: bytes
    first: int
    last: int
    due: tuple[int, ...]


class Reader:
    """Remembers the meaning of chunks and texts: the server encodes once, so should the reader.

    Both memories are emptied when full; what was lost from them is read again."""

    def __init__(self, remember: int = 4096) -> None:
        self._limit = remember
        self._texts: dict[bytes, Word] = {}
        self.runs: dict[bytes, Run] = {}
        self.first_seen: list[Told] = []
        """Each message of ours that was read for the first time; the owner takes and clears it."""

    def read(self, data: bytes, joiner: Joiner) -> tuple[list[Word], int]:
        """All whole messages in `data`, and the number of bytes that they took."""
        frames, used = split(data)
        words: list[Word] = []
        for first, payload in frames:
            if first == 0x81:
                words.append(self._recall(payload))
                continue
            message = joiner.take(first, payload)
            if message is None:
                continue
            op, whole = message
            words.append(self._recall(whole) if op is Op.TEXT else Said(op.name.lower().encode(), whole))
        if used == len(data):
            self._remember_run(data, words)
        return words, used

    def _recall(self, payload: bytes) -> Word:
        word = self._texts.get(payload)
        if word is None:
            word = read_text(payload)
            if isinstance(word, Told) and word.key:
                self.first_seen.append(word)
            if not isinstance(word, Acked) and word.op in _SHARED:
                if len(self._texts) >= self._limit:
                    self._texts.clear()
                self._texts[payload] = word
        return word

    def _remember_run(self, data: bytes, words: list[Word]) -> None:
        told = [word for word in words if isinstance(word, Told) and word.key]
        if not told or len(told) < len(words):
            return
        first = told[0]
        if any(word.log != first.log or word.seq != first.seq + i for i, word in enumerate(told)):
            return
        if len(self.runs) >= self._limit:
            self.runs.clear()
        self.runs[data] = Run(first.log, first.seq, told[-1].seq, tuple(due_ns(word.key) for word in told))
