"""Take in the requests that stand, and the keys by which people may be found for them.

Rules:
 * One row per request that stands, whatever its columns hold; a form that cannot be made is missing.
"""

from __future__ import annotations

import duckdb

from narrowgate.errors import Fault
from narrowgate.forms import keys, names, variants
from narrowgate.forms.lines import look_up_tables, with_line
from narrowgate.matching.search import BirthKey
from narrowgate.matching.tables import count, make

_KEPT = "row_no, birth_date, tin, first, middle, last, last_words, suffix, zip5, town, first_number"


def take(session: duckdb.DuckDBPyConnection, *, request: str, standing: str, birth: BirthKey) -> None:
    """Make the tables `request`, `request_tin`, `request_birth`, `request_named` and `request_born`.

    `request` is the relation of all, `standing` a query for the `row_no` of those to be taken. A table of keys that
    `birth` does not ask for is empty.
    """
    for statement in (*look_up_tables(), variants.look_up_table()):
        session.execute(statement)
    make(session, "request", _request(request, standing))
    taken, expect = count(session, "request"), count(session, f"({standing})")
    if taken != expect:
        raise Fault(f"matching took {taken} requests where {expect} stand")
    make(session, "request_tin", """
        SELECT DISTINCT unnest([tin, tin[1:3] || '-' || tin[4:5] || '-' || tin[6:9]]) AS written
        FROM request WHERE tin IS NOT NULL""")  # fmt: skip
    make(session, "request_birth", f"""
        SELECT DISTINCT row_no, birth_date, left(unnest(string_split(last_words || ' ' || last, ' ')), 2) AS beginning,
                        left(first, 1) AS initial
        FROM request WHERE {birth in (BirthKey.NAMED, BirthKey.LETTERS)} AND {_BORN}""")  # fmt: skip
    make(session, "request_named", f"""
        SELECT row_no, birth_date, last, first FROM request
        WHERE {birth is BirthKey.NAMED} AND {_BORN}""")  # fmt: skip
    make(session, "request_born", f"""
        SELECT row_no, birth_date FROM request
        WHERE {birth is BirthKey.DATE} AND birth_date IS NOT NULL""")  # fmt: skip


_BORN = "birth_date IS NOT NULL AND last IS NOT NULL AND first IS NOT NULL"


def _request(request: str, standing: str) -> str:
    """A query for each standing request in its forms."""
    raw = f"""(SELECT row_no, first_name, middle_name, last_name, name_suffix, birth_date, tin,
                      street, unit, city, state, zip
               FROM {request} SEMI JOIN ({standing}) USING (row_no))"""
    named = names.with_names(raw, "row_no, birth_date, tin, street, unit, city, state, zip")
    placed = f"""(SELECT row_no, birth_date, {keys.tin("tin")} AS tin, first, middle, last, last_words,
                         suffix, street, unit, {keys.zip5("zip")} AS zip5,
                         {keys.town("city", "state")} AS town, {keys.FIRST_NUMBER} AS first_number
                  FROM ({named}))"""
    return f"""
    SELECT r.*, {keys.ends("last_words")} AS last_ends, {keys.ends("first")} | coalesce(v.ends, 0) AS first_ends
    FROM ({with_line(placed, _KEPT)}) AS r
    LEFT JOIN (SELECT name, bit_or({keys.ends("other")}) AS ends FROM first_name_variant GROUP BY name) AS v
        ON v.name = r.first"""
