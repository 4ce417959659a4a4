"""Debian's coturn, as an admin would set it up for calls: the measure that others are held to."""

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory

HOST = "127.0.0.1"
READY_WITHIN_S = 10.0
LOOK_S = 0.02
PORTS = (20_000, 32_000)


@dataclass(frozen=True)
class Coturn:
    """A running one, on UDP and TCP of the same port."""

    pid: int
    port: int
    secret: str


def installed() -> bool:
    """`./run test` and `./run bench calls` install it."""
    return shutil.which("turnserver") is not None


def free_port() -> int:
    """A port that nobody has, for UDP and TCP, and below those that the system gives to whoever connects
    somewhere: one of them may be taken again before it is listened on."""
    while True:
        port = random.randrange(*PORTS)
        with (
            closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as datagrams,
            closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as stream,
            suppress(OSError),
        ):
            datagrams.bind((HOST, port))
            stream.bind((HOST, port))
            return port


@contextmanager
def running(secret: str, *, realm: str = "safevoice") -> Iterator[Coturn]:
    """One with a single relay thread, as the process that it is compared to has one."""
    port = free_port()
    with TemporaryDirectory(prefix="safevoice-coturn-") as folder:
        process = subprocess.Popen(
            [
                "turnserver",
                *("-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log"),
                *(f"--listening-ip={HOST}", f"--relay-ip={HOST}", f"--listening-port={port}"),
                *("--use-auth-secret", f"--static-auth-secret={secret}", f"--realm={realm}"),
                *("--allow-loopback-peers", "--relay-threads=1", f"--pidfile={folder}/pid"),
                *(f"--userdb={folder}/turndb",),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(process, port)
            yield Coturn(process.pid, port, secret)
        finally:
            process.terminate()
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(LOOK_S)
        else:
            return
    raise SystemExit("coturn did not start")
