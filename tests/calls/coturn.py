"""coturn's test client against our relay: every packet has to come back by way of both allocations."""

import asyncio
import re
from dataclasses import dataclass

LOST = re.compile(r"Total lost packets (\d+) ")
RECEIVED = re.compile(r"tot_recv_msgs=(\d+)")
WITHIN_S = 40.0


@dataclass(frozen=True)
class Outcome:
    """`received`: how many packets came back; `lost`: how many did not, -1 where it got nowhere at all."""

    status: int
    received: int
    lost: int
    said: str


async def uclient(
    port: int,
    *flags: str,
    secret: str,
    name: str,
    packets: int = 50,
    rtcp: bool = False,
    peer: bool = False,
) -> Outcome:
    """Two clients that call each other, each by an allocation of its own; or that call a `peer` which the
    flags name. `rtcp`: each with a second port beside the first."""
    own = [*([] if peer else ["-y"]), *([] if rtcp else ["-c"])]
    process = await asyncio.create_subprocess_exec(
        *("turnutils_uclient", *own, "-n", str(packets), "-m", "2", "-l", "200", "-z", "10"),
        *("-W", secret, "-u", name, "-p", str(port), *flags, "127.0.0.1"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), WITHIN_S)
    except TimeoutError:
        process.kill()
        output, _ = await process.communicate()
    said = output.decode(errors="replace")
    lost, received = LOST.search(said), RECEIVED.findall(said)
    return Outcome(
        process.returncode or 0,
        int(received[-1]) if received else 0,
        int(lost[1]) if lost else -1,
        said,
    )
