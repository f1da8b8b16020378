"""Read back the conditions that travel with the answers, from the files that are about to be sealed.

Rules:
 * What counts is what is written, not what was meant to be: the clauses on the release are judged on this.
 * Over several files the laxest one counts; what a file lacks is missing for all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from narrowgate.encrypted import KeyFor, open_file


@dataclass(frozen=True)
class Conditions:
    """Marking, days of use and until destruction counted from the release, duty on recall, hours to report."""

    marking: str | None
    use_days: int | None
    destruction_days: int | None
    recall_duty: str | None
    report_hours: int | None


def read_back(files: Iterable[Path], *, released_on: date, key_for: KeyFor) -> Conditions:
    """The conditions in the headers of `files`; nothing is missing where there are no files at all to lack it."""
    headers = [_header(file, key_for) for file in files]
    licences = [header.get("licence", {}) for header in headers]
    return Conditions(
        marking=_one([header.get("marking") for header in headers]),
        use_days=_days([licence.get("expires_on") for licence in licences], released_on),
        destruction_days=_days([licence.get("destroy_by") for licence in licences], released_on),
        recall_duty=_one([licence.get("on_recall") for licence in licences]),
        report_hours=_most([licence.get("report_incidents_within_hours") for licence in licences]),
    )


def _header(file: Path, key_for: KeyFor) -> dict[str, Any]:
    with open_file(file, key_for) as lines:
        header = json.loads(lines.readline())
    assert isinstance(header, dict)
    return header


def _one(values: Sequence[str | None]) -> str | None:
    """The value that all share."""
    return values[0] if values and len(set(values)) == 1 else None


def _most(values: Sequence[int | None]) -> int | None:
    present = [value for value in values if value is not None]
    return max(present) if present and len(present) == len(values) else None


def _days(days: Sequence[str | None], since: date) -> int | None:
    return _most([None if day is None else (date.fromisoformat(day) - since).days for day in days])
