"""What an ALLOCATE or REFRESH request wishes for (RFC 8656, 7.2 and 8.2)."""

from typing import NamedTuple

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import IPV4, IPV6, UDP
from appliance.features.calls.stun.message import Message
from appliance.features.calls.turn.refusals import Refused


class Wish(NamedTuple):
    """`family`: named by the request, 0 for none; `families`: to be given, the first is a must; `even`: an
    even port; `reserve`: the next one too; `token`: of a port that was kept; `seconds`: None where not
    said."""

    family: int
    families: tuple[int, ...]
    even: bool
    reserve: bool
    token: bytes
    seconds: int | None

    def lifetime(self, usual: int, most: int) -> int:
        """How long it may be, in seconds: as asked within bounds; 0 is only for the end of it."""
        if self.seconds is None:
            return usual
        return min(max(self.seconds, usual), most) if self.seconds else 0


def read_wish(message: Message, *, refresh: bool = False) -> Wish:
    """Raises Refused or StunError where it cannot be had, or contradicts itself."""
    if not refresh:
        _check_transport(message)
    family = _byte(message, stun.REQUESTED_ADDRESS_FAMILY)
    also = _byte(message, stun.ADDITIONAL_ADDRESS_FAMILY)
    even, token = message.first(stun.EVEN_PORT), message.first(stun.RESERVATION_TOKEN)
    lifetime = message.first(stun.LIFETIME)
    reserve = even is not None and stun.read_even_port(even)
    if family not in (None, IPV4, IPV6):
        raise Refused(440)
    if refresh:
        even = token = also = None
    if (
        also not in (None, IPV6)
        or (also is not None and (family is not None or reserve))
        or (token is not None and (family is not None or also is not None or even is not None))
    ):
        raise Refused(400)
    seconds = None if lifetime is None else stun.read_number32(lifetime)
    return Wish(
        family=family or 0,
        families=(family or IPV4,) if also is None else (IPV4, IPV6),
        even=even is not None,
        reserve=reserve and not refresh,
        token=b"" if token is None else stun.read_reservation_token(token),
        # Nothing can be made for no time at all.
        seconds=seconds if refresh else seconds or None,
    )


def _check_transport(message: Message) -> None:
    transport = _byte(message, stun.REQUESTED_TRANSPORT)
    if transport is None:
        raise Refused(400)
    if transport != UDP:
        raise Refused(442)


def _byte(message: Message, number: int) -> int | None:
    value = message.first(number)
    return None if value is None else stun.read_leading_byte(value)
