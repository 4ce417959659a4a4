"""Another process (a backup tool, somebody's sqlite3) holds the database."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from tests.client import client_id, connected
from tests.durability.process import accounts_in, running
from tests.server import ROOMY, room_of, serving

HOLD = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
conn.execute("ROLLBACK")
conn.close()
"""
IMPATIENT = replace(ROOMY, database_wait_seconds=1)


@asynccontextmanager
async def held(folder: Path) -> AsyncIterator[None]:
    """Another process is in the middle of a write."""
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(folder / "safevoice.db"), stdin=pipe, stdout=pipe
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        await holder.communicate(b"let go")
    assert holder.returncode == 0


async def test_writes_are_refused_as_busy_meanwhile_and_everything_else_works(tmp_path: Path) -> None:
    async with serving(tmp_path / "data", limits=IMPATIENT) as server:
        ada, bela = await server.account("ada"), await server.account("bela")
        async with server.connect(ada) as a, server.connect(bela) as b:
            room = await room_of(a, bela)
            before = await a.post(room, "before")
            name = client_id()
            async with held(tmp_path / "data"):
                posting = asyncio.ensure_future(a.post(room, "meanwhile", client_id=name))
                # While the writer waits: who comes is let in, sees what is there, and is answered.
                async with server.connect(bela, hello=False) as newcomer:
                    welcome = await newcomer.hello({room: 0})
                    log = next(log for log in welcome["logs"] if log["log"] == room)
                    assert [e["message"]["id"] for e in log["events"] if e["op"] == "message"] == [
                        before["subject"]
                    ]
                assert (await b.ask("ping"))["op"] == "pong"
                status, page = await get(server.url, f"/api/rooms/{room}/messages", bela.token)
                assert (status, b'"before"' in page) == (200, True)
                assert (await get(server.url, "/healthz"))[0] == 200
                answer = await posting
                assert answer["code"] == "storage_busy"
                assert answer["retry_after_ms"] > 0
                assert (await get(server.url, "/readyz"))[0] == 503
            assert (await get(server.url, "/readyz"))[0] == 200
            ack = await a.post(room, "meanwhile", client_id=name)
            assert (ack["op"], ack["seq"]) == ("ack", before["seq"] + 1)
            event = await b.until(lambda frame: frame.get("seq") == ack["seq"])
            assert event["message"]["id"] == ack["subject"]
            assert [e["message"]["id"] for e in b.events("message")] == [before["subject"], ack["subject"]]


async def test_it_also_starts_and_stops_meanwhile(tmp_path: Path) -> None:
    (ada,) = await accounts_in(tmp_path / "data", "ada")
    async with (
        held(tmp_path / "data"),
        running(tmp_path / "data", LIMITS_DATABASE_WAIT_SECONDS="1") as process,
        connected(process.port, ada.token) as a,
    ):
        assert (await a.do("create_room", name="Shed", kind="public"))["code"] == "storage_busy"
        assert (await process.get("/readyz"))[0] == 503
        process.terminate()
        assert await a.closed() == 1012
        assert await process.ended(5) == 0


async def get(url: str, path: str, token: str = "") -> tuple[int, bytes]:
    """GET with plain streams: (status, what follows the headers)."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}", "Connection: close")
    writer.write("\r\n".join((*lines, "", "")).encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body
