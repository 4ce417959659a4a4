"""A circuit breaker: whoever does not answer is left alone for a while, so that nobody waits for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from appliance.kernel.clock import Clock
from appliance.kernel.errors import Refusal

FAILURES = 5
REST_S = 30.0


class UnavailableError(Exception):
    """No use could be made of somebody else's server: it was silent, slow, or said what is no answer."""


class Breaker:
    """Closed at first. After FAILURES in a row it is open: everybody is refused at once. When REST_S are over
    one may try, and by that it closes, or rests once more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._trying = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around each question. An UnavailableError inside counts, and becomes a refusal; raises
        provider_down."""
        probing = self._enter()
        try:
            yield
        except UnavailableError as error:
            self._failures += 1
            if probing or self._failures >= FAILURES:
                self._open_until = self._clock.monotonic() + REST_S
            raise Refusal("provider_down", retry_after_ms=self._wait_ms()) from error
        else:
            self._failures, self._open_until = 0, 0.0
        finally:
            # Also for whoever went away in the middle: the next one tries then.
            if probing:
                self._trying = False

    def _enter(self) -> bool:
        if self._failures < FAILURES:
            return False
        wait = self._wait_ms()
        if wait or self._trying:
            raise Refusal("provider_down", retry_after_ms=wait or 1000)
        self._trying = True
        return True

    def _wait_ms(self) -> int:
        return max(0, round((self._open_until - self._clock.monotonic()) * 1000))
