"""Export the determinations of a run: the custodian's own view (`spec/determinations.md`).

Rules:
 * One row per request, in the order of the batch.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.accounting.determinations import places
from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import relation
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.runs import Run
from narrowgate.oversight.listing import write_list


def export(session: duckdb.DuckDBPyConnection, run: Run, out: Path) -> int:
    """Write the determinations of `run` to `out` (`.parquet` or `.csv`), and return their number."""
    query = (
        "SELECT request_ref, disposition, person_id, match_rule, not_satisfied, undetermined, "
        f"{text_literal(run.reading)} AS reading, {run.first_entry} + place AS ledger_index "
        f"FROM {relation(run.case.file('determination'))} JOIN ({places(run.case.file(STAGED))}) USING (row_no) "
        "ORDER BY row_no"
    )
    return write_list(
        session,
        query,
        out,
        texts=("request_ref", "disposition", "person_id", "match_rule"),
        lists=("not_satisfied", "undetermined"),
        others=("reading", "ledger_index"),
        expect=run.batch.requests,
    )
