"""What a flood can be told to do."""

import argparse
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Options:
    """`rate` in messages a second, or 0: closed loop with `window` messages in flight. `watching` is
    the share of sockets that have their room on screen when `chatter` (typing, read marks) is on."""

    sockets: int = 500
    rooms_of: int = 10
    rate: float = 0.0
    window: int = 100
    warmup: float = 1.0
    duration: float = 10.0
    drain: float = 15.0
    text_bytes: int = 80
    chatter: bool = False
    watching: float = 1.0
    pid: int = 0
    url: str = ""
    cast: Path | None = None
    json: bool = False


def parser() -> argparse.ArgumentParser:
    """The options as a command line."""
    shape = Options()
    p = argparse.ArgumentParser(
        prog="safevoice dev flood",
        description="Load a server on this machine and count what arrives. Without --url it starts a server"
        " of its own on a temporary data folder, filled with as many people and rooms as it needs.",
    )
    p.add_argument("--sockets", type=int, default=shape.sockets, help="connections (500)")
    p.add_argument("--rooms-of", type=int, default=shape.rooms_of, help="members of each room (10)")
    p.add_argument("--rate", type=float, default=shape.rate, help="messages a second; 0: closed loop (0)")
    p.add_argument("--window", type=int, default=shape.window, help="closed loop: messages in flight (100)")
    p.add_argument("--warmup", type=float, default=shape.warmup, help="seconds before measuring (1)")
    p.add_argument("--duration", type=float, default=shape.duration, help="seconds measured, at most 60 (10)")
    p.add_argument("--drain", type=float, default=shape.drain, help="longest wait for what is missing (15)")
    p.add_argument("--text-bytes", type=int, default=shape.text_bytes, help="length of each message (80)")
    p.add_argument("--chatter", action="store_true", help="with typing notices and read marks")
    p.add_argument("--watching", type=float, default=shape.watching, help="share that has the room on screen")
    p.add_argument("--url", default="", help="a running server (loopback only); needs --cast and --pid")
    p.add_argument("--cast", type=Path, help="JSON file: {room id: [session tokens]}")
    p.add_argument("--pid", type=int, default=0, help="the server's process, to read its CPU and memory")
    p.add_argument("--json", action="store_true", help="print only JSON")
    return p


def parse(argv: list[str] | None) -> Options:
    """Options from a command line; SystemExit with a text for people if they make no sense."""
    p = parser()
    options = Options(**vars(p.parse_args(argv)))
    if not 0 < options.duration <= 60 or not 0 <= options.warmup <= 10:
        p.error("--duration is at most 60 seconds, --warmup at most 10")
    if options.sockets < 1 or options.rooms_of < 2 or options.window < 1:
        p.error("--sockets and --window are at least 1, --rooms-of at least 2")
    if options.url:
        host = urlsplit(options.url).hostname or ""
        # A load generator must not be able to hit somebody else's server by a typing mistake.
        if host != "localhost" and not (host[:1].isdigit() and ip_address(host).is_loopback):
            p.error("--url must be on this machine (127.x.x.x or localhost)")
        if not options.cast:
            p.error("--url needs --cast, which says who may sign in")
    return options
