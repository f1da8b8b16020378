"""Take in the requests that stand, and the keys by which people may be found for them.

Rules:
 * One row per request that stands, whatever its columns hold; a form that cannot be made is missing.
 * A request has a place for its ZIP code, and one for its city and state: the second serves only where the
   request, or the address in the register, has no ZIP code.
"""

from __future__ import annotations

import duckdb

from narrowgate.errors import Fault
from narrowgate.matching import normalise
from narrowgate.matching.lines import look_up_tables, with_line

BEGINS_WITH = "regexp_extract(street, '^[0-9]+')"
"""The digits that a street begins with, '' if with none."""

FIRST_NUMBER = "regexp_extract(street, '[0-9]+')"
"""The first digits in a street, '' if it has none: what it begins with, if it begins with digits."""

_KEPT = "row_no, birth_date, tin, first, middle, last, last_words, suffix, zip5, town, first_number, begins_with"

_PLACES = """
    SELECT row_no, CAST(zip5 AS INTEGER) AS zip, NULL AS town, FALSE AS zipless, first_number, begins_with,
           last_initials, first_initial
    FROM request WHERE line IS NOT NULL AND zip5 IS NOT NULL
    UNION ALL
    SELECT row_no, NULL, town, zip5 IS NULL, first_number, begins_with, last_initials, first_initial
    FROM request WHERE line IS NOT NULL AND town IS NOT NULL"""


def take(session: duckdb.DuckDBPyConnection, *, request: str, findings: str, expect: int) -> None:
    """Make the tables `request`, `place`, `request_place`, `request_tin` and `request_birth`.

    `request` and `findings` are relations, `expect` the number of requests that stand.
    """
    for statement in (*look_up_tables(), _request(request, findings)):
        session.execute(statement)
    (taken,) = session.execute("SELECT count(*) FROM request").fetchone() or (0,)
    if taken != expect:
        raise Fault(f"matching took {taken} requests where {expect} stand")
    for name, query in (
        ("place", f"""
            SELECT CAST(row_number() OVER () AS INTEGER) AS place, zip, town, zipless, first_number,
                   begins_with,
                   bit_or(last_initials) AS last_initials, bit_or(first_initial) AS first_initials
            FROM ({_PLACES}) GROUP BY zip, town, zipless, first_number, begins_with"""),
        ("request_place", f"""
            SELECT row_no, place, r.last_initials, r.first_initial
            FROM ({_PLACES}) AS r JOIN place AS p
            ON p.first_number = r.first_number AND p.begins_with = r.begins_with AND p.zipless = r.zipless
               AND coalesce(p.zip, -1) = coalesce(r.zip, -1)
               AND coalesce(p.town, '') = coalesce(r.town, '')"""),
        ("request_tin", """
            SELECT DISTINCT unnest([tin, tin[1:3] || '-' || tin[4:5] || '-' || tin[6:9]]) AS written
            FROM request WHERE tin IS NOT NULL"""),
        ("request_birth", """
            SELECT DISTINCT row_no, birth_date, left(unnest(string_split(last_words, ' ')), 2) AS beginning,
                            left(first, 1) AS initial
            FROM request WHERE birth_date IS NOT NULL AND last_words IS NOT NULL AND first IS NOT NULL"""),
    ):  # fmt: skip
        session.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")


def _request(request: str, findings: str) -> str:
    """The statement that makes `request`: each standing request in its forms."""
    raw = f"""(SELECT row_no, first_name, middle_name, last_name, name_suffix, birth_date, tin,
                      street, unit, city, state, zip
               FROM {request} SEMI JOIN (SELECT row_no FROM {findings} WHERE stands) USING (row_no))"""
    named = normalise.with_names(raw, "row_no, birth_date, tin, street, unit, city, state, zip")
    placed = f"""(SELECT row_no, birth_date, {normalise.tin("tin")} AS tin, first, middle, last, last_words,
                         suffix, street, unit, {normalise.zip5("zip")} AS zip5,
                         {normalise.town("city", "state")} AS town,
                         {FIRST_NUMBER} AS first_number, {BEGINS_WITH} AS begins_with
                  FROM ({named}))"""
    return f"""
    CREATE OR REPLACE TEMP TABLE request AS
    SELECT *, {normalise.initials("last_words")} AS last_initials,
           {normalise.initial("first")} AS first_initial
    FROM ({with_line(placed, _KEPT)})"""
