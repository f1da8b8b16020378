"""Enter a stay, or that it has ended."""

from __future__ import annotations

from datetime import datetime

from narrowgate.accounting.book import Book, Event
from narrowgate.store.stays import as_json, recorded
from narrowgate.terms.agreement import Stay


def enter_stay(book: Book, stay: Stay, *, code: str, at: datetime) -> int:
    """Enter `stay` under the code `entered` or `ended`; from then on it is what the gate reads."""
    return book.enter(Event("stay", stay.id, None, code, payload=as_json(stay)), at=at, effects=[recorded(stay)])
