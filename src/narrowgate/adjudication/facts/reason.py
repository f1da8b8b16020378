"""The reason a request gives (26 USC 6103(i)(2)(B)(iv)): its length, and how many requests give the same.

Rules:
 * Reasons are the same if they are after case, white space and digits are masked: a date or a number filled into a
   template does not make a reason specific.
 * Equal masks are found by a 128-bit digest (MD5): two masks that differ by chance collide with probability below 1e-25
   in a batch of ten million, and one that was made to collide only lowers the requester's own chance.
"""

from __future__ import annotations

import duckdb

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "reason_length",
        Type.INTEGER,
        Reads.REQUEST,
        "Characters of the reason after runs of white space count as one; 0 if missing.",
        unit="characters",
    ),
    Fact(
        "reason_copies",
        Type.INTEGER,
        Reads.REQUEST,
        "How many requests of the batch give this reason, digits masked, itself included; 0 if missing.",
        unit="rows",
    ),
)

MASK = "regexp_replace(lower(reason), '[\\s\\d]+', ' ', 'g')"
LENGTH = "CASE WHEN reason IS NULL THEN 0 ELSE length(regexp_replace(reason, '\\s+', ' ', 'g')) END"


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Count the requests of every mask; returns the temporary table (row_no, reason_copies)."""
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_mask AS
        SELECT row_no, md5_number({MASK}) AS mask FROM {request} WHERE reason IS NOT NULL
        """
    )
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE reason_fact AS
        SELECT row_no, copies AS reason_copies FROM reason_mask
        JOIN (SELECT mask, count(*) AS copies FROM reason_mask GROUP BY mask) USING (mask)
        """
    )
    session.execute("DROP TABLE reason_mask")
    return "reason_fact"
