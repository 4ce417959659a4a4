"""Files: the words."""

from typing import NamedTuple

from appliance.wire.codec import Noun

FOLDER = "media"


class Uploaded(Noun, frozen=True):
    """Answer to `POST /api/media`: the file's id, to be named in a message within a day. The same bytes once
    more, before a message names them, are the same file."""

    media: str
    type: str
    bytes: int


class Arrived(NamedTuple):
    """What came in: its digest (SHA-256, hex), its type as found in it, and its size."""

    digest: str
    type: str
    bytes: int


class Held(NamedTuple):
    """A file that somebody may have."""

    id: str
    digest: str
    type: str
    bytes: int
