"""STUN attributes: their numbers, and what their values say (RFC 8489, 14; RFC 8656, 18; RFC 8445, 16.1).

A value is bytes. Each `read_…` here raises StunError where they cannot mean anything."""

import struct
from ipaddress import IPv4Address, IPv6Address
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

COOKIE = 0x2112A442
COOKIE_BYTES = COOKIE.to_bytes(4, "big")

Address = tuple[str, int]
"""A host as the operating system writes it, and a port."""

MAPPED_ADDRESS = 0x0001
USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
CHANNEL_NUMBER = 0x000C
LIFETIME = 0x000D
XOR_PEER_ADDRESS = 0x0012
DATA = 0x0013
REALM = 0x0014
NONCE = 0x0015
XOR_RELAYED_ADDRESS = 0x0016
REQUESTED_ADDRESS_FAMILY = 0x0017
EVEN_PORT = 0x0018
REQUESTED_TRANSPORT = 0x0019
DONT_FRAGMENT = 0x001A
MESSAGE_INTEGRITY_SHA256 = 0x001C
USERHASH = 0x001E
XOR_MAPPED_ADDRESS = 0x0020
RESERVATION_TOKEN = 0x0022
PRIORITY = 0x0024
ADDITIONAL_ADDRESS_FAMILY = 0x8000
ADDRESS_ERROR_CODE = 0x8001
ICMP = 0x8004
SOFTWARE = 0x8022
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029

FIRST_OPTIONAL = 0x8000
"""From here on an attribute that is not understood may be passed over (RFC 8489, 14)."""

IPV4 = 1
IPV6 = 2
UDP = 17
"""Protocol number, as REQUESTED-TRANSPORT has it."""

_PORT = struct.Struct("!xBH")
_COOKIE_PORT = COOKIE >> 16


class StunError(Exception):
    """These bytes are no STUN message, no ChannelData, or no value of that attribute."""


def family_of(host: str) -> int:
    """IPV4 or IPV6."""
    return IPV6 if ":" in host else IPV4


def xor_address(address: Address, transaction: bytes) -> bytes:
    """The value of an XOR-…-ADDRESS (RFC 8489, 14.2) in the message with this transaction id."""
    host, port = address
    if ":" in host:
        packed = int.from_bytes(inet_pton(AF_INET6, host), "big")
        mask = int.from_bytes(COOKIE_BYTES + transaction, "big")
        return _PORT.pack(IPV6, port ^ _COOKIE_PORT) + (packed ^ mask).to_bytes(16, "big")
    packed = int.from_bytes(inet_pton(AF_INET, host), "big")
    return _PORT.pack(IPV4, port ^ _COOKIE_PORT) + (packed ^ COOKIE).to_bytes(4, "big")


def read_xor_address(value: bytes, transaction: bytes) -> Address:
    """What `xor_address` wrote. IPv4 inside IPv6 stays as it came: it is no way around anything, because
    nothing is ever sent to an address that was read here."""
    if len(value) == 8 and value[1] == IPV4:
        host = inet_ntop(AF_INET, (int.from_bytes(value[4:], "big") ^ COOKIE).to_bytes(4, "big"))
    elif len(value) == 20 and value[1] == IPV6:
        mask = int.from_bytes(COOKIE_BYTES + transaction, "big")
        host = inet_ntop(AF_INET6, (int.from_bytes(value[4:], "big") ^ mask).to_bytes(16, "big"))
    else:
        raise StunError("not an address")
    return host, (value[2] << 8 | value[3]) ^ _COOKIE_PORT


def plain_address(address: Address) -> bytes:
    """The value of MAPPED-ADDRESS (RFC 8489, 14.1)."""
    host, port = address
    packed = IPv6Address(host).packed if ":" in host else IPv4Address(host).packed
    return _PORT.pack(family_of(host), port) + packed


def read_plain_address(value: bytes) -> Address:
    """What `plain_address` wrote."""
    family = {8: (IPV4, AF_INET), 20: (IPV6, AF_INET6)}.get(len(value))
    if family is None or family[0] != value[1]:
        raise StunError("not an address")
    return inet_ntop(family[1], value[4:]), value[2] << 8 | value[3]


def error_code(code: int, reason: str) -> bytes:
    """The value of ERROR-CODE (RFC 8489, 14.8)."""
    return bytes((0, 0, code // 100, code % 100)) + reason.encode()


def read_error_code(value: bytes) -> tuple[int, str]:
    """(code, reason)."""
    if len(value) < 4 or not 3 <= value[2] & 7 <= 6 or value[3] > 99:
        raise StunError("not an error code")
    return (value[2] & 7) * 100 + value[3], value[4:].decode(errors="replace")


def address_error_code(family: int, code: int, reason: str) -> bytes:
    """The value of ADDRESS-ERROR-CODE (RFC 8656, 18.13)."""
    return bytes((family, 0, code // 100, code % 100)) + reason.encode()


def unknown_attributes(numbers: "list[int]") -> bytes:
    """The value of UNKNOWN-ATTRIBUTES (RFC 8489, 14.9)."""
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def read_unknown_attributes(value: bytes) -> list[int]:
    """The numbers of the attributes that the other side did not understand."""
    if len(value) % 2:
        raise StunError("not a list of attributes")
    return [value[at] << 8 | value[at + 1] for at in range(0, len(value), 2)]


def number32(value: int) -> bytes:
    """LIFETIME (seconds), PRIORITY."""
    return value.to_bytes(4, "big")


def read_number32(value: bytes) -> int:
    """What `number32` wrote."""
    if len(value) != 4:
        raise StunError("not a number of 32 bits")
    return int.from_bytes(value, "big")


def channel_number(number: int) -> bytes:
    """CHANNEL-NUMBER (RFC 8656, 18.1)."""
    return number.to_bytes(2, "big") + bytes(2)


def read_channel_number(value: bytes) -> int:
    """What `channel_number` wrote."""
    if len(value) != 4:
        raise StunError("not a channel number")
    return value[0] << 8 | value[1]


def leading_byte(value: int) -> bytes:
    """REQUESTED-TRANSPORT (a protocol's number), REQUESTED-ADDRESS-FAMILY, ADDITIONAL-ADDRESS-FAMILY: a byte
    and three that are reserved (RFC 8656, 18.6, 18.8, 18.11)."""
    return bytes((value, 0, 0, 0))


def read_leading_byte(value: bytes) -> int:
    """What `leading_byte` wrote."""
    if len(value) != 4:
        raise StunError("not four bytes")
    return value[0]


def even_port(reserve: bool) -> bytes:
    """EVEN-PORT (RFC 8656, 18.7); `reserve`: the next port too."""
    return b"\x80" if reserve else b"\x00"


def read_even_port(value: bytes) -> bool:
    """What `even_port` wrote."""
    if len(value) != 1:
        raise StunError("not one byte")
    return value[0] >= 0x80


def read_reservation_token(value: bytes) -> bytes:
    """RESERVATION-TOKEN (RFC 8656, 18.10): eight bytes."""
    if len(value) != 8:
        raise StunError("not a token")
    return value


def read_text(value: bytes, most: int = 763) -> str:
    """USERNAME, REALM, NONCE, SOFTWARE: UTF-8; 763 bytes are the most that any of them may have (RFC 8489,
    14.3 and 14.9 to 14.14)."""
    if len(value) > most:
        raise StunError("too long a text")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise StunError("not UTF-8") from None
