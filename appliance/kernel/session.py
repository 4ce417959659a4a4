"""Who is asking."""

from dataclasses import dataclass
from typing import Literal

CommunityRole = Literal["admin", "moderator", "member", "guest", "desk"]
"""`desk`: the voice of those who answer in support rooms; nobody signs in to it."""
Scope = Literal["read", "write", "admin"]


@dataclass(frozen=True, slots=True)
class Who:
    """An authenticated device of an account, as every verb gets to see it. `role`: what the account is in the
    community. `scopes`: what the session is confined to; empty for a person at their own device."""

    account: str
    device: str
    role: CommunityRole = "member"
    scopes: frozenset[Scope] = frozenset()

    @property
    def admin(self) -> bool:
        return self.role == "admin"

    @property
    def staff(self) -> bool:
        """An admin or a moderator of the community."""
        return self.role in ("admin", "moderator")

    @property
    def guest(self) -> bool:
        return self.role == "guest"

    def may_use(self, scope: Scope) -> bool:
        """Whether the session is not confined to something else."""
        return not self.scopes or scope in self.scopes
