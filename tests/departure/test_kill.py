"""SIGKILL while what somebody wrote is being taken away: it goes on where it was."""

from pathlib import Path
from typing import Any

import httpx2

from tests.client import Client, Frame, connected
from tests.durability.process import Process, accounts_in, running
from tests.server import Account, room_of

ONE_BY_ONE = "from appliance.features.messages import worker; worker.WIPED_AT_ONCE = 1"
PASSWORD = "seven-geese-went-south"
EACH = 150
"""Many, so that a busy machine does not take all of them before the kill lands."""
KILL_AFTER = 10


async def newcomer(process: Process) -> Account:
    """Somebody who signs up."""
    body = {"name": "bela", "password": PASSWORD, "bearer": True}
    async with httpx2.AsyncClient(base_url=process.url, verify=False, trust_env=False) as b:
        made = (await b.post("/api/register", json=body)).json()
    return Account(made["me"]["id"], made["device"], made["token"])


async def go(process: Process, who: Account) -> None:
    async with httpx2.AsyncClient(base_url=process.url, verify=False, trust_env=False) as b:
        headers = {"Authorization": f"Bearer {who.token}"}
        assert (await b.post("/api/confirm", json={"password": PASSWORD}, headers=headers)).status_code == 204
        answer = await b.post("/api/me/delete", json={"keep_messages": False}, headers=headers)
    assert answer.status_code == 204, answer.text


def buried(frames: list[dict[str, Any]]) -> set[str]:
    """The messages that these events say are gone."""
    return {f["message"]["id"] for f in frames if f["op"] == "message" and "deleted_at" in f["message"]}


async def all_buried(socket: Client, before: set[str], since: int) -> set[str]:
    """Wait until the last one has gone."""

    def whole(_: Frame) -> bool:
        return len(before | buried(socket.heard)) == EACH

    if len(before) < EACH:
        await socket.until(whole, since=since)
    return before | buried(socket.heard)


async def test_a_wipe_that_is_cut_off_is_finished_after_the_next_start(tmp_path: Path) -> None:
    (ada,) = await accounts_in(tmp_path / "data", "ada")
    options = {"SIGN_UP": "open", "LIMITS_REPLAY_ROWS": "1000"}
    async with running(tmp_path / "data", prelude=ONE_BY_ONE, **options) as process:
        bela = await newcomer(process)
        async with connected(process.port, ada.token) as a:
            async with connected(process.port, bela.token) as b:
                room = await room_of(a, bela)
                written = {(await b.post(room, f"secret {number}"))["subject"] for number in range(EACH)}
                kept = {(await a.post(room, f"kept {number}"))["subject"] for number in range(EACH)}
            start = len(a.heard)
            await go(process, bela)
            await a.until(lambda _: len(buried(a.heard)) >= KILL_AFTER, since=start)
            process.kill()
        assert await process.ended() == -9
        assert KILL_AFTER <= len(buried(a.heard)) < EACH
        await process.start()
        async with connected(process.port, ada.token, hello=False) as a:
            welcome = await a.hello({room: 0})
            replayed = next(log for log in welcome["logs"] if log["log"] == room)
            assert await all_buried(a, buried(replayed["events"]), since=0) == written
        history = await process.history(room, ada.token)
        assert {message["id"] for message in history if message["content"]} == kept
        assert {message["id"] for message in history if not message["content"]} == written
        assert await process.stop() == 0
    for file in (tmp_path / "data").glob("safevoice.db*"):
        assert b"secret 1" not in file.read_bytes(), "what was taken away is not on the disk any more"
