"""Ends of calls that people were told of, and that the database did not take yet."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from appliance.features.calls import actions
from appliance.features.calls.model import Kept
from appliance.kernel.commands import Outcome
from appliance.kernel.session import Who
from appliance.kernel.transaction import Tx, Unit

Act = Callable[[Tx, Who, Any], Outcome]


class Owing:
    """One per server. A restart forgets them: then the rows say that the call goes on, and as no page comes
    back to it, it ends."""

    def __init__(self) -> None:
        # Never changed in place, since the writer's thread looks at it.
        self._ends: dict[str, Kept] = {}

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._ends

    def add(self, over: Kept) -> None:
        """It has ended, as `over` says."""
        self._ends = {**self._ends, over.id: over}

    def settle(self, call_id: str) -> None:
        """The rows know."""
        if call_id in self._ends:
            self._ends = {call: over for call, over in self._ends.items() if call != call_id}

    async def pay(self, write: Callable[[Unit], Awaitable[bool]]) -> bool:
        """Write them down; False where that cannot be done now."""
        for over in self._ends.values():
            if not await write(partial(actions.make_up, over=over)):
                return False
            self.settle(over.id)
        return True

    def first(self, act: Act) -> Act:
        """The same verb, which finds ended whatever people were told has ended."""

        def after(tx: Tx, who: Who, command: Any) -> Outcome:
            for over in self._ends.values():
                actions.make_up(tx, over)
            return act(tx, who, command)

        return after
