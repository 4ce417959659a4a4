"""How much of the relay one person may use."""

from appliance.kernel.clock import Clock

DAY_S = 86_400.0
UNLIMITED = float("inf")


class Usage:
    """One person's: how many addresses they hold, how many bytes are left of their day, and how many packets
    they may send `at_once`. Both are only counted down for each packet; what the clock gives back is worked
    out when nothing is left."""

    __slots__ = ("_begins_at", "_bytes_a_day", "_filled_at", "_packets_a_second", "at_once", "held", "left")

    def __init__(self, bytes_a_day: int, packets_a_second: int, now: float) -> None:
        self._bytes_a_day = bytes_a_day or UNLIMITED
        self._packets_a_second = packets_a_second or UNLIMITED
        self._begins_at = self._filled_at = now
        self.held = 0
        self.left: float = self._bytes_a_day
        self.at_once: float = max(1.0, self._packets_a_second / 2)

    def refills(self, now: float) -> bool:
        """Time gave back at least one packet. At most half a second's worth: with what was left before, no
        more than a second's ever come at once."""
        most = max(1.0, self._packets_a_second / 2)
        back = min(self.at_once + 1 + (now - self._filled_at) * self._packets_a_second, most)
        self._filled_at = now
        # A nanosecond of tolerance, or sums of floats refuse the last one.
        sends = back >= 1 - 1e-9
        self.at_once = max(0.0, back - 1) if sends else back
        return sends

    def renews(self, now: float) -> bool:
        """A new day began, so there is something left again."""
        if now - self._begins_at < DAY_S:
            return False
        self._begins_at = now
        self.left = self._bytes_a_day
        return True

    def idle(self, now: float) -> bool:
        """Nothing of it need be remembered any more."""
        return not self.held and (self.left == self._bytes_a_day or now - self._begins_at >= DAY_S)


class Quotas:
    """Everybody's usage, as long as it matters. It does not outlive the process: what a restart forgives is
    less than a write for each packet would cost."""

    def __init__(self, clock: Clock, allocations: int, bytes_a_day: int, packets_a_second: int) -> None:
        """`allocations` at the same time; `bytes_a_day` and `packets_a_second` through the relay. 0 is no
        limit."""
        self._clock = clock
        self._allocations = allocations
        self._bytes_a_day = bytes_a_day
        self._packets_a_second = packets_a_second
        self._usages: dict[str, Usage] = {}

    def of(self, account: str) -> Usage:
        """The person's own."""
        usage = self._usages.get(account)
        if usage is None:
            self._usages[account] = usage = Usage(
                self._bytes_a_day, self._packets_a_second, self._clock.monotonic()
            )
        return usage

    def full(self, usage: Usage, more: int) -> bool:
        """Whether so many more addresses would be too many."""
        return bool(self._allocations) and usage.held + more > self._allocations

    def spent(self, usage: Usage) -> bool:
        """Whether the day's bytes are gone."""
        return usage.left <= 0 and not usage.renews(self._clock.monotonic())

    def forget_idle(self) -> None:
        """Let go of what need not be remembered."""
        now = self._clock.monotonic()
        for account in [account for account, usage in self._usages.items() if usage.idle(now)]:
            del self._usages[account]

    def __len__(self) -> int:
        return len(self._usages)
