"""Figures of a flood, as one dictionary and as a table for people."""

from dataclasses import dataclass
from typing import Any

from appliance.dev.flood.options import Options
from appliance.dev.flood.tally import Tally, percentiles_ms
from appliance.dev.flood.usage import Usage, busiest_threads, cpu_between

BUSY = 0.9
"""A generator that uses more of its core than this may itself be what limits the figures."""


@dataclass(frozen=True)
class Snapshot:
    """Taken at the start and the end of the measured time; `own_cpu` is the generator's."""

    at: float
    own_cpu: float
    server: Usage | None
    counts: dict[str, int]


def _per(seconds: float, count: int) -> float:
    return round(seconds * 1e6 / count, 2) if count else 0.0


def report(
    options: Options,
    tally: Tally,
    lost: int,
    connected_s: float,
    memory: tuple[Usage | None, Usage | None],
    snapshots: tuple[Snapshot, Snapshot],
) -> dict[str, Any]:
    """All figures. Times in ms, CPU in us per message or delivery, memory in bytes."""
    before, after = snapshots
    wall = after.at - before.at
    done = {name: after.counts[name] - before.counts.get(name, 0) for name in after.counts}
    own_busy = (after.own_cpu - before.own_cpu) / wall
    figures: dict[str, Any] = {
        "sockets": options.sockets,
        "rooms_of": options.rooms_of,
        "mode": f"{options.rate:g}/s" if options.rate else f"window {options.window}",
        "chatter": options.chatter,
        "seconds": round(wall, 2),
        "messages": done["messages"],
        "deliveries": done["deliveries"],
        "messages_per_s": round(done["messages"] / wall, 1),
        "deliveries_per_s": round(done["deliveries"] / wall, 1),
        "ack_ms": percentiles_ms(tally.ack_ns),
        "delivery_ms": percentiles_ms(tally.delivery_ns),
        "beside": {k: v for k, v in sorted(done.items()) if k not in ("posted", "messages", "deliveries")},
        **tally.faults(lost),
        "connect_s": round(connected_s, 2),
        "generator_busy": round(own_busy, 3),
        "generator_limits": own_busy > BUSY,
    }
    if before.server and after.server:
        cpu = cpu_between(before.server, after.server)
        figures["server_busy"] = round(cpu / wall, 3)
        figures["cpu_us_per_message"] = _per(cpu, done["messages"])
        figures["cpu_us_per_delivery"] = _per(cpu, done["deliveries"])
        figures["written_per_message"] = (after.server.written - before.server.written) // max(
            1, done["messages"]
        )
        figures["server_threads_s"] = busiest_threads(before.server, after.server)
    if memory[0] and memory[1]:
        figures["rss_idle"] = memory[0].rss
        figures["rss_per_socket"] = (memory[1].rss - memory[0].rss) // options.sockets
        figures["rss_end"] = after.server.rss if after.server else 0
    return figures


def _spread(times: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.1f}" for name, value in times.items())


def table(f: dict[str, Any]) -> str:
    """The same for people to read."""
    rows = [
        (
            "load",
            f"{f['sockets']} sockets, rooms of {f['rooms_of']}, {f['mode']}"
            f"{', with typing and read marks' if f['chatter'] else ''}, {f['seconds']} s",
        ),
        ("messages", f"{f['messages']:,}  ({f['messages_per_s']:,.0f}/s)"),
        ("deliveries", f"{f['deliveries']:,}  ({f['deliveries_per_s']:,.0f}/s)"),
        ("ack, ms", _spread(f["ack_ms"])),
        ("delivery, ms", _spread(f["delivery_ms"])),
    ]
    if "server_busy" in f:
        threads = "  ".join(f"{name} {used:.2f} s" for name, used in f["server_threads_s"].items())
        rows += [
            (
                "server CPU",
                f"{f['cpu_us_per_message']} us a message, {f['cpu_us_per_delivery']} us a delivery"
                f"  ({f['server_busy']:.0%} of a core)",
            ),
            ("  by thread", threads),
            ("server disk", f"{f['written_per_message'] / 1024:.1f} KB written a message"),
        ]
    if "rss_idle" in f:
        rows.append(
            (
                "server memory",
                f"{f['rss_idle'] / 2**20:.0f} MB idle,"
                f" {f['rss_per_socket'] / 1024:.1f} KB a socket, {f['rss_end'] / 2**20:.0f} MB at the end",
            )
        )
    limit = "  THE GENERATOR IS THE LIMIT" if f["generator_limits"] else ""
    rows += [
        ("generator", f"{f['generator_busy']:.0%} of a core{limit}"),
        ("beside", "  ".join(f"{name} {n:,}" for name, n in f["beside"].items()) or "nothing"),
        (
            "truth",
            f"losses {f['losses']}  doubles {f['doubles']}  order errors {f['order_errors']}"
            f"  errors {f['errors'] or 'none'}  closed {f['closed'] or 'none'}",
        ),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)
