"""The performance budget, and whether measured figures keep it."""

from dataclasses import dataclass
from typing import Any

MB = 1 << 20
KB = 1 << 10


@dataclass(frozen=True)
class Budget:
    """`figure` is a key of a flood's report ("delivery_ms.p99" reaches inside); shown divided by `unit_size`.
    `least` turns the bound around. Without a `bound` the figure is only shown."""

    what: str
    figure: str
    unit: str
    bound: float | None = None
    least: bool = False
    unit_size: float = 1

    def measured(self, figures: dict[str, Any]) -> float:
        value: Any = figures
        for key in self.figure.split("."):
            value = value[key]
        return float(value) / self.unit_size

    def kept(self, value: float) -> bool:
        if self.bound is None:
            return True
        return value >= self.bound if self.least else value <= self.bound


@dataclass(frozen=True)
class Verdict:
    """One line of the table."""

    case: str
    budget: Budget
    value: float

    @property
    def kept(self) -> bool:
        return self.budget.kept(self.value)

    def row(self) -> tuple[str, str, str, str]:
        b = self.budget
        bound = "" if b.bound is None else f"{'>=' if b.least else '<='} {b.bound:,g} {b.unit}"
        digits = 0 if self.value >= 1000 else 1 if self.value >= 100 else 2
        shown = f"{self.value:,.{digits}f}" if self.value else "0"
        return b.what, f"{shown} {b.unit}", bound, ("PASS" if self.kept else "MISS") if bound else ""


FLAWLESS = (
    Budget("losses", "losses", "", 0),
    Budget("doubles", "doubles", "", 0),
    Budget("order errors", "order_errors", "", 0),
)
LATENCY = (
    Budget("ack p50", "ack_ms.p50", "ms"),
    Budget("ack p95", "ack_ms.p95", "ms"),
    Budget("ack p99", "ack_ms.p99", "ms"),
    Budget("delivery p50", "delivery_ms.p50", "ms"),
    Budget("delivery p95", "delivery_ms.p95", "ms"),
)
WORST = Budget("delivery p99", "delivery_ms.p99", "ms")
RATE = Budget("durable messages", "messages_per_s", "/s")
DELIVERIES = Budget("deliveries", "deliveries_per_s", "/s")
PER_MESSAGE = Budget("server CPU a message", "cpu_us_per_message", "us")
PER_DELIVERY = Budget("server CPU a delivery", "cpu_us_per_delivery", "us")
WRITTEN = Budget("written to disk a message", "written_per_message", "KB", unit_size=KB)
PER_SOCKET = Budget("memory a socket", "rss_per_socket", "KB", 30, unit_size=KB)
IDLE = Budget("resident memory, idle", "rss_idle", "MB", 100, unit_size=MB)
START = Budget("cold start to ready", "start_s", "s", 1.5)
FLOOR = (
    Budget("one send to a local socket", "send_us", "us"),
    Budget("one write and fdatasync", "sync_ms", "ms"),
    Budget("processes that want to run", "load", ""),
)
GENERATOR = Budget("load generator, of a core", "generator_busy", "")


def page(percentile: str, bound: float | None = None) -> Budget:
    """The newest page of a room, over HTTP."""
    return Budget(f"newest page {percentile}", f"page_ms.{percentile}", "ms", bound)


def table(verdicts: list[Verdict]) -> str:
    """For people: case, what, measured, budget, verdict."""
    rows: list[tuple[str, str, str, str]] = [("", "measured", "budget", "")]
    titles: dict[int, str] = {}
    for verdict in verdicts:
        if verdict.case not in titles.values():
            titles[len(rows)] = verdict.case
        rows.append(verdict.row())
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines: list[str] = []
    for number, (what, shown, bound, kept) in enumerate(rows):
        if number in titles:
            lines += ["", titles[number]]
        lines.append(f"  {what:<{widths[0]}}  {shown:>{widths[1]}}  {bound:<{widths[2]}}  {kept}".rstrip())
    return "\n".join(lines)
