"""Facts of the matter: the one proceeding or investigation a request is made in (26 USC 6103(i)(2)(A))."""

from __future__ import annotations

import duckdb

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "matter_named",
        Type.BOOLEAN,
        Reads.REQUEST,
        "The request names a matter, and not by a word that stands for none.",
    ),
    # As written: a kind that no clause accepts is a value too, so the list of values is open.
    Fact("matter_kind", Type.TEXT, Reads.REQUEST, "What kind of matter the request says it is."),
    Fact(
        "matter_age_days",
        Type.INTEGER,
        Reads.REQUEST,
        "Days from the opening of the matter to the request; negative if it was opened later.",
        unit="days",
    ),
    Fact(
        "matter_requests",
        Type.INTEGER,
        Reads.REQUEST,
        "Requests of the batch that name the same matter, itself included; 0 if it names none.",
        unit="requests",
    ),
)

_NONE = "(?i)(?:N ?/? ?A|NONE|NULL|NIL|UNK|UNKNOWN|TB[ACD]|PENDING|VARIOUS|MULTIPLE|TEST|X+|[-0. /?]+)"
COLUMNS = {
    "matter_named": f"matter_id IS NOT NULL AND NOT regexp_full_match(matter_id, '{_NONE}')",
    "matter_kind": "matter_kind",
    "matter_age_days": "CAST(requested_on - matter_opened_on AS BIGINT)",
    "matter_requests": "CASE WHEN matter_id IS NULL THEN 0 ELSE coalesce(matter_requests, 1) END",
}


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Count the requests of each matter; returns the temporary table (row_no, matter_requests) of shared ones."""
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matter_fact AS
        WITH named AS (
            SELECT row_no, upper(replace(matter_id, ' ', '')) AS matter FROM {request} WHERE matter_id IS NOT NULL)
        SELECT row_no, matter_requests FROM named
        JOIN (SELECT matter, count(*) AS matter_requests FROM named GROUP BY matter HAVING count(*) > 1)
        USING (matter)
        """
    )
    return "matter_fact"
