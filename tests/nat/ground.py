"""A patch of ground of its own for a lab of networks: namespaces of this test alone, for network, mounts and
processes. Nothing in them can touch the machine's own interfaces or firewall, and when the first process in
them ends, however it ends, the kernel clears all of it away."""

import os
import subprocess
from collections.abc import Sequence

MARK = "SAFEVOICE_TEST_GROUND"
_NEW = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
)
_READY = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && "$@"'
"""The shell stays, as the first process: it takes in the orphans of browsers. What lies in /run belongs to
the machine; names of networks are kept there."""


def words() -> Sequence[str]:
    """Words to put before a command; raises SystemExit, saying what is missing, where there can be no lab."""
    for more in ((), ("--user", "--map-root-user")):
        found = (*_NEW, *more, "sh", "-c", _READY, "sh")
        tried = subprocess.run([*found, "nft", "list", "ruleset"], capture_output=True, text=True)
        if tried.returncode == 0:
            return found
    raise SystemExit(
        f"No networks can be made here: {tried.stderr.strip() or 'no reason was given'}\n"
        "The NAT lab needs root (sudo ./run test nat), or a kernel on which everybody may make namespaces,"
        " and the packages iproute2 and nftables."
    )


def stands() -> bool:
    """Whether this process is on such ground."""
    return MARK in os.environ


def run_there(command: Sequence[str]) -> int:
    """The exit status of the command, run on ground of its own."""
    return subprocess.run([*words(), *command], env=os.environ | {MARK: "1"}, check=False).returncode
