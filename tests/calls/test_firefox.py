"""Firefox, which never binds a channel, and Chromium see and hear each other by the relay. Firefox uses no
loopback interface for calls, so this takes cases of the lab of networks."""

import sys

import pytest

from tests.nat import ground

pytestmark = pytest.mark.media


@pytest.mark.parametrize("networks", ["symmetric", "blocked"], ids=["by UDP", "by TCP"])
def test_firefox_and_chromium_see_and_hear_each_other(networks: str) -> None:
    chosen = f"Chromium and calls and Firefox and {networks}"
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-m", "nat", "-k", chosen, "tests/nat"]
    assert ground.run_there(command) == 0
