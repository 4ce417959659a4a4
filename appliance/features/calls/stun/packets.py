"""What travels during a call, a thousand times a second: SEND and DATA indications and ChannelData, each read
and written in one go (RFC 8656, 11.1 to 12.6). Whatever bytes come, only StunError is raised."""

from os import urandom
from struct import Struct

from appliance.features.calls.stun.attributes import (
    COOKIE_BYTES,
    DATA,
    DONT_FRAGMENT,
    FIRST_OPTIONAL,
    XOR_PEER_ADDRESS,
    StunError,
)

SEND_INDICATION = b"\x00\x16"
FIRST_CHANNEL = 0x4000
LAST_CHANNEL = 0x7FFE

_ATTRIBUTE = Struct("!HH")
_CHANNEL = Struct("!HH")
_PADDING = (b"", bytes(3), bytes(2), bytes(1))
_DATA_HEAD = Struct("!HH4s12sHH")
_DATA_INDICATION = 0x0017


def read_send(data: bytes) -> tuple[bytes, bytes]:
    """(value of XOR-PEER-ADDRESS, what is to be sent) of a SEND indication. A fingerprint is passed over: it
    only helps to tell what a packet is, which its beginning did already."""
    end = len(data)
    if end < 20 or data[4:8] != COOKIE_BYTES or (data[2] << 8 | data[3]) + 20 != end:
        raise StunError("not a STUN message")
    peer = payload = None
    at = 20
    while at + 4 <= end:
        number, size = _ATTRIBUTE.unpack_from(data, at)
        begin, at = at + 4, at + 4 + size + (-size & 3)
        if at > end:
            raise StunError("an attribute goes past the end")
        if number == DATA:
            payload = data[begin : begin + size] if payload is None else payload
        elif number == XOR_PEER_ADDRESS:
            peer = data[begin : begin + size] if peer is None else peer
        elif number < FIRST_OPTIONAL and number != DONT_FRAGMENT:
            raise StunError("an attribute that has to be understood")
    if at != end or peer is None or payload is None:
        raise StunError("no peer, or nothing to send")
    return peer, payload


def data_indication(peer: bytes, payload: bytes, transaction: bytes = b"") -> bytes:
    """A DATA indication; `peer` is the value of XOR-PEER-ADDRESS, for IPv6 made with that `transaction`."""
    size = len(payload)
    padding = _PADDING[size & 3]
    head = _DATA_HEAD.pack(
        _DATA_INDICATION,
        8 + len(peer) + size + len(padding),
        COOKIE_BYTES,
        transaction or urandom(12),
        XOR_PEER_ADDRESS,
        len(peer),
    )
    return head + peer + _ATTRIBUTE.pack(DATA, size) + payload + padding


def read_channel_data(data: bytes) -> tuple[int, bytes]:
    """(channel, what is to be sent). Behind it there may be padding (RFC 8656, 12.4)."""
    if len(data) < 4:
        raise StunError("no ChannelData")
    channel, size = _CHANNEL.unpack_from(data)
    payload = data[4 : 4 + size]
    if not FIRST_CHANNEL <= channel <= LAST_CHANNEL or len(payload) != size:
        raise StunError("no ChannelData")
    return channel, payload


def channel_data(channel: int, payload: bytes, *, padded: bool = False) -> bytes:
    """ChannelData; over a stream it is `padded` to four bytes (RFC 8656, 12.5)."""
    packed = _CHANNEL.pack(channel, len(payload)) + payload
    return packed + _PADDING[len(payload) & 3] if padded else packed
