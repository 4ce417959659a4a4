"""Nonces that nobody has to remember (RFC 8489, 9.2; RFC 8656, 5)."""

import hmac
from os import urandom

from appliance.features.calls.stun.attributes import Address
from appliance.kernel.clock import Clock

GOOD_FOR_S = 3600
_DIGITS = 24


class Nonces:
    """Each says when it was given, and to which address, under a key that this process alone has. A nonce of
    an earlier process is simply too old."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = urandom(32)

    def give(self, address: Address) -> str:
        """One for this client."""
        return self._written(int(self._clock.monotonic()), address)

    def good(self, nonce: str, address: Address) -> bool:
        """Whether we gave it to this client, not too long ago."""
        written, _, _ = nonce.partition("-")
        try:
            given_at = int(written, 16)
        except ValueError:
            return False
        return (
            0 <= self._clock.monotonic() - given_at < GOOD_FOR_S
            and len(nonce) < 64
            and hmac.compare_digest(self._written(given_at, address).encode(), nonce.encode())
        )

    def _written(self, given_at: int, address: Address) -> str:
        said = f"{given_at:x} {address[0]} {address[1]}"
        return f"{given_at:x}-{hmac.digest(self._key, said.encode(), 'sha256').hex()[:_DIGITS]}"
