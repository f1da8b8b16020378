"""Say whether the address that agrees is the last known one.

Rules:
 * Which address is last known the register's shelf says; here it is brought to form and compared.
 * Where none is known, whether the address is the last known one is missing, not false.
 * It is read for as few people as will do: before the decision only if a rule of evidence asks for it, after it only
   if a clause does, and for those who are owed an answer at release.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.engine.parquet import relation, write
from narrowgate.forms import keys
from narrowgate.forms.lines import look_up_tables, with_line
from narrowgate.matching.comparison import address_rank, same_place
from narrowgate.matching.tables import count


def in_forms(addresses: str, keep: str) -> str:
    """A query that brings `addresses` to their forms.

    Columns: those of `keep`, then zip5, town, line, unit, number.
    """
    placed = f"""(SELECT {keep}, street, unit, {keys.zip5("zip")} AS zip5,
                         {keys.town("city", "state")} AS town
                  FROM {addresses})"""
    return with_line(placed, f"{keep}, zip5, town")


def current(pairs: str) -> str:
    """A query for row_no, candidate and address_is_current of `pairs` (row_no, candidate, rank).

    Reads the tables `request`, `candidate` and `latest`, the last known addresses in their forms.
    """
    return f"""
    SELECT p.row_no, p.candidate,
           CASE WHEN coalesce(p.rank NOT IN (1, 2), TRUE) THEN FALSE
                WHEN l.person_id IS NULL THEN NULL
                ELSE {_agrees("r", "l", "p.rank")} END AS address_is_current
    FROM {pairs} AS p
    JOIN request AS r USING (row_no)
    JOIN candidate AS c USING (candidate)
    LEFT JOIN latest AS l ON l.person_id = c.person_id"""


def say_current(session: duckdb.DuckDBPyConnection, *, request: Path, match: Path, records: Path, out: Path) -> Path:
    """Add to each of `records` (row_no and the last known address) whether it is the one supplied: `is_current`.

    That is so only if the supplied address is confirmed and the two agree exactly. Writes to `out`.
    """
    for statement in look_up_tables():
        session.execute(statement)
    # Two table functions side by side of SEMI JOIN are read as something else (DuckDB 2.0.0): one stands in brackets.
    supplied = f"""(SELECT row_no, street, unit, city, state, zip
                    FROM {relation(request)} SEMI JOIN (SELECT row_no FROM {relation(records)}) USING (row_no))"""
    query = f"""
        SELECT k.row_no, coalesce(m.address_confirmed, FALSE) AND {_agrees("r", "l", "1")} AS is_current,
               k.street, k.unit, k.city, k.state, k.zip, k.as_of
        FROM {relation(records)} AS k
        JOIN {relation(match)} AS m USING (row_no)
        JOIN ({in_forms(supplied, "row_no")}) AS r USING (row_no)
        JOIN ({in_forms(relation(records), "row_no")}) AS l USING (row_no)
        ORDER BY k.row_no"""
    write(session, query, out, expect=count(session, relation(records)))
    return out


def _agrees(request: str, held: str, rank: str) -> str:
    """Whether two addresses are at one place and agree at `rank`."""
    return f"({same_place(request, held)} AND coalesce({address_rank(request, held)} = {rank}, FALSE))"
