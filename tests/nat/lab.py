"""Networks as people have them: homes behind NATs, a street that joins them, and the server's own place.

All addresses are for documentation or private, and lead nowhere but into this lab (see `ground`)."""

import ctypes
import socket
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

STREET = "203.0.113."
HOUSE = f"{STREET}10"
"""What the server is called from outside."""

CLOUD_INSIDE = "10.0.0."
_TRANSLATED = {"ordinary": "masquerade", "symmetric": "masquerade fully-random"}

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET; Python itself has it from 3.12 on."""

Nat = Literal["ordinary", "symmetric", "none"]
"""`ordinary` keeps a port for all destinations, `symmetric` takes another for each; with `none` the browser
stands on the street itself."""


Cloud = Literal["none", "1:1", "hiding"]
"""What stands before the server: nothing, a 1:1 NAT, or one behind which all clients seem to be one machine,
as with Docker's userland proxy."""


@dataclass(frozen=True)
class Home:
    """One person's network. `lets_out`: what else than answers passes the router, in the words of nft."""

    nat: Nat
    lets_out: str = ""


def sh(*words: str, given: str = "") -> None:
    """Run a program that has to succeed."""
    done = subprocess.run(words, input=given, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"


def inside(host: str) -> Sequence[str]:
    """Words to put before a command so that it runs on this host."""
    return ("nsenter", f"--net=/run/netns/{host}")


def reach(host: str, port: int) -> socket.socket:
    """A connection to a port of the host's own loopback interface, from outside of it."""

    def dial() -> socket.socket:
        # Only the thread goes there, and it ends with this.
        with Path(f"/run/netns/{host}").open("rb") as network:
            if _LIBC.setns(network.fileno(), _NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "setns")
        return socket.create_connection(("127.0.0.1", port))

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(dial).result()


class Lab:
    """A street with the server's house and the homes of Ada and Ben; a host is a network namespace."""

    def __init__(self, homes: dict[str, Home], *, cloud: Cloud) -> None:
        self._hosts: list[str] = []
        self._cables = 0
        self._host("street")
        sh("ip", "-n", "street", "link", "add", "bridge", "type", "bridge")
        sh("ip", "-n", "street", "link", "set", "bridge", "up")
        self._build_house(cloud)
        self._homes = homes
        for number, (name, home) in enumerate(homes.items(), 1):
            self._host(name)
            self._settle(name, home, number)

    def clear(self) -> None:
        """Take it down; cables go with what they are plugged into."""
        for host in self._hosts:
            sh("ip", "netns", "delete", host)

    def move(self, name: str) -> None:
        """Take this person's device to another network of the same kind: from one moment to the next, and
        without a word to anybody."""
        sh("ip", "-n", name, "link", "delete", "out")
        self._settle(name, self._homes[name], 5 + len(self._hosts))

    def _build_house(self, cloud: Cloud) -> None:
        self._host("house")
        if cloud == "none":
            self._on_street("house", HOUSE)
            return
        # As with many providers: the machine has a private address only, and packets are translated one to
        # one on their way. Nothing turns back inside (hairpin).
        self._host("cloud")
        self._on_street("cloud", HOUSE)
        self._plug("cloud", "inner", f"{CLOUD_INSIDE}1", "house", "out", f"{CLOUD_INSIDE}2")
        sh("ip", "-n", "house", "route", "add", "default", "via", f"{CLOUD_INSIDE}1")
        self._forward(
            "cloud",
            f"""table ip nat {{
              chain to {{
                type nat hook prerouting priority dstnat
                iifname "out" ip daddr {HOUSE} dnat to {CLOUD_INSIDE}2
              }}
              chain from {{
                type nat hook postrouting priority srcnat
                oifname "out" ip saddr {CLOUD_INSIDE}2 snat to {HOUSE}
                {'oifname "inner" masquerade' if cloud == "hiding" else ""}
              }}
            }}""",
        )

    def _settle(self, name: str, home: Home, number: int) -> None:
        """Plug this host in at home, behind the router there."""
        if home.nat == "none":
            self._on_street(name, f"{STREET}{30 + number}")
            return
        router, lan = f"{name}-{number}", f"192.168.{number}."
        self._host(router)
        self._on_street(router, f"{STREET}{20 + number}")
        self._plug(router, "home", f"{lan}1", name, "out", f"{lan}2")
        sh("ip", "-n", name, "route", "add", "default", "via", f"{lan}1")
        # A router that took in strangers' packets itself would have taken the port by the time that its own
        # side's packet leaves by it, and two such could never meet.
        self._forward(
            router,
            f"""table ip nat {{
              chain from {{
                type nat hook postrouting priority srcnat
                oifname "out" {_TRANSLATED[home.nat]}
              }}
            }}
            table ip filter {{
              chain input {{ type filter hook input priority filter; policy drop; }}
              chain forward {{
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                iifname "home" {home.lets_out} accept
              }}
            }}""",
        )

    # What networks are made of

    def _host(self, name: str) -> None:
        sh("ip", "netns", "add", name)
        self._hosts.append(name)
        # Each interface would get an address of IPv6 a second after it is up, and to browsers that is another
        # network: what they are about to fetch fails.
        off = "for each in all default; do echo 1 >/proc/sys/net/ipv6/conf/$each/disable_ipv6; done"
        sh(*inside(name), "sh", "-c", off)
        sh("ip", "-n", name, "link", "set", "lo", "up")

    def _on_street(self, host: str, address: str) -> None:
        plug = f"to-{host}"
        sh("ip", "link", "add", "out", "netns", host, "type", "veth", "peer", plug, "netns", "street")
        sh("ip", "-n", "street", "link", "set", plug, "master", "bridge", "up")
        self._address(host, "out", address)

    def _plug(self, one: str, its: str, at: str, other: str, others: str, there: str) -> None:
        sh("ip", "link", "add", its, "netns", one, "type", "veth", "peer", others, "netns", other)
        self._address(one, its, at)
        self._address(other, others, there)

    def _address(self, host: str, interface: str, address: str) -> None:
        sh("ip", "-n", host, "address", "add", f"{address}/24", "dev", interface)
        sh("ip", "-n", host, "link", "set", interface, "up")

    def _forward(self, host: str, rules: str) -> None:
        sh(*inside(host), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        sh(*inside(host), "nft", "-f", "-", given=rules)
