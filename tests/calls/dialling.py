"""A client of the relay on a real socket, for what only a real server can show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import urandom
from typing import Any

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.message import Kind, Message, Method, build, long_term_key, parse
from appliance.features.calls.turn.server import REALM
from tests.calls.phones import TRANSPORT_UDP, code_of

PATIENCE_S = 10.0


class Dialled(asyncio.DatagramProtocol):
    """One five-tuple with its keys."""

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._key = long_term_key(username, REALM, password)
        self._nonce = b""
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._answers.put_nowait(data)

    async def ask(self, method: int, *attributes: tuple[int, bytes]) -> Message:
        """The answer to a request; one refusal that only tells a nonce is taken as it is meant."""
        for _ in range(2):
            message = await self._once(method, attributes)
            if code_of(message) not in (401, 438):
                return message
            self._nonce = message.first(stun.NONCE) or b""
        return message

    async def _once(self, method: int, attributes: tuple[tuple[int, bytes], ...]) -> Message:
        said = (
            (stun.USERNAME, self._username.encode()),
            (stun.REALM, REALM.encode()),
            (stun.NONCE, self._nonce),
        )
        key, values = (self._key, (*attributes, *said)) if self._nonce else (b"", attributes)
        self._transport.sendto(build(method, Kind.REQUEST, urandom(12), values, key=key))
        return parse(await asyncio.wait_for(self._answers.get(), PATIENCE_S))

    async def allocate(self) -> int:
        """0, or the code of the refusal."""
        return code_of(await self.ask(Method.ALLOCATE, TRANSPORT_UDP))

    async def refresh(self) -> int:
        """0, or the code of the refusal."""
        return code_of(await self.ask(Method.REFRESH))


@asynccontextmanager
async def dial(port: int, username: str, password: str) -> AsyncIterator[Dialled]:
    """A client over UDP."""
    transport, phone = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Dialled(username, password), remote_addr=("127.0.0.1", port)
    )
    try:
        yield phone
    finally:
        transport.close()
