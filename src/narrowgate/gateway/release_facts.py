"""Gather what the clauses on the release are judged on: approvals, sample, defects, entries, and the answers written.

Rules:
 * Every approval counted here has had its signature verified at this moment (`review.approval`).
 * The conditions are read back from the files that are about to be sealed, not from what was meant to be written.
"""

from __future__ import annotations

import json

from narrowgate.disclosure.answers import Prepared
from narrowgate.disclosure.conditions import read_back
from narrowgate.encrypted import KeyFor
from narrowgate.gateway.approve import defects
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.runs import Run, basis_of
from narrowgate.terms.determination import Disposition
from narrowgate.terms.release import ReleaseFacts

COUNSEL = "counsel"


def release_facts(desk: Desk, run: Run, prepared: Prepared, key_for: KeyFor) -> ReleaseFacts:
    """The facts of releasing `run` now, its answers being `prepared`."""
    approvals = desk.gate.database.all("SELECT approver, statement FROM approval WHERE run = ?", run.name)
    names = {str(row["approver"]) for row in approvals}
    approvers = desk.gate.trust.approvers
    drawn = [int(json.loads(row["statement"])["sample"]["drawn"]) for row in approvals]
    conditions = read_back(prepared.files.values(), released_on=desk.at.date(), key_for=key_for)
    return ReleaseFacts(
        released_on=desk.at.date(),
        approvers=len(names),
        counsel_approved=any(approvers[name].role == COUNSEL for name in names if name in approvers),
        sample_judged=min(drawn, default=None),
        sample_owed=_sample_owed(desk, run),
        defects=len(defects(desk, run)),
        determinations_missing=max(0, run.first_entry + run.batch.requests - desk.book.log.size),
        answers_beyond_officers=prepared.beyond_officers,
        answer_marking=conditions.marking,
        use_days=conditions.use_days,
        destruction_days=conditions.destruction_days,
        recall_duty=conditions.recall_duty,
        report_hours=conditions.report_hours,
    )


def _sample_owed(desk: Desk, run: Run) -> int:
    """How many disclosures of `run` are to be judged again: the agreement's number, or all if there are fewer."""
    size, counted = basis_of(desk, run).parameters["sample_size"], run.summary["dispositions"]
    assert isinstance(size, int) and isinstance(counted, dict)
    return min(size, int(counted.get(Disposition.DISCLOSE.value, 0)))
