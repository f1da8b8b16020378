"""Derive the facts of every request, as columns.

Rules:
 * One row per request received, in its order; the count is checked.
 * A fact is derived from the batch and the request alone. The register is not reachable from here.
 * What is missing stays missing, unless the fact's own meaning gives it a value (a count of nothing is 0).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb

from narrowgate.adjudication.facts import (
    address,
    fields,
    layout,
    matter,
    name,
    officers,
    order,
    reason,
    reason_near,
    reason_said,
    reason_template,
    record,
    release,
    statute,
    subject,
    tax_period,
)
from narrowgate.adjudication.facts import batch as batch_facts
from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.engine.literal import literal
from narrowgate.engine.parquet import relation, write
from narrowgate.terms.batch import BatchFacts, Officer
from narrowgate.terms.fact import vocabulary

REQUEST_FACTS = (
    *layout.FACTS,
    *name.FACTS,
    *address.FACTS,
    *tax_period.FACTS,
    *statute.FACTS,
    *order.FACTS,
    *matter.FACTS,
    *reason.FACTS,
    *officers.FACTS,
    *fields.FACTS,
    *subject.FACTS,
)
VOCABULARY = vocabulary(batch_facts.FACTS, REQUEST_FACTS, record.FACTS, release.FACTS)


def derive(
    session: duckdb.DuckDBPyConnection,
    *,
    request: Path,
    out: Path,
    rows: int,
    batch: BatchFacts,
    roster: Sequence[Officer],
    certificates: Collection[str],
    releasable: Sequence[str],
    earlier: Sequence[Earlier] = (),
) -> None:
    """Write `out`: row_no and one column per request fact. `earlier` are the batches received before this one."""
    source = relation(request)
    loads = officers.prepare(session, source, roster=roster, certificates=certificates, earlier=earlier)
    said = reason_said.prepare(session, source)
    templates = reason_template.prepare(session, said)
    near = reason_near.prepare(session, said, templates)
    session.execute(f"DROP TABLE {said}")
    reasons = reason.prepare(session, source)
    shared = matter.prepare(session, source)
    subjects = subject.prepare(session, source, earlier)
    copies = layout.prepare(session, source)
    places = address.prepare(session, source)
    plain = {
        **name.columns(),
        **{fact.name: fact.name for fact in address.FACTS},
        **tax_period.COLUMNS,
        **statute.COLUMNS,
        **order.COLUMNS,
        **matter.COLUMNS,
        **fields.columns(releasable),
        "layout_errors": "CAST(layout_errors AS BIGINT)",
        "copies_in_batch": "coalesce(copies_in_batch, 1)",
        "reason_length": "coalesce(reason_length, 0)",
        "reason_copies": "coalesce(reason_copies, 0)",
        "reason_template_copies": "coalesce(reason_template_copies, 0)",
        "reason_near_copies": "coalesce(reason_near_copies, reason_template_copies, 0)",
        **{name: f"coalesce({name}, 0)" for name in officers.COUNTS},
        **{name: name for name in officers.LOADS},
        "subject_requests": "coalesce(subject_requests, 1)",
        "subject_variants": "coalesce(subject_variants, 1)",
        "subject_earlier_requests": "coalesce(subject_earlier_requests, 0)",
        "subject_earlier_variants": "coalesce(subject_earlier_variants, 0)",
    }
    listed = ", ".join(f"{plain[fact.name]} AS {fact.name}" for fact in REQUEST_FACTS)
    dated = f"(SELECT *, {literal(batch.requested_on)} AS requested_on FROM {source})"
    write(
        session,
        f"""
        SELECT row_no, {listed}
        FROM {dated}
        LEFT JOIN {loads} USING (engaged_officers)
        JOIN {places} USING (row_no)
        LEFT JOIN {reasons} USING (row_no)
        LEFT JOIN {copies} USING (row_no)
        LEFT JOIN {templates} USING (row_no)
        LEFT JOIN {near} USING (row_no)
        LEFT JOIN {shared} USING (row_no)
        LEFT JOIN {subjects} USING (row_no)
        ORDER BY row_no
        """,
        out,
        expect=rows,
    )
    for table in (loads, "named_officer", "roster", reasons, copies, places, templates, near, shared, subjects):
        session.execute(f"DROP TABLE {table}")
