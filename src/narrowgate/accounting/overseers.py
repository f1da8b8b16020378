"""Overseers as the ledger holds them: whom a gate may rely on is what was entered, not what a file says by now.

Rules:
 * The entry commits to everything that decides when release stops: keys, certificates, how many are needed, the grace.
 * Where they are asked, and how long they may take, decides nothing of that and may be changed without an entry.
"""

from __future__ import annotations

from datetime import datetime

from narrowgate.accounting.book import Book, Event
from narrowgate.formats.cms import fingerprint
from narrowgate.store.overseers import NOBODY, Overseers

SUBJECT = "trust/overseers.toml"


def enter_overseers(book: Book, named: Overseers, *, at: datetime) -> int:
    """Enter that those of `named` oversee the ledger from now on; anybody may read their names and how many it takes.

    The keys are in what the entry commits to: a post-quantum one is longer than an entry may be.
    """
    shown = {
        **_numbers(named),
        "witnesses": [one.name for one in named.witnesses],
        "authorities": [one.name for one in named.authorities],
    }
    event = Event("configuration", SUBJECT, None, "overseers", payload=_committed(named), detail=shown)
    return book.enter(event, at=at)


def are_entered(book: Book, named: Overseers) -> bool:
    """Whether those of `named` are the ones entered last; nobody, if nobody ever was."""
    entered = [one.payload for one in book.recorded("configuration") if one.subject == SUBJECT]
    return _committed(named) == (entered[-1] if entered else _committed(NOBODY))


def _committed(named: Overseers) -> dict[str, object]:
    return {
        **_numbers(named),
        "witnesses": [one.vkey for one in named.witnesses],
        "authorities": [{"name": one.name, "certificate": fingerprint(one.certificate)} for one in named.authorities],
    }


def _numbers(named: Overseers) -> dict[str, object]:
    return {
        "witnesses_needed": named.witnesses_needed,
        "timestamps_needed": named.timestamps_needed,
        "grace_minutes": int(named.grace.total_seconds()) // 60,
    }
