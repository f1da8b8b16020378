"""Export the determinations of a run: the custodian's own view (`spec/determinations.md`).

Rules:
 * One row per request. A CSV goes into spreadsheets, so cells that look like formulas are neutralised.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.accounting.determinations import places
from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.errors import WrongUse
from narrowgate.formats.neutralise import neutral_sql
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.runs import Run


def export(session: duckdb.DuckDBPyConnection, run: Run, out: Path) -> int:
    """Write the determinations of `run` to `out` (`.parquet` or `.csv`), and return their number."""
    columns = f"{text_literal(run.reading)} AS reading, {run.first_entry} + place AS ledger_index"
    source = (
        f"FROM {relation(run.case.file('determination'))} JOIN ({places(run.case.file(STAGED))}) USING (row_no) "
        "ORDER BY row_no"
    )
    if out.suffix == ".parquet":
        return write(
            session,
            f"SELECT request_ref, disposition, person_id, match_rule, not_satisfied, undetermined, {columns} {source}",
            out,
            expect=run.batch.requests,
        )
    if out.suffix != ".csv":
        raise WrongUse(f"`{out}` is neither a .parquet nor a .csv", "nothing was written")
    texts = ", ".join(
        f"{neutral_sql(text)} AS {name}"
        for name, text in (
            ("request_ref", "request_ref"),
            ("disposition", "disposition"),
            ("person_id", "person_id"),
            ("match_rule", "match_rule"),
            ("not_satisfied", "array_to_string(not_satisfied, ';')"),
            ("undetermined", "array_to_string(undetermined, ';')"),
        )
    )
    done = session.execute(
        f"COPY (SELECT {texts}, {columns} {source}) TO {text_literal(str(out.resolve()))} (FORMAT csv, HEADER)"
    ).fetchone()
    assert done is not None
    return int(done[0])
