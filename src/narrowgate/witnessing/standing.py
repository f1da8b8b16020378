"""Say how far a ledger has been seen from outside, by whom, and whether that is too little for too long.

Rules:
 * An entry is covered once as many witnesses as are needed have cosigned a checkpoint that holds it, and as many
   authorities as are needed have stamped one.
 * Release stops when the first entry that is not covered is as old as the grace. It goes on by itself once it is
   covered: nobody resets anything. A gate that does nothing for a month waits for nobody.
 * An alarm stands until the overseer who raised it cosigns again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Kind(Enum):
    """What an overseer does."""

    WITNESS = "witness"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Seen:
    """What one overseer has seen of the ledger: up to which size, and when it said so; None if it never did.

    `silence` is why it did not answer when it was asked last, since when; `alarm` is what it said against the ledger.
    """

    name: str
    kind: Kind
    size: int | None
    at: datetime | None
    silence: str | None
    silent_since: datetime | None
    alarm: str | None


@dataclass(frozen=True)
class Standing:
    """How a ledger of `size` stands: who has seen what, and since when its first entry that is not `covered` waits."""

    size: int
    seen: tuple[Seen, ...]
    covered: int
    waiting_since: datetime | None
    grace: timedelta

    @property
    def alarms(self) -> tuple[Seen, ...]:
        """The overseers whose alarm stands."""
        return tuple(one for one in self.seen if one.alarm is not None)

    def overdue(self, now: datetime) -> bool:
        """Whether an entry has waited for the grace: with none, from the moment at which it was made."""
        return self.waiting_since is not None and now - self.waiting_since >= self.grace


def covered(seen: Sequence[Seen], size: int, needed: Mapping[Kind, int]) -> int:
    """Up to which size a ledger of `size` is covered, if so many of each kind are needed."""
    reach = [size]
    for kind, number in needed.items():
        if number:
            sizes = sorted((one.size or 0 for one in seen if one.kind is kind), reverse=True)
            reach.append(sizes[number - 1])
    return min(reach)
