"""What is known of a release at the moment before its answers leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ReleaseFacts:
    """Facts of one release. Field names are the fact names that clauses use; None is missing."""

    released_on: date
    approvers: int
    counsel_approved: bool
    sample_judged: int | None
    sample_owed: int
    defects: int
    determinations_missing: int
    answers_beyond_officers: int
    answer_marking: str | None
    use_days: int | None
    destruction_days: int | None
    recall_duty: str | None
    report_hours: int | None
