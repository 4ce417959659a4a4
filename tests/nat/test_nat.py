"""Two people call each other through networks as people have them. `./run test nat` runs this."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.durability.process import running
from tests.nat import ground
from tests.nat.caller import Caller, Outcome, Tab, Visit
from tests.nat.cases import CASES, MOVES, Case
from tests.nat.chromium import chromium
from tests.nat.firefox import firefox
from tests.nat.lab import Lab, inside
from tests.server import Account, serving

pytestmark = pytest.mark.nat

CERTIFICATES = Path(__file__).parents[1] / "auth"
PATIENCE_S = 10.0
LOOK_S = 0.1
PEOPLE = ("ada", "ben")
BROWSERS: dict[str, Callable[[str, Visit, Path], AbstractAsyncContextManager[Tab]]] = {
    "chromium": chromium,
    "firefox": firefox,
}


@pytest.fixture(autouse=True)
def _own_ground() -> None:
    assert ground.stands(), "this makes networks, and does so only on ground of its own: ./run test nat"


@asynccontextmanager
async def called(case: Case, folder: Path) -> AsyncIterator[tuple[Lab, dict[str, Caller]]]:
    """The networks, the server in its own, and everybody's browser in theirs."""
    options = {
        "LISTEN": "0.0.0.0:443",
        "TLS_CERTIFICATE": str(CERTIFICATES / "localhost.crt"),
        "TLS_KEY": str(CERTIFICATES / "localhost.key"),
        "CALLS_PUBLIC_ADDRESS": case.announced,
    }
    async with AsyncExitStack() as stack:
        lab = Lab({"ada": case.ada, "ben": case.ben}, cloud=case.cloud)
        stack.callback(lab.clear)
        accounts, room = await two_people(folder / "data")
        await stack.enter_async_context(running(folder / "data", before=inside("house"), **options))
        yield (
            lab,
            {
                name: Caller(
                    await stack.enter_async_context(
                        BROWSERS[browser](
                            name, Visit(account.token, f"/room/{room}", name in case.refused), folder
                        )
                    )
                )
                for name, account, browser in zip(PEOPLE, accounts, case.browsers, strict=True)
            },
        )


async def two_people(folder: Path) -> tuple[list[Account], str]:
    """Ada and Ben, and their direct message, in a server's data."""
    async with serving(folder) as server:
        ada, ben = accounts = [await server.account(name) for name in PEOPLE]
        async with server.connect(ada) as client:
            return accounts, (await client.do("start_dm", person=ben.id))["subject"]


async def connect(ada: Caller, ben: Caller) -> dict[str, Outcome]:
    """Ada calls Ben; what became of it."""
    await ada.press("Video call with Ben")
    await ada.press("Start video call")
    await ben.press("Answer")
    return {"ada": await ada.settled(), "ben": await ben.settled()}


async def comes_to(way: str, **people: Caller) -> dict[str, Outcome]:
    """Wait until they talk by this way: browsers go on to a better one by themselves."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = {name: await each.outcome() for name, each in people.items()}
            if way_of(found).startswith(way):
                return found
            await asyncio.sleep(LOOK_S)


def way_of(outcomes: dict[str, Outcome]) -> str:
    """As `Case.way` has it; both ends have to say the same of what is between them."""
    ada, ben = outcomes["ada"], outcomes["ben"]
    if not (ada.connected and ben.connected):
        return "none"
    # What came from the relay before the other side had told of it is known as "prflx".
    relayed = {end.mine == "relay" for end in (ada, ben)}
    assert len(relayed) == 1, "a relayed side was paired with one that is not"
    if not relayed.pop():
        assert ada.protocol == ben.protocol == "udp"
        return "direct"
    # Each has a way of its own to the relay; the harder one names the call.
    return f"relay {max((ada.protocol, ben.protocol), key=('udp', 'tcp', 'tls').index)}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_call_finds_the_way_that_there_is(tmp_path: Path, case: Case) -> None:
    async with called(case, tmp_path) as (_, people):
        outcomes = await connect(**people)
        assert (way_of(outcomes) == "none") == (case.way == "none"), outcomes
        if case.way != "none":
            outcomes = await comes_to(case.way, **people)
            for each in people.values():
                await each.sees_and_hears()
    record(case, outcomes)


@pytest.mark.parametrize("case", MOVES, ids=lambda case: case.name)
async def test_a_call_goes_on_in_another_network(tmp_path: Path, case: Case) -> None:
    async with called(case, tmp_path) as (lab, people):
        await connect(**people)
        await comes_to(case.way, **people)
        for _ in range(2):
            lab.move("ada")
            moved = time.time() * 1000
            await asyncio.gather(*(each.hears() for each in people.values()))
            heard = time.time() * 1000
            for each in people.values():
                await each.sees_and_hears()
            outcomes = await comes_to(case.way, **people)
            record(case, {name: end._replace(made=moved, connected=heard) for name, end in outcomes.items()})


def record(case: Case, outcomes: dict[str, Outcome]) -> None:
    """A row for the table, where one is wanted."""
    if found := os.environ.get("SAFEVOICE_TEST_NAT_ROWS"):
        row = {"case": case.name, **{name: outcome._asdict() for name, outcome in outcomes.items()}}
        with Path(found).open("a") as rows:
            rows.write(json.dumps(row) + "\n")
