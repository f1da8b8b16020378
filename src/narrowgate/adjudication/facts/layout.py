"""The form of a row: its layout errors, and how many rows of the batch are the same but for their
reference.
"""

from __future__ import annotations

import duckdb

from narrowgate.terms.batch import REQUEST_COLUMNS
from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "layout_errors",
        Type.INTEGER,
        Reads.REQUEST,
        "Values that do not have their column's form.",
        unit="values",
    ),
    Fact(
        "copies_in_batch",
        Type.INTEGER,
        Reads.REQUEST,
        "Rows that are the same in everything but `request_ref`, itself included; 1 is sound.",
        unit="rows",
    ),
)


_TELLING = ("first_name", "last_name", "birth_date", "tin", "street", "matter_id", "order_case_no")


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Count the copies of every row; returns the temporary table (row_no, copies_in_batch) of copied rows.

    Few rows share the hash of the telling columns; those are compared in full, so that no collision counts.
    """
    columns = ", ".join(name for name in REQUEST_COLUMNS if name != "request_ref")
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE row_hash AS
        SELECT row_no, hash({", ".join(_TELLING)}) AS digest FROM {request}
        """
    )
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE copied AS
        SELECT row_no, count(*) OVER (PARTITION BY {columns}) AS copies_in_batch
        FROM {request}
        WHERE row_no IN (
            SELECT row_no FROM row_hash
            WHERE digest IN (SELECT digest FROM row_hash GROUP BY digest HAVING count(*) > 1))
        """
    )
    session.execute("DROP TABLE row_hash")
    return "copied"
