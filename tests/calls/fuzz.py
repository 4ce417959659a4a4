"""The codec and the relay under a fuzzer that is led by coverage. It takes libFuzzer's options:

.venv/bin/uv run --group fuzz python -m tests.calls.fuzz -max_total_time=60
"""

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["appliance.features.calls"]):
    from appliance.features.calls.stun.attributes import StunError
    from appliance.features.calls.stun.framing import Splitter
    from appliance.features.calls.stun.message import parse
    from appliance.features.calls.stun.packets import read_channel_data, read_send
    from tests.calls import vectors
    from tests.calls.phones import Exchange, called
    from tests.calls.test_stun import read_all

exchange = Exchange()
ada, *_ = called(exchange)


def one(data: bytes) -> None:
    """Everything that bytes from outside can reach."""
    with suppress(StunError):
        read_all(parse(data))
    for read in (read_send, read_channel_data):
        with suppress(StunError):
            read(data)
    with suppress(StunError):
        for packet in Splitter().feed(data):
            with suppress(StunError):
                parse(packet)
    ada.heard.clear()
    ada.say(data)
    # So that answers to nobody do not run dry.
    exchange.clock.advance(0.1)


def main() -> None:
    for vector in (vectors.REQUEST, vectors.RESPONSE_V6, vectors.LONG_TERM, vectors.SHA256):
        one(vector)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
