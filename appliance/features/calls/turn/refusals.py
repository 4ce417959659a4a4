"""What a TURN server may say no with (RFC 8489, 18.3; RFC 8656, 19)."""

from appliance.features.calls.stun.attributes import ERROR_CODE, error_code

REASONS = {
    400: "Bad Request",
    401: "Unauthenticated",
    403: "Forbidden",
    420: "Unknown Attribute",
    437: "Allocation Mismatch",
    438: "Stale Nonce",
    440: "Address Family not Supported",
    441: "Wrong Credentials",
    442: "Unsupported Transport Protocol",
    443: "Peer Address Family Mismatch",
    486: "Allocation Quota Reached",
    500: "Server Error",
    508: "Insufficient Capacity",
}


class Refused(Exception):
    """A request is answered with an error; `attributes` go with it."""

    def __init__(self, code: int, *attributes: tuple[int, bytes]) -> None:
        self.code = code
        self.attributes = ((ERROR_CODE, error_code(code, REASONS[code])), *attributes)
        super().__init__(f"{code} {REASONS[code]}")
