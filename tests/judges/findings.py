"""What the judges found, and how it is told."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class Finding(NamedTuple):
    """Something that a judge does not accept; `where` is a state of the app with its look."""

    judge: str
    where: str
    what: str


class Row(NamedTuple):
    """A line of the table."""

    judge: str
    looked_at: str
    result: str


@dataclass
class Record:
    """Filled while the judges look."""

    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    looked: Counter[str] = field(default_factory=Counter)

    def find(self, judge: str, where: str, *what: str) -> None:
        self.findings += [Finding(judge, where, each) for each in what]

    def row(self, judge: str, looked_at: str, result: str = "") -> None:
        """Without a result it is how many things this judge found."""
        found = sum(each.judge == judge for each in self.findings)
        self.rows.append(Row(judge, looked_at, result or f"{found} found"))

    def told(self) -> str:
        """The table, and below it everything that was found: the same fault in many states is one line."""
        wide = [max(len(row[i]) for row in self.rows) for i in range(2)]
        lines = [
            f"   {row.judge:<{wide[0]}}  {row.looked_at:<{wide[1]}}  {row.result}".rstrip()
            for row in self.rows
        ]
        places: dict[tuple[str, str], list[str]] = {}
        for finding in self.findings:
            places.setdefault((finding.judge, finding.what), []).append(finding.where)
        for (judge, what), where in places.items():
            more = f" and {len(where) - 3} more" if len(where) > 3 else ""
            lines.append(f"\n   {judge}: {what}\n      in {', '.join(where[:3])}{more}")
        return "\n".join(lines)
