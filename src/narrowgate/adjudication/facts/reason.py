"""The reason a request gives (26 USC 6103(i)(2)(B)(iv)): its length, and how many requests give the same.

Rules:
 * Here reasons are the same if they are so to the letter. What is the same but for case, numbers and names is for
   `reason_template` to count, what is nearly the same for `reason_near`.
 * White space and invisible marks are not counted as length: blanks do not make a reason longer.
 * Equal texts are found by a 64-bit digest: two of a million that differ by chance have the same with a probability
   below 1e-7, and one that was made to collide only raises a count, to the requester's own harm.
"""

from __future__ import annotations

import duckdb

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "reason_length",
        Type.INTEGER,
        Reads.REQUEST,
        "Characters of the reason, white space not counted; 0 if missing.",
        unit="characters",
    ),
    Fact(
        "reason_copies",
        Type.INTEGER,
        Reads.REQUEST,
        "How many requests of the batch give this reason to the letter, itself included; 0 if missing.",
        unit="rows",
    ),
    Fact(
        "reason_template_copies",
        Type.INTEGER,
        Reads.REQUEST,
        "How many give it once case, order of words, and what is particular to each request are taken out of all.",
        unit="rows",
    ),
    Fact(
        "reason_near_copies",
        Type.INTEGER,
        Reads.REQUEST,
        "The same, with those counted in that were found to have seven tenths of the words in common with it.",
        unit="rows",
    ),
)


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Measure and count; returns the temporary table (row_no, reason_length, reason_copies) of reasons given."""
    # Of white space in plain text intake lets pass the blank alone.
    dense = "replace(reason, ' ', '')"
    other = "regexp_replace(reason, '[\\s\\pZ\\p{Cf}]+', '', 'g')"
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_digest AS
        SELECT row_no, length(CASE WHEN strlen(reason) = length(reason) THEN {dense} ELSE {other} END) AS reason_length,
               hash(reason) AS digest
        FROM {request} WHERE reason IS NOT NULL
        """
    )
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE reason_fact AS
        SELECT row_no, reason_length, coalesce(copies, 1) AS reason_copies FROM reason_digest
        LEFT JOIN (SELECT digest, count(*) AS copies FROM reason_digest GROUP BY digest HAVING count(*) > 1)
        USING (digest)
        """
    )
    session.execute("DROP TABLE reason_digest")
    return "reason_fact"
