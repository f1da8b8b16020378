"""Lay out pairs of a request and a person for Splink: one row for each pair on either side.

Rules:
 * Both sides have the same columns: `pair`, which tells them apart, the forms compared, and how the address agrees.
 * Which pairs there are is settled before. Splink joins each row to its like, and finds no pair of its own.
"""

from __future__ import annotations

import duckdb

from narrowgate.second_opinion.settings import FORMS

GIVEN, HELD = "opinion_given", "opinion_held"
"""Two views: what requests give, and what the register holds."""


def lay_out(session: duckdb.DuckDBPyConnection, pairs: str, *, requests: str, people: str) -> None:
    """Make `opinion_pair` (pair, row_no, candidate, address) of the rows of `pairs`, and the two views of it.

    `requests` (row_no) and `people` (candidate) are relations with the columns of `FORMS`; `address` of `pairs` is one
    of `settings.ADDRESS`, or missing if the request gives none.
    """
    make = "CREATE OR REPLACE TEMP"
    for statement in (
        f"{make} TABLE opinion_found AS SELECT row_no, candidate, address FROM ({pairs})",
        f"{make} TABLE opinion_pair AS SELECT CAST(rowid AS INTEGER) AS pair, * FROM opinion_found",
        "DROP TABLE opinion_found",
        f"{make} VIEW {GIVEN} AS {_side(requests, 'row_no')}",
        f"{make} VIEW {HELD} AS {_side(people, 'candidate')}",
    ):
        session.execute(statement)


def clear_away(session: duckdb.DuckDBPyConnection) -> None:
    """Drop what `lay_out` made."""
    for statement in (f"DROP VIEW {GIVEN}", f"DROP VIEW {HELD}", "DROP TABLE opinion_pair"):
        session.execute(statement)


def _side(records: str, key: str) -> str:
    """A query for one row per pair with the forms of `records`."""
    return f"""SELECT p.pair, {", ".join(f"x.{form}" for form in FORMS)}, p.address
        FROM opinion_pair AS p JOIN {records} AS x USING ({key})"""
