"""Somebody who calls themselves by way of a relay, with a real WebRTC stack. Runs as a program of its own, so
that the server never loads one, and ends with the server.

In: one line of JSON, `{"ways": [{"url": "turn:HOST:PORT?transport=…", "tries": [{"address", "port", "name"}],
"keys": [[{"username", "credential"}, …]]}], "try_s"}`: for each way the places to try one after the other
until one works, for so many seconds each (`name`: whom a certificate has to be for; empty for whomever), and
for each of them two keys. After that line the input stays open: where it ends, whoever asked is gone. Out:
one line of JSON, for each way a list with one `{"code", "detail", "ms"}` for each try; `code` is empty where
it worked. It imports nothing of SafeVoice, so that it needs no path, and SafeVoice imports nothing of it.
"""

import asyncio
import json
import os
import resource
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from time import monotonic
from typing import Any

from aioice import stun, turn
from aiortc import RTCCertificate, RTCConfiguration, RTCIceServer, RTCPeerConnection
from aiortc.rtcconfiguration import RTCBundlePolicy, RTCIceTransportPolicy
from OpenSSL import SSL, crypto

CLOSE_S = 2.0
PATIENCE_S = 60
"""After so long it ends itself, whatever it hangs in."""
CPU_S = 30
HELLO = "hello by way of the relay"
UNHEARD = "relay.invalid"
"""Stands in for the host, which the stack knows only as a name or an address of IPv4 (RFC 6761, 6.4)."""

EXPIRED, WRONG_HOST, WRONG_ADDRESS = 10, 62, 64
"""Of what OpenSSL says of a certificate (`X509_V_ERR_…`)."""


class Trial:
    """One way at one address. `troubles`: what went wrong on the way to the relay."""

    def __init__(self, url: str, address: str, port: int, name: str) -> None:
        self.scheme = url.partition(":")[0]
        self.query = url.partition("?")[2]
        self.address = address
        self.port = port
        self.name = name
        self.troubles: list[BaseException] = []

    def server(self, keys: dict[str, str]) -> RTCIceServer:
        query = f"?{self.query}" if self.query else ""
        url = f"{self.scheme}:{UNHEARD}:{self.port}{query}"
        return RTCIceServer(urls=url, username=keys["username"], credential=keys["credential"])


TRIAL: ContextVar[Trial] = ContextVar("trial")


class Named(ssl.SSLContext):
    """Expects the name that clients know the server by, wherever it is reached."""

    name = ""

    def wrap_bio(
        self, incoming: Any, outgoing: Any, server_side: bool = False, *more: Any, **said: Any
    ) -> Any:
        said["server_hostname"] = self.name or None
        return super().wrap_bio(incoming, outgoing, server_side, **said)


