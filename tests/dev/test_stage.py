"""The load generator and the bench against the real server, small: they must still speak its protocol."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.dev.bench.pages import newest_pages, write_history
from appliance.dev.bench.stage import Stage
from appliance.dev.flood.options import Options

EACH = 300


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    def prepare(data: Path) -> None:
        write_history(data, 2 * EACH)

    with Stage(20, 10, prepare=prepare) as made:
        yield made


@pytest.mark.parametrize("rate", [0, 100])
def test_everything_posted_arrives_everywhere_once_and_in_order(stage: Stage, rate: float) -> None:
    figures = stage.flood(
        Options(sockets=20, rooms_of=10, rate=rate, window=5, warmup=0.2, duration=0.5, chatter=True)
    )
    assert figures["messages"] > 10
    assert figures["deliveries"] > 5 * figures["messages"]
    assert (figures["losses"], figures["doubles"], figures["order_errors"]) == (0, 0, 0)
    assert figures["errors"] == figures["closed"] == {}
    assert figures["beside"]["reads_sent"] > 0
    assert figures["cpu_us_per_message"] > 0


def test_pages_of_a_history_written_in_bulk_are_served(stage: Stage) -> None:
    figures = newest_pages(stage, asked=5)
    assert figures["page_bytes"] > 20 * 100
    assert figures["page_ms"]["p50"] > 0


def test_the_server_ends_with_its_stage() -> None:
    with Stage(2, 2) as made:
        process, folder = made.server.process, made.folder
    assert process.poll() is not None
    assert not folder.exists()
