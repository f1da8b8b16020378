"""How many requests share a reason once what is particular to each is taken out (`reason_said`)."""

from __future__ import annotations

import duckdb


def prepare(session: duckdb.DuckDBPyConnection, said: str) -> str:
    """Count; returns the temporary table (row_no, text, reason_template_copies) of the reasons in `said`.

    `text` is the first request that says it.
    """
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_template_fact AS
        SELECT row_no, text, reason_template_copies FROM {said}
        JOIN (SELECT digest, min(row_no) AS text, count(*) AS reason_template_copies FROM {said} GROUP BY digest)
        USING (digest)
        """
    )
    return "reason_template_fact"
