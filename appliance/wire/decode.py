"""Decoding of bytes that a stranger may have sent."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode(decoder: msgspec.json.Decoder[T], received: bytes | str) -> T:
    """What `received` says. Raises msgspec.DecodeError where it is not JSON (RFC 8259) and its subclass
    ValidationError where it is not what `decoder` takes, and never anything else: by itself msgspec lets
    UnicodeDecodeError and RecursionError through, so that a few bytes of nonsense looked like our own bug.

    What a msgspec.Raw holds is JSON, but its strings are not checked to be UTF-8: that is up to the socket
    (RFC 6455, 8.1)."""
    try:
        return decoder.decode(received)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("JSON must be UTF-8") from error
    except RecursionError:
        # Its traceback is as long as the nesting is deep.
        raise msgspec.DecodeError("JSON is nested too deeply") from None
