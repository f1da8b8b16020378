"""Find who is or was at an address that requests give, and say how well the two addresses agree.

Rules:
 * The register's addresses stream past once. What lies at the place of some request is kept: its ZIP code (city
   and state where one side lacks it) and the first number of its street.
 * Each spelling of a street and unit at a place is brought to its form once, however many people had it, and is
   compared once with each request there. An address that agrees at no level is put aside with those who had it.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from narrowgate.forms.lines import with_line
from narrowgate.matching.comparison import address_rank
from narrowgate.matching.tables import make, make_numbered
from narrowgate.register.protocol import Register


def find(session: duckdb.DuckDBPyConnection, register: Register, lap: Callable[[str], None]) -> None:
    """Make, from `request`, the tables of who lived where requests say.

    `likeness` (row_no, spelling, rank: how well an address as the register spells it agrees,
    `comparison.address_rank`), `spelled` (spelling, place, street, unit) and `home` (person_id, spelling, place).
    """
    _places(session)
    make(session, "found", f"FROM {register.addresses_at(session, 'place')}")
    lap("register's addresses")
    make_numbered(session, "spelled", "spelling", "SELECT DISTINCT place, street, unit FROM found")
    make(session, "lined", with_line("spelled", "spelling, place"))
    make(session, "likeness", _likeness())
    make(session, "home", _HOME)
    for table in ("found", "lined", "place", "request_place"):
        session.execute(f"DROP TABLE {table}")
    lap("addresses compared")


def _places(session: duckdb.DuckDBPyConnection) -> None:
    """Make `place` (place, area, number, kind) and `request_place`.

    A request with a ZIP code has a place of kind `zip` and one of kind `unzipped`, for addresses of its town that have
    no ZIP code. One without has a place of kind `town`, for every address there.
    """
    make(session, "asked_place", """
        SELECT row_no, zip5 AS area, first_number AS number, 'zip' AS kind
        FROM request WHERE line IS NOT NULL AND zip5 IS NOT NULL
        UNION ALL
        SELECT row_no, town, first_number, CASE WHEN zip5 IS NULL THEN 'town' ELSE 'unzipped' END
        FROM request WHERE line IS NOT NULL AND town IS NOT NULL""")  # fmt: skip
    make_numbered(session, "place", "place", "SELECT DISTINCT area, number, kind FROM asked_place")
    make(session, "request_place", "SELECT row_no, place FROM asked_place JOIN place USING (area, number, kind)")
    session.execute("DROP TABLE asked_place")


def _likeness() -> str:
    """The spellings at the place of each request that agree with what it gives, and how well."""
    return f"""
    SELECT row_no, spelling, CAST(rank AS TINYINT) AS rank
    FROM (SELECT row_no, h.spelling, {address_rank("r", "h")} AS rank
          FROM request_place AS l
          JOIN request AS r USING (row_no)
          JOIN lined AS h USING (place))
    WHERE rank IS NOT NULL"""


_HOME = """
    SELECT f.person_id, s.spelling, s.place
    FROM found AS f
    JOIN (FROM spelled SEMI JOIN likeness USING (spelling)) AS s
        ON s.place = f.place AND s.street = f.street AND s.unit IS NOT DISTINCT FROM f.unit"""
