"""What the page about calls tells of a house whose certificate for calls is a file of something else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from appliance.features.calls.selftest.keeper import SelfTest
from appliance.features.calls.selftest.program import Outcome, Walk
from appliance.features.calls.turn.credentials import Credentials
from appliance.features.calls.ways import Closed, Way
from appliance.kernel.house import House

HOST = "kilnandkale.example"


class _Relay:
    """A relay on its usual ports, which many servers on one machine could not have."""

    def __init__(self) -> None:
        self.ways = [Way("udp", f"turn:{HOST}:3478"), Way("tcp", f"turn:{HOST}:3478?transport=tcp")]
        self.closed = [Closed("tls", 5349, "no_certificate", "")]

    @contextmanager
    def lend(self) -> Iterator[Callable[[str], Credentials]]:
        yield lambda name: Credentials(name, "", 0)


async def _client(walks: list[Walk]) -> list[list[Outcome]]:
    return [[Outcome("", "", 64)], [Outcome("", "", 71)]]


async def try_relay(house: House) -> None:
    """Let it have been tried."""
    test = SelfTest(house, _Relay(), client=_client)
    test.host = HOST
    await test.run()
    house.of_feature["relay_test"] = test
