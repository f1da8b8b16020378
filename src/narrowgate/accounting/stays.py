"""Stays that were entered at this gate, beside those that ship with the agreement.

Rules:
 * A stay is what the ledger holds of it, and not what a database says: a row that was changed or removed is found out.
 * A stay is added and later given an end; nothing of it is removed. What ships with the agreement ends there too, by a
   change of the agreement that is itself entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from narrowgate.accounting.book import Book, Event
from narrowgate.terms.agreement import Stay, StayEffect


def enter_stay(book: Book, stay: Stay, *, code: str, at: datetime) -> int:
    """Enter `stay` under the code `entered` or `ended`; from then on it is what the gate reads."""
    return book.enter(Event("stay", stay.id, None, code, payload=as_json(stay)), at=at)


def entered(book: Book) -> tuple[Stay, ...]:
    """Every stay entered at this gate, in the order of first entry; a lifted one has its end."""
    stays = (_stay(one.payload) for one in book.recorded("stay") if one.payload is not None)
    return tuple({stay.id: stay for stay in stays}.values())


def known(book: Book, shipped: Iterable[Stay]) -> tuple[Stay, ...]:
    """The agreement's stays and the gate's own."""
    return (*shipped, *entered(book))


def as_json(stay: Stay) -> dict[str, object]:
    """A stay as JSON members."""
    return {
        **asdict(stay),
        "effective": stay.effective.isoformat(),
        "ends": None if stay.ends is None else stay.ends.isoformat(),
        "effect": stay.effect.value,
    }


def _stay(members: Mapping[str, Any]) -> Stay:
    ends = members["ends"]
    return replace(
        Stay(**members),
        effective=datetime.fromisoformat(members["effective"]),
        ends=None if ends is None else datetime.fromisoformat(ends),
        effect=StayEffect(members["effect"]),
    )
