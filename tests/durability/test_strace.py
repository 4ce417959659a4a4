"""The order of system calls: on the disk first, on the wire afterwards."""

import asyncio
from pathlib import Path

import pytest

from tests.client import connected
from tests.durability import trace
from tests.durability.process import accounts_in, running
from tests.durability.trace import Call
from tests.server import room_of

CLIENTS = 8
EACH = 6
HEADER = 24
"""Bytes before each page in the WAL; of a transaction's last, bytes 4 to 8 are not zero (walformat)."""


def too_early(calls: list[Call], wal: str, said: list[tuple[int, str]]) -> list[str]:
    """Those of the subjects in `said` that left the server too early: between the last write of the
    transaction that holds the subject and the write to the socket, no sync of the WAL lies."""
    writes = [call for call in calls if call.path == wal and call.name == "pwrite64"]
    syncs = [call for call in calls if call.path == wal and call.name in ("fsync", "fdatasync")]
    early = []
    for line, subject in said:
        holding = [place for place, call in enumerate(writes) if subject.encode() in call.data]
        assert holding, "something is told that was never written"
        last = next(
            writes[place + 1]
            for place in range(holding[0] - 1, len(writes))
            if len(writes[place].data) == HEADER and any(writes[place].data[4:8])
        )
        if not any(last.exit < sync.entry and sync.exit < line for sync in syncs):
            early.append(subject)
    return early


async def traced(tmp_path: Path, prelude: str = "") -> list[Call]:
    """What a server does while one client posts alone and then several at once."""
    accounts = await accounts_in(tmp_path / "data", *(f"client{number}" for number in range(CLIENTS)))
    output = tmp_path / "trace"
    async with running(tmp_path / "data", before=trace.strace(output), prelude=prelude) as process:
        async with connected(process.port, accounts[0].token) as owner:
            room = await room_of(owner, *accounts[1:])
            for number in range(EACH):
                assert (await owner.post(room, f"alone {number}"))["op"] == "ack"

        async def crowd(token: str) -> None:
            async with connected(process.port, token) as client:
                answers = await asyncio.gather(*(client.post(room, f"{n} of many") for n in range(EACH)))
                assert {answer["op"] for answer in answers} == {"ack"}

        await asyncio.gather(*(crowd(account.token) for account in accounts))
        assert await process.stop() == 0
    return await asyncio.to_thread(trace.read, output)


async def test_between_a_commits_last_write_and_its_acks_the_log_is_synced(tmp_path: Path) -> None:
    calls = await traced(tmp_path)
    wal = str(tmp_path / "data" / "safevoice.db-wal")
    acks, events = trace.acks(calls), trace.events(calls)
    messages = EACH + CLIENTS * EACH
    assert len(acks) >= messages
    assert too_early(calls, wal, acks) == []
    assert len({subject for _, subject in events}) == messages
    assert too_early(calls, wal, events) == []
    syncs = [call for call in calls if call.path == wal and call.name == "fdatasync"]
    assert syncs
    assert len(syncs) < messages, "messages that come together share a sync"


@pytest.mark.parametrize("mode", ["NORMAL", "OFF"])
async def test_a_server_that_does_not_sync_would_be_found_out(tmp_path: Path, mode: str) -> None:
    careless = f"from appliance.kernel import db; db.PRAGMAS = (*db.PRAGMAS, 'synchronous={mode}')"
    calls = await traced(tmp_path, careless)
    acks = trace.acks(calls)
    assert len(too_early(calls, str(tmp_path / "data" / "safevoice.db-wal"), acks)) > len(acks) / 2
