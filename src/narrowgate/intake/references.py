"""Every request has a reference of its own: the only name by which the requester will find its answer.

Rules:
 * A reference has 1 to 64 letters, digits, `-`, `_`, `.` or `/`, and stands on one row of the batch.
 * One row that breaks this refuses the package: an answer that fits two rows may be about the wrong person.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import relation
from narrowgate.formats.codes import Code, Halt, shown
from narrowgate.intake.layout import REFERENCE

NAMED = 3
"""How many offending rows a message names."""


def check_references(session: duckdb.DuckDBPyConnection, request: Path) -> None:
    """Halt, naming the first few rows, if a request has no sound reference or two have the same."""
    requests = relation(request)
    fits = f"coalesce(regexp_full_match(request_ref, {text_literal(REFERENCE)}), FALSE)"
    ((unfit, distinct, count),) = session.execute(
        f"SELECT count(*) FILTER (WHERE NOT {fits}), count(DISTINCT request_ref), count(*) FROM {requests}"
    ).fetchall()
    if unfit:
        first = session.execute(
            f"SELECT row_no, request_ref FROM {requests} WHERE NOT {fits} ORDER BY row_no LIMIT {NAMED}"
        ).fetchall()
        named = ", ".join(f"row {row + 1:,} ({shown(text or '')})" for row, text in first)
        raise Halt(Code.REQUEST_REF_FORM, f"{_rows(unfit)} without a sound `request_ref`: {named}")
    if distinct != count:
        repeated = session.execute(
            f"SELECT request_ref, count(*) AS copies, min(row_no), arg_min(row_no, row_no, {NAMED}) "
            f"FROM {requests} GROUP BY request_ref HAVING copies > 1 ORDER BY min(row_no) LIMIT {NAMED}"
        ).fetchall()
        named = "; ".join(
            f"{shown(text)} in {copies:,} rows ({', '.join(f'{row + 1:,}' for row in first)}"
            f"{', …' if copies > NAMED else ''})"
            for text, copies, _, first in repeated
        )
        raise Halt(Code.REQUEST_REF_REPEATED, f"a `request_ref` stands on more than one row: {named}")


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"
