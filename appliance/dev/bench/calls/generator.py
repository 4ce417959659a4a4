"""Calls each other through a relay, in a process of its own: `python -m appliance.dev.bench.calls.generator`.

It reads {"port", "keys": [[user name, password], …], "pps", "seconds", "bytes"} from standard input, pairs
the keys up, and prints a line when everybody is connected, and figures at the end. Both sides of each pair
send, in channels as Chromium does. When a packet came is said by the kernel, so that no figures hold how
long this process itself had to wait for its turn."""

import json
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from os import urandom
from struct import Struct
from typing import Any

from appliance.features.calls.stun import attributes as stun
from appliance.features.calls.stun.attributes import Address
from appliance.features.calls.stun.message import Kind, Message, Method, build, long_term_key, parse

CHANNEL = 0x4001
ANSWER_WITHIN_S = 5.0
BUFFER = 8 << 20
AT_ONCE = 32
TICK_S = 0.0005
DRAIN_S = 0.5
STAMP = 8
TIMESTAMPS = 35
"""SO_TIMESTAMPNS of Linux, which Python does not name: seconds and nanoseconds since the Unix epoch."""
_WHEN = Struct("@qq")
_WHEN_ROOM = socket.CMSG_SPACE(_WHEN.size)


@dataclass
class Side:
    """One client. `took`: seconds that each packet to it was on its way."""

    port: int
    username: str
    password: str
    sock: socket.socket = field(init=False)
    relayed: Address = ("", 0)
    _nonce: bytes = b""
    _realm: str = ""

    def __post_init__(self) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.sock.settimeout(ANSWER_WITHIN_S)
        self.sock.connect(("127.0.0.1", self.port))

    def ask(self, method: int, transaction: bytes, *values: tuple[int, bytes]) -> Message:
        """The answer, which has to be a good one, but for the first."""
        key, said = b"", list(values)
        if self._nonce:
            said += [(stun.USERNAME, self.username.encode()), (stun.REALM, self._realm.encode())]
            said += [(stun.NONCE, self._nonce)]
            key = long_term_key(self.username, self._realm, self.password)
        self.sock.send(build(method, Kind.REQUEST, transaction, said, key=key))
        answer = parse(self.sock.recv(2048))
        if answer.kind is not Kind.SUCCESS:
            if self._nonce:
                raise SystemExit(
                    f"The relay refused: {stun.read_error_code(answer.first(stun.ERROR_CODE) or b'')}"
                )
            self._nonce = answer.first(stun.NONCE) or b""
            self._realm = stun.read_text(answer.first(stun.REALM) or b"")
        return answer

    def allocate(self) -> None:
        """Get an address."""
        for _ in range(2):
            wanted = (stun.REQUESTED_TRANSPORT, stun.leading_byte(stun.UDP))
            answer = self.ask(Method.ALLOCATE, urandom(12), wanted)
        self.relayed = answer.address(stun.XOR_RELAYED_ADDRESS) or ("", 0)

    def bind(self, other: "Side") -> None:
        """Let the other side be our channel."""
        transaction = urandom(12)
        self.ask(
            Method.CHANNEL_BIND,
            transaction,
            (stun.CHANNEL_NUMBER, stun.channel_number(CHANNEL)),
            (stun.XOR_PEER_ADDRESS, stun.xor_address(other.relayed, transaction)),
        )


class Load:
    """`pps` packets a second of `size` bytes, altogether."""

    def __init__(self, sides: list[Side], pps: int, size: int) -> None:
        self._sides = sides
        self._pps = pps
        self._rest = bytes(size - STAMP)
        self._head = CHANNEL.to_bytes(2, "big") + size.to_bytes(2, "big")
        self._poll = select.epoll()
        self._by_number = {side.sock.fileno(): side for side in sides}
        for side in sides:
            side.sock.setblocking(False)
            side.sock.setsockopt(socket.SOL_SOCKET, TIMESTAMPS, 1)
            self._poll.register(side.sock.fileno(), select.EPOLLIN)
        self.sent = self.received = 0
        self.took: list[float] = []

    def run(self, seconds: float) -> None:
        """Send evenly, and read whatever comes."""
        began = time.perf_counter()
        while (now := time.perf_counter() - began) < seconds:
            self._send(int(now * self._pps) - self.sent)
            self._read(TICK_S)
        until = time.perf_counter() + DRAIN_S
        while self.received < self.sent and time.perf_counter() < until:
            self._read(TICK_S)

    def _send(self, due: int) -> None:
        sides, rest, head = self._sides, self._rest, self._head
        for _ in range(min(due, AT_ONCE)):
            side = sides[self.sent % len(sides)]
            stamp = time.time_ns().to_bytes(STAMP, "big")
            self.sent += 1
            try:
                side.sock.send(head + stamp + rest)
            except BlockingIOError:
                return

    def _read(self, wait_s: float) -> None:
        for number, _ in self._poll.poll(wait_s):
            receive = self._by_number[number].sock.recvmsg
            for _ in range(AT_ONCE):
                try:
                    data, [(_, _, when)], _, _ = receive(2048, _WHEN_ROOM)
                except BlockingIOError:
                    break
                self.received += 1
                seconds, nanoseconds = _WHEN.unpack(when)
                sent = int.from_bytes(data[4 : 4 + STAMP], "big")
                self.took.append((seconds * 1_000_000_000 + nanoseconds - sent) / 1e9)


def spread(took: list[float]) -> dict[str, float]:
    """Milliseconds."""
    ordered = sorted(took) or [0.0]
    return {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3
        for name, share in (("p50", 0.5), ("p99", 0.99), ("most", 1.0))
    }


def main() -> None:
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    sides = [Side(given["port"], *key) for key in given["keys"]]
    for side in sides:
        side.allocate()
    for one, other in zip(sides[::2], sides[1::2], strict=True):
        one.bind(other)
        other.bind(one)
    load = Load(sides, given["pps"], given["bytes"])
    print("ready", flush=True)
    load.run(given["seconds"])
    figures = {"sent": load.sent, "received": load.received, "ms": spread(load.took)}
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
