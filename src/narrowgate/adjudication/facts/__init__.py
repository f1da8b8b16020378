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
    record,
    statute,
    tax_period,
)
from narrowgate.adjudication.facts import batch as batch_facts
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
)
VOCABULARY = vocabulary(batch_facts.FACTS, REQUEST_FACTS, record.FACTS)


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
) -> None:
    """Write `out`: row_no and one column per request fact."""
    source = relation(request)
    loads = officers.prepare(session, source, roster=roster, certificates=certificates)
    masks = reason.prepare(session, source)
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
        "officers_named": "coalesce(officers_named, 0)",
        "officers_not_on_roster": "coalesce(officers_not_on_roster, 0)",
        "officers_without_certificate": "coalesce(officers_without_certificate, 0)",
        "officer_matters": "officer_matters",
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
        LEFT JOIN {masks} USING (row_no)
        LEFT JOIN {copies} USING (row_no)
        ORDER BY row_no
        """,
        out,
        expect=rows,
    )
    for table in (loads, "named_officer", "roster", masks, copies, places):
        session.execute(f"DROP TABLE {table}")
