"""The control socket: how `safevoice` commands speak to the running server.

A Unix socket in the data folder, for its owner only (mode 0600). One JSON object a line each way:
`{"verb": ..., "args": {...}}`, answered by `{"result": ...}` or `{"code": ..., "text": ...}`.
"""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from appliance.kernel import logs
from appliance.kernel.errors import ERRORS, Refusal

NAME = "control.sock"
LONGEST_LINE = 65_536
LONGEST_PATH = 107
"""Bytes that fit into a Unix socket's address, less the closing zero (unix(7))."""

Verb = Callable[..., Awaitable[Any]]


class NotRunning(Exception):
    """No server listens on this data folder."""


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's path; through a folder handle where the path itself would be too long to bind."""
    path = str((folder / NAME).absolute())
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield path
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)


class Control:
    """The server's side. `verbs`: name to coroutine function; its keyword arguments come from the line,
    and it returns something that JSON can say. A `Refusal` is answered with its code."""

    def __init__(self, folder: Path, verbs: dict[str, Verb]) -> None:
        self._folder = folder
        self._verbs = verbs
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. The caller holds the folder's lock, so a socket that is there already is a dead one."""
        (self._folder / NAME).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _address(self._folder) as address:
                listener.bind(address)
                # Before listening, nobody can connect: there is no moment with wider permissions.
                (self._folder / NAME).chmod(0o600)
            self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=LONGEST_LINE)
        except BaseException:
            listener.close()
            raise

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
            (self._folder / NAME).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, ValueError):
                while line := await reader.readline():
                    answer = await self._answer(line)
                    writer.write(json.dumps(answer).encode() + b"\n")
                    await writer.drain()
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            verb = self._verbs[request["verb"]]
            args = dict(request.get("args", {}))
        except (ValueError, KeyError, TypeError):
            return {"code": "bad_request", "text": "The running server does not know this command."}
        try:
            return {"result": await verb(**args)}
        except Refusal as refusal:
            return {"code": refusal.code, "text": refusal.text}
        except Exception as error:
            logs.failure("control.failed", error, verb=request["verb"])
            return {"code": "internal", "text": ERRORS["internal"].text}


def ask(folder: Path, verb: str, *, timeout: float = 30.0, **args: Any) -> Any:
    """Have the server on this data folder carry out `verb`. Blocks. Raises `NotRunning`, or the
    `Refusal` that the server answered with."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        try:
            with _address(folder) as address:
                connection.connect(address)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            raise NotRunning from None
        connection.sendall(json.dumps({"verb": verb, "args": args}).encode() + b"\n")
        with connection.makefile("rb") as lines:
            line = lines.readline()
    if not line:
        raise Refusal("restarting")
    answer = json.loads(line)
    if "code" in answer:
        raise Refusal(answer["code"], text=answer["text"])
    return answer["result"]
