"""What a command may be bound to: a verb that writes, or a verb of the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from appliance.kernel.bus import Bus, Subscriber
from appliance.kernel.commands import Outcome
from appliance.kernel.session import Scope, Who
from appliance.kernel.transaction import Tx


class Peer(Subscriber, Protocol):
    """The socket a command came from. `viewing`: the room on its screen; `typed`: per room, when it last
    passed on that its person types (seconds, monotonic); `away`: the person turned away from it."""

    viewing: str | None
    typed: dict[str, float]
    away: bool


@dataclass(frozen=True, slots=True)
class Write:
    """Runs in the writer's transaction. `limit` names the limiter that it draws from, per account: each verb
    has one, for each leaves something on the disk. `says`: the metrics count it as a message. `guests`:
    guests may do it too, where they are members. `unwritten(who, command)`: what holds at once, on the event
    loop, although the database takes nothing; the command is refused all the same."""

    act: Callable[[Tx, Who, Any], Outcome]
    limit: str
    says: bool = False
    guests: bool = False
    unwritten: Callable[[Who, Any], None] | None = None
    scope: ClassVar[Scope] = "write"


@dataclass(frozen=True, slots=True)
class Live:
    """Runs at once on the event loop and stores nothing. `act(bus, peer, command, monotonic seconds)`.
    `scope`: what a session must not be kept from; write, where others see that somebody acts."""

    act: Callable[[Bus, Peer, Any, float], None]
    guests: bool = False
    scope: Scope = "read"


Verb = Write | Live
