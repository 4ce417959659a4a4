"""Decoding of bytes that a stranger may have sent."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode(decoder: msgspec.json.Decoder[T], received: bytes | bytearray) -> T:
    """What `received` says. Raises msgspec.DecodeError where it is not JSON in UTF-8 (RFC 8259) and its
    subclass ValidationError where it is not what `decoder` takes, and never anything else.

    By itself msgspec lets UnicodeDecodeError and RecursionError through, so that a few bytes of nonsense
    looked like our own bug; and it does not look at the encoding of what a msgspec.Raw holds."""
    try:
        str(received, "utf-8")
        return decoder.decode(received)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("JSON must be UTF-8") from error
    except RecursionError:
        # Its traceback is as long as the nesting is deep.
        raise msgspec.DecodeError("JSON is nested too deeply") from None


class _Addressed(msgspec.Struct):
    id: str = ""


_addressed = msgspec.json.Decoder(_Addressed)


def request_id(received: bytes) -> str:
    """What can still be read of a command that is not valid: whom to answer. Empty where nothing can."""
    try:
        return decode(_addressed, received).id[:40]
    except msgspec.DecodeError:
        return ""


def is_utf8(received: bytes) -> bool:
    """Whether it is UTF-8 (RFC 3629) at all."""
    try:
        received.decode()
    except UnicodeDecodeError:
        return False
    return True
