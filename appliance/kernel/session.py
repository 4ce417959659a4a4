"""Who is asking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """An authenticated device of an account, as every verb gets to see it."""

    account: str
    device: str
    admin: bool = False
