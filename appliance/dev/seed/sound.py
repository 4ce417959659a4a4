"""What somebody says aloud in the demo community: always the same cuckoo, who takes 7 KB."""

import hashlib
from pathlib import Path

import msgspec

from appliance.features.media import actions as media
from appliance.features.media.model import Arrived
from appliance.features.messages.model import Voice
from appliance.kernel.house import House
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx

CUCKOO = Path(__file__).parent / "community" / "cuckoo.ogg"
LENGTH_MS = 5200
WAVEFORM = "AAAAAAAA2v7/95rG/v7+/v7xiwAAAAAAADfe5eXPZ9Hl5eXl5cdYAAAAAAAAf8rKyqBdycrKysrJlCsAAAAAAA=="


def said(tx: Tx, who: Who) -> msgspec.Raw:
    """The content of a voice message of this person."""
    held = media.Media(0).keep(tx, who, _arrived())
    return msgspec.Raw(msgspec.json.encode(Voice(held, LENGTH_MS, WAVEFORM)))


def put_down(house: House) -> None:
    """Lay the sound where the rows say that it is."""
    files: media.Files = house.of_feature["media"]
    place = files.file(_arrived().digest)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.write_bytes(CUCKOO.read_bytes())


def _arrived() -> Arrived:
    sound = CUCKOO.read_bytes()
    return Arrived(hashlib.sha256(sound).hexdigest(), "audio/ogg", len(sound))
