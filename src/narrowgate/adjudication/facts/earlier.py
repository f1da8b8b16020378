"""What this gate was asked before, as far as facts of a request reach back: a year from the day of the request.

Rules:
 * Only batches that were received before this one count, so that judging a batch again gives the same facts,
   whatever came after it.
 * They are read as they were received, for the keys of this batch's own subjects and officers and for no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from narrowgate.engine.parquet import relation
from narrowgate.terms.batch import Officer

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Earlier:
    """A batch received before: its requests, the day of its manifest, and its roster."""

    request: Path
    requested_on: date
    roster: tuple[Officer, ...]


def within_a_year(requested_on: date, *, of: date) -> bool:
    """Whether a batch asked on that day counts for one of the day `of`: at most 365 days before, or the same."""
    return of - YEAR <= requested_on <= of


def rows(earlier: Sequence[Earlier], columns: str) -> str:
    """A query for `columns` of every request of `earlier`, with `batch_no`; no rows where there is none."""
    each = [
        f"SELECT {number} AS batch_no, {columns} FROM {relation(one.request)}" for number, one in enumerate(earlier)
    ]
    return " UNION ALL ".join(each)
