"""What a file is, by what is in it: one track of Opus, in one of the three containers that browsers record.

Only the beginning is looked at, and only as far as it says which codecs follow. That is not the decoder's
work: a file that is broken further on plays as far as it goes. What counts is that nothing is served as sound
that a browser could take for something else.
"""

import struct
from collections.abc import Iterator

HEAD_BYTES = 65_536
"""How far the tracks must be told of. Whoever records streams, and so says it first."""

_EBML, _SEGMENT, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0x1F43B675
_DOCTYPE, _ENTRY, _TRACK_TYPE, _CODEC = 0x4282, 0xAE, 0x83, 0x86
_AUDIO = 2
_OGG_FIRST = 0x02
_MOST_ELEMENTS = 200


def kind_of(head: bytes) -> str | None:
    """The media type of a file that begins so; None for what is not taken."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm" if _is_webm(head) else None
    if head.startswith(b"OggS"):
        return "audio/ogg" if _is_ogg(head) else None
    if head[4:8] == b"ftyp":
        return "audio/mp4" if _is_mp4(head) else None
    return None


def _is_ogg(head: bytes) -> bool:
    """RFC 7845, 3: the first page holds `OpusHead` alone; a second first page would be another stream."""
    first = _page(head, 0)
    if first is None or not first[0] & _OGG_FIRST or not first[1].startswith(b"OpusHead"):
        return False
    second = _page(head, first[2])
    return second is not None and not second[0] & _OGG_FIRST and second[1].startswith(b"OpusTags")


def _page(head: bytes, at: int) -> tuple[int, bytes, int] | None:
    """(flags, what it holds, where the next one is) of the page of Ogg (RFC 3533, 6) at a place."""
    if len(head) < at + 27 or head[at : at + 5] != b"OggS\0":
        return None
    lengths = head[at + 27 : at + 27 + head[at + 26]]
    begin = at + 27 + head[at + 26]
    return head[at + 5], head[begin : begin + sum(lengths)], begin + sum(lengths)


def _is_webm(head: bytes) -> bool:
    """RFC 8794 and 9559."""
    kind, codecs = b"", []
    sound = False
    for name, _, body in _elements(head, 0, len(head)):
        if name == _EBML:
            kind = next((each for inner, _, each in _elements(body, 0, len(body)) if inner == _DOCTYPE), b"")
        elif name == _SEGMENT:
            for part, _, inside in _elements(body, 0, len(body)):
                if part == _TRACKS:
                    codecs += [
                        _track(each)
                        for entry, _, each in _elements(inside, 0, len(inside))
                        if entry == _ENTRY
                    ]
                sound = sound or part == _CLUSTER
    return kind.rstrip(b"\0") == b"webm" and codecs == [(_AUDIO, b"A_OPUS")] and sound


def _track(entry: bytes) -> tuple[int, bytes]:
    said = {name: body for name, _, body in _elements(entry, 0, len(entry))}
    return int.from_bytes(said.get(_TRACK_TYPE, b""), "big"), said.get(_CODEC, b"").rstrip(b"\0")


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    """(id, where, body) of the elements of EBML; the last one as far as there is anything of it."""
    for _ in range(_MOST_ELEMENTS):
        name, after = _number(data, at, 4, keep_mark=True)
        size, begin = _number(data, after, 8, keep_mark=False)
        if begin > end or begin == after or after == at:
            return
        unknown = size == (1 << 7 * (begin - after)) - 1
        stop = end if unknown else min(end, begin + size)
        yield name, at, data[begin:stop]
        at = stop
        if at >= end:
            return


def _number(data: bytes, at: int, most: int, *, keep_mark: bool) -> tuple[int, int]:
    """(value, where it ends) of a number whose first bits say how long it is; ends where it begins for
    none."""
    if at >= len(data) or not data[at]:
        return 0, at
    length = 9 - data[at].bit_length()
    if length > most or at + length > len(data):
        return 0, at
    value = int.from_bytes(data[at : at + length], "big")
    return value if keep_mark else value & ~(1 << 7 * length), at + length


def _is_mp4(head: bytes) -> bool:
    """ISO/IEC 14496-12: the tracks of `moov`, each with its handler and the names of its samples."""
    movie = next((body for name, body in _boxes(head) if name == b"moov"), b"")
    tracks = [_sample(body) for name, body in _boxes(movie) if name == b"trak"]
    return tracks == [(b"soun", b"Opus")]


def _sample(track: bytes) -> tuple[bytes, bytes]:
    media = _inside(track, b"mdia")
    handler = _inside(media, b"hdlr")[8:12]
    described = _inside(_inside(_inside(media, b"minf"), b"stbl"), b"stsd")
    # Version and flags, then how many there are, then a box for each.
    count = int.from_bytes(described[4:8], "big")
    names = [name for name, _ in _boxes(described[8:])]
    return handler, names[0] if count == 1 and len(names) == 1 else b""


def _inside(body: bytes, wanted: bytes) -> bytes:
    return next((each for name, each in _boxes(body) if name == wanted), b"")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if len(data) < at + 8:
            return
        size, name = struct.unpack_from(">I4s", data, at)
        # One that ends beyond what is here is not looked into: what it would say could be half of it.
        if size < 8 or at + size > len(data):
            return
        yield name, data[at + 8 : at + size]
        at += size
