"""Password hashing, off the event loop and bounded."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.kernel.errors import Refusal

T = TypeVar("T")

MAX_WAITING = 64


class Passwords:
    """Argon2id (RFC 9106) with 3 passes in a small thread pool. `memory_mib` is taken per hash."""

    def __init__(self, memory_mib: int, threads: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=3, memory_cost=memory_mib * 1024, parallelism=1, hash_len=32, type=Type.ID
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._waiting = 0
        salt, digest = (b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
        self._decoy = f"$argon2id$v=19$m={memory_mib * 1024},t=3,p=1${salt}${digest}"

    async def hash(self, password: str) -> str:
        """The encoded hash to store."""
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; takes the same time when there is no account to compare with."""
        found = await self._run(lambda: self._matches(stored or self._decoy, password))
        return found and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        # Without this bound a crowd of sign-ins would queue for minutes, each holding its request open.
        if self._waiting >= MAX_WAITING:
            raise Refusal("rate_limited", retry_after_ms=2000, limit="argon2_threads")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
