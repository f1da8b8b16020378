"""Tables of the session, in which all of matching happens."""

from __future__ import annotations

import duckdb


def make(session: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Make `table` of the rows of `query`, in place of one of that name."""
    session.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")


def make_numbered(session: duckdb.DuckDBPyConnection, table: str, number: str, query: str) -> None:
    """Make `table` of the rows of `query` with a column `number` in front that tells them apart."""
    # In two steps: a window over the query itself would leave all of it to one thread.
    make(session, "unnumbered", query)
    make(session, table, f"SELECT CAST(rowid AS INTEGER) AS {number}, * FROM unnumbered")
    session.execute("DROP TABLE unnumbered")


def count(session: duckdb.DuckDBPyConnection, rows: str) -> int:
    """How many there are of `rows`, as they stand in a FROM clause."""
    answer = session.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(answer[0]) if answer else 0


def any_rows(session: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether there are any such rows."""
    return session.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone() is not None
