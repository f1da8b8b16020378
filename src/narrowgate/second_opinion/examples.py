"""Bring a simulated register and a batch about it to the tables that the model is trained on.

Rules:
 * The truth of the batch is not among them and is never opened.
 * Pairs are found by three keys, each of which two people may share: the number; the birth date and the last name; an
   address and the first name. What each field weighs is learnt from pairs that another key has found.
 * A request is numbered by its reference and a person by the id, so that the same files give the same tables.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import relation
from narrowgate.forms import keys, names
from narrowgate.forms.lines import look_up_tables, with_line
from narrowgate.register.parquet import ParquetRegister
from narrowgate.second_opinion.settings import ADDRESS

_EXACT, _HOUSE, _ELSEWHERE = (text_literal(level) for level in ADDRESS)
_AT_EXACTLY = "h.line = a.line AND h.place = a.place AND h.unit IS NOT DISTINCT FROM a.unit"


def take(session: duckdb.DuckDBPyConnection, register: ParquetRegister, requests: Path) -> None:
    """Make `asked` (row_no), `people` (candidate) and `home` (person_id, line, unit, place), all in their forms."""
    for statement in look_up_tables():
        session.execute(statement)
    raw = f"(SELECT * REPLACE (TRY_CAST(birth_date AS DATE) AS birth_date) FROM {relation(requests)})"
    named = "request_ref, tin, birth_date, first_name, middle_name, last_name, name_suffix"
    lined = "request_ref, tin, birth_date, line, unit, place"
    _numbered(session, "asked", "row_no", names.with_names(f"({_placed(raw, named)})", lined), by="request_ref")
    _numbered(session, "people", "candidate",
        names.with_names(register.person, "person_id, tin, birth_date"), by="person_id")  # fmt: skip
    session.execute(f"""CREATE OR REPLACE TEMP TABLE home AS SELECT DISTINCT person_id, line, unit, place
        FROM ({_placed(register.address, "person_id")}) WHERE line IS NOT NULL AND place IS NOT NULL""")


def pairs() -> str:
    """A query for the pairs that a key has found: row_no, candidate, address."""
    return f"""
    SELECT row_no, candidate,
           CASE WHEN any_value(a.line) IS NULL OR any_value(a.place) IS NULL THEN NULL
                WHEN bool_or({_AT_EXACTLY}) THEN {_EXACT}
                WHEN bool_or(h.line = a.line) THEN {_HOUSE} ELSE {_ELSEWHERE} END AS address
    FROM (SELECT row_no, candidate FROM asked JOIN people USING (tin)
          UNION SELECT row_no, candidate FROM asked JOIN people USING (birth_date, last)
          UNION SELECT row_no, candidate FROM asked AS a JOIN home AS h ON {_AT_EXACTLY}
                JOIN people AS p ON p.person_id = h.person_id AND p.first = a.first)
    JOIN asked AS a USING (row_no)
    JOIN people AS p USING (candidate)
    LEFT JOIN home AS h ON h.person_id = p.person_id AND h.place = a.place
    GROUP BY row_no, candidate
    ORDER BY row_no, candidate"""


def address_by_chance(session: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """How often, of all pairs of a request and a person, the person is or was at that address, or in that house."""
    ((exact, house, all_),) = session.execute(f"""
        SELECT sum(exact), sum(house), count(*) * (SELECT count(*) FROM people)
        FROM (SELECT a.row_no, count(DISTINCT h.person_id) FILTER ({_AT_EXACTLY}) AS exact,
                     count(DISTINCT h.person_id) AS house
              FROM asked AS a LEFT JOIN home AS h USING (line, place)
              WHERE a.line IS NOT NULL AND a.place IS NOT NULL GROUP BY a.row_no)""").fetchall()
    at, around = exact / all_, (house - exact) / all_
    return dict(zip(ADDRESS, (at, around, 1 - at - around), strict=True))


def _placed(source: str, keep: str) -> str:
    """`keep` of `source` with line and unit in their forms, and the ZIP code or else the town as `place`."""
    place = f"coalesce({keys.zip5('zip')}, {keys.town('city', 'state')}) AS place"
    return with_line(f"(SELECT {keep}, street, unit, {place} FROM {source})", f"{keep}, place")


def _numbered(session: duckdb.DuckDBPyConnection, table: str, number: str, query: str, *, by: str) -> None:
    session.execute(f"""CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT row_number() OVER (ORDER BY {by}) AS {number}, * REPLACE ({keys.tin("tin")} AS tin) FROM ({query})""")
