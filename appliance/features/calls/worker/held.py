"""An open call as this process holds it."""

from dataclasses import dataclass, field

from appliance.features.auth.model import Person
from appliance.features.calls.model import Kept
from appliance.kernel.bus import Subscriber


@dataclass(slots=True)
class Side:
    """The page of one of the two. `peer`: its socket while it is here, in the life `instance` of it;
    `gone_at`: since when it is not."""

    seat: str
    device: str
    gone_at: float
    peer: Subscriber | None = None
    instance: str = ""


@dataclass(slots=True)
class Open:
    """One call. `rings_until`: while it rings; `seen_at`: when it was last written down that both pages are
    here."""

    kept: Kept
    people: dict[str, Person]
    rings_until: float
    sides: dict[str, Side] = field(default_factory=dict)
    seen_at: float = 0.0

    @property
    def together(self) -> bool:
        return len(self.sides) == 2 and all(side.peer is not None for side in self.sides.values())

    def across(self, account: str) -> Side | None:
        return self.sides.get(self.kept.other(account))