def context_for(name: str) -> ssl.SSLContext:
    context = Named(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = bool(name)
    context.name = name
    context.load_default_certs()
    return context


def telling(reach: Callable[..., Any]) -> Callable[..., Any]:
    """`aioice.turn.create_turn_endpoint`, to the trial's address; what goes wrong is remembered, where the
    stack only goes on without a candidate."""

    async def endpoint(*args: Any, server_addr: Any = None, ssl: Any = None, **more: Any) -> Any:
        trial = TRIAL.get()
        try:
            return await reach(
                *args,
                server_addr=(trial.address, trial.port),
                ssl=context_for(trial.name) if ssl else None,
                **more,
            )
        except BaseException as error:
            trial.troubles.append(error)
            raise

    return endpoint


def told(protocol: Any, error: OSError) -> None:
    """Of UDP the kernel says now and then that nobody is there."""
    TRIAL.get().troubles.append(error)


def noting(lost: Callable[..., None]) -> Callable[..., None]:
    """`TurnClientTcpProtocol.connection_lost`: whoever hangs up before giving an address is no relay. The
    stack goes on waiting for the answer."""

    def connection_lost(protocol: Any, error: Exception | None) -> None:
        if protocol.relayed_address is None:
            TRIAL.get().troubles.append(ConnectionError())
        lost(protocol, error)

    return connection_lost


def trusting(verify: Callable[..., None], certificate: Any) -> Callable[..., None]:
    """`SSL.Context.set_verify` without a function to be called back from C: that takes memory which is both
    written and run, and a service that is locked up well has none (systemd's MemoryDenyWriteExecute). Both
    sides are ours, so each knows beforehand whom it will meet; whose certificate it is, the fingerprint
    in the descriptions still has to say."""

    def set_verify(context: Any, mode: int, callback: Any = None) -> None:
        context.get_cert_store().add_cert(certificate)
        verify(context, mode)

    return set_verify


def make_ready() -> None:
    """Put the above in place of what the stack has."""
    vars(turn)["create_turn_endpoint"] = telling(turn.create_turn_endpoint)
    datagrams, stream = turn.TurnClientUdpProtocol, turn.TurnClientTcpProtocol
    type.__setattr__(datagrams, "error_received", told)
    type.__setattr__(stream, "connection_lost", noting(stream.connection_lost))
    own = RTCCertificate.generateCertificate()
    type.__setattr__(RTCCertificate, "generateCertificate", lambda: own)
    known = crypto.X509.from_cryptography(own._cert)
    type.__setattr__(SSL.Context, "set_verify", trusting(SSL.Context.set_verify, known))


async def attempt(trial: Trial, keys: list[dict[str, str]], try_s: float) -> dict[str, Any]:
    """Two sides that may only use the relay: one says hello, the other has to hear it."""
    TRIAL.set(trial)
    began = monotonic()
    sides = [connection(trial, each) for each in keys]
    try:
        async with asyncio.timeout(try_s):
            if await meet(*sides):
                return {"code": "", "detail": "", "ms": round((monotonic() - began) * 1000)}
        code, detail = judged(trial)
    except TimeoutError:
        code, detail = judged(trial) if trial.troubles else ("no_connection", "")
    except Exception as error:
        code, detail = "broken", repr(error)[:200]
    finally:
        for side in sides:
            with suppress(Exception):
                await asyncio.wait_for(side.close(), CLOSE_S)
    return {"code": code, "detail": detail, "ms": 0}


def connection(trial: Trial, keys: dict[str, str]) -> Any:
    return RTCPeerConnection(
        RTCConfiguration(
            iceServers=[trial.server(keys)],
            iceTransportPolicy=RTCIceTransportPolicy.RELAY,
            bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
        )
    )


def hear(heard: "asyncio.Future[str]", said: str) -> None:
    if not heard.done():
        heard.set_result(said)


async def meet(ada: Any, ben: Any) -> bool:
    """Whether they hear each other; False where one of them is given no address."""
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    channel = ada.createDataChannel("test")
    channel.on("open", lambda: channel.send(HELLO))
    ben.on("datachannel", lambda theirs: theirs.on("message", partial(hear, heard)))
    await ada.setLocalDescription(await ada.createOffer())
    if "typ relay" not in ada.localDescription.sdp:
        return False
    await ben.setRemoteDescription(ada.localDescription)
    await ben.setLocalDescription(await ben.createAnswer())
    if "typ relay" not in ben.localDescription.sdp:
        return False
    await ada.setRemoteDescription(ben.localDescription)
    return await heard == HELLO


def judged(trial: Trial) -> tuple[str, str]:
    """The stable code of what went wrong, and what was said about it. Whoever is refused by UDP's kernel goes
    on asking, so what ends last says least."""
    found = [of_error(error) for error in trial.troubles]
    return next((each for each in found if each[0] != "no_answer"), found[0] if found else ("no_answer", ""))


def of_error(error: BaseException) -> tuple[str, str]:
    match error:
        case ssl.SSLCertVerificationError():
            codes = {EXPIRED: "certificate_expired", WRONG_HOST: "certificate_name"}
            codes[WRONG_ADDRESS] = "certificate_name"
            return codes.get(error.verify_code, "certificate_untrusted"), error.verify_message
        case ssl.SSLError():
            return "no_tls", str(error.reason or "")
        case socket.gaierror():
            return "unknown_name", error.strerror or ""
        case ConnectionRefusedError():
            return "refused", ""
        case stun.TransactionFailed():
            number = error.response.error_code
            codes_of = {401: "keys_refused", 438: "keys_refused", 486: "full", 508: "full"}
            return codes_of.get(number or 0, "turn_error"), str(number or "")
        case stun.TransactionTimeout() | TimeoutError() | asyncio.CancelledError():
            return "no_answer", ""
        case ConnectionError():
            return "not_turn", ""
        case OSError():
            return "unreachable", error.strerror or ""
        case _:
            return "not_turn", repr(error)[:200]


async def walk(way: dict[str, Any], try_s: float) -> list[dict[str, Any]]:
    """Each address in turn, until one works."""
    done: list[dict[str, Any]] = []
    for place, keys in zip(way["tries"], way["keys"], strict=True):
        # A context of its own for each, so that late echoes are not taken for the next one's.
        trial = Trial(way["url"], **place)
        done.append(await asyncio.create_task(attempt(trial, keys, try_s)))
        if not done[-1]["code"]:
            break
    return done


def watch() -> None:
    """Whoever asked is gone where the input ends."""
    if not os.read(0, 1024):
        os._exit(1)


async def carry_out(asked: dict[str, Any]) -> list[list[dict[str, Any]]]:
    asyncio.get_running_loop().add_reader(0, watch)
    # What is left of a connection may complain after it was closed; only the answer matters.
    asyncio.get_running_loop().set_exception_handler(lambda loop, about: None)
    return await asyncio.gather(*(walk(way, asked["try_s"]) for way in asked["ways"]))


def main() -> None:
    with suppress(OSError):
        # Less urgent than what people wait for; where that may not be said, it is short enough.
        os.nice(10)
    signal.alarm(PATIENCE_S)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    make_ready()
    print(json.dumps(asyncio.run(carry_out(asked))), flush=True)
    # Without waiting for what a codec's threads still do.
    os._exit(0)


if __name__ == "__main__":
    main()
