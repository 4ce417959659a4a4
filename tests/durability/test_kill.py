"""SIGKILL in the middle of traffic. (What the page cache holds survives that; see test_power_cut.)"""

import asyncio
from pathlib import Path
from typing import Any

from tests.client import connected
from tests.durability.outbox import Sender
from tests.durability.process import SMALL_LOG, accounts_in, running
from tests.server import room_of

CLIENTS = 20
EACH = 25
"""More than can be under way at every kill together, so that each of them hits somebody."""
KILL_AT = (25, 70, 71, 130, 190)
"""So many acks, all in all, after which the server is killed."""


def check(senders: list[Sender], history: list[dict[str, Any]]) -> None:
    """What the pages say at the end against what each client was promised and told."""
    by_seq = {message["seq"]: message for message in history}
    assert len(by_seq) == len(history)
    for sender in senders:
        mine = [message for message in history if message["author"] == sender.account.id]
        assert [message["client_id"] for message in mine] == sender.ids, "each once, in the order of sending"
        assert [message["content"]["text"] for message in mine] == sender.texts
        for message in mine:
            ack = sender.acks[message["client_id"]]
            assert (ack["subject"], ack["seq"], ack["at"]) == (message["id"], message["seq"], message["at"])
        for events in sender.heard:
            seqs = [event["seq"] for event in events]
            assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "live events without gap or double"
            for event in events:
                assert event["message"] == by_seq[event["seq"]], "nobody was told what did not last"


async def test_killed_in_mid_traffic_it_lost_nothing_it_acknowledged_and_doubled_nothing(
    tmp_path: Path,
) -> None:
    accounts = await accounts_in(tmp_path / "data", *(f"client{number}" for number in range(CLIENTS)))
    async with running(tmp_path / "data", prelude=SMALL_LOG) as process:
        async with connected(process.port, accounts[0].token) as owner:
            room = await room_of(owner, *accounts[1:])
        senders = [
            Sender(process, account, room, [f"{number} from {place}" for number in range(EACH)])
            for place, account in enumerate(accounts)
        ]
        total, kills = 0, 0
        down = asyncio.Event()

        def count() -> None:
            nonlocal total, kills
            total += 1
            if kills < len(KILL_AT) and total >= KILL_AT[kills] and process.up.is_set():
                kills += 1
                process.kill()
                down.set()

        async def restart() -> None:
            while True:
                await down.wait()
                down.clear()
                assert await process.ended() == -9
                await process.start()

        for sender in senders:
            sender.on_ack = count  # type: ignore[method-assign]
        restarting = asyncio.ensure_future(restart())
        try:
            await asyncio.gather(*(sender.run() for sender in senders))
        finally:
            restarting.cancel()
        assert kills == len(KILL_AT)
        assert sum(sender.sent_again for sender in senders) > 0, "no kill hit anything under way"
        check(senders, await process.history(room, accounts[0].token))
        # And once more from a start that finds everything at rest.
        assert await process.stop() == 0
        await process.start()
        check(senders, await process.history(room, accounts[0].token))
        assert await process.stop() == 0
