"""Derive again the facts of requests, row by row, from the signed rows of a batch and of those before it.

Rules:
 * What needs the whole batch is counted over all its rows; what one row says is read of the rows that are asked for.
 * A fact that looks back on batches that are not at hand is not derived: it is absent, and not missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from narrowgate_verify.adjudication.facts.officers import Engaged, officer_facts, recent_facts
from narrowgate_verify.adjudication.facts.plain import plain_facts
from narrowgate_verify.adjudication.facts.reason import reason_facts
from narrowgate_verify.adjudication.facts.together import copy_facts, earlier_subject_facts, subject_facts
from narrowgate_verify.adjudication.kleene import Value

LOOKING_BACK = frozenset({"officer_matters_recent", "subject_earlier_requests", "subject_earlier_variants"})
"""The facts that depend on batches received before."""


def request_facts(
    batch: Engaged,
    *,
    rows: Iterable[int],
    requested_on: date,
    releasable: Collection[str],
    certificates: Collection[str],
    earlier: Sequence[Engaged] | None,
) -> dict[int, Mapping[str, Value | None]]:
    """The facts of the requests in `rows`, by row; without `LOOKING_BACK` if `earlier` is None.

    `certificates` are those that the custodian holds, `earlier` the batches received within a year before, in order.
    """
    counted = [
        copy_facts(batch.requests),
        subject_facts(batch.requests),
        reason_facts(batch.requests),
        officer_facts(batch, certificates=certificates),
    ]
    if earlier is not None:
        counted.append(earlier_subject_facts(batch.requests, [before.requests for before in earlier]))
        counted.append(recent_facts(batch, earlier))
    found: dict[int, Mapping[str, Value | None]] = {}
    for row in rows:
        together: dict[str, Value | None] = {}
        for facts in counted:
            together |= facts[row]
        plain = plain_facts(batch.requests[row], requested_on=requested_on, releasable=releasable)
        found[row] = {**plain, **together}
    return found
