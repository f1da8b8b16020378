"""Find who is or was at an address that requests give, and how well its house agrees.

Rules:
 * The register's addresses stream past once. What lies at the place of some request is kept: its ZIP code (city
   and state where one side lacks it) and the first number of its street.
 * Each spelling of a street and unit at a place is brought to its form once, however many people had it. A house is a
   street line at a place: it is compared once with each request there, and not again for each of its units.
 * A house that agrees at no level is put aside with those who lived there.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from narrowgate.forms.lines import with_line
from narrowgate.matching.comparison import line_agrees
from narrowgate.matching.tables import make, make_numbered
from narrowgate.register.protocol import Register


def find(session: duckdb.DuckDBPyConnection, register: Register, lap: Callable[[str], None]) -> None:
    """Make, from `request`, the tables of who lived where requests say.

    `house` (house, place, line, number: what the line begins with), `request_house` (row_no, house, same: whether its
    line is the request's to the letter, or near it) and `home` (person_id, house, unit).
    """
    _places(session)
    make(session, "found", f"FROM {register.addresses_at(session, 'place')}")
    lap("register's addresses")
    make_numbered(session, "spelled", "spelling", "SELECT DISTINCT place, street, unit FROM found")
    make(session, "lined", with_line("spelled", "spelling, place"))
    make_numbered(session, "house", "house", "SELECT DISTINCT place, line, number FROM lined WHERE line IS NOT NULL")
    make(session, "request_house", _AGREEING)
    make(session, "agreed", _AGREED)
    for table in ("spelled", "lined", "place", "request_place"):
        session.execute(f"DROP TABLE {table}")
    make(session, "home", _HOME)
    for table in ("found", "agreed"):
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


_AGREEING = f"""
    SELECT row_no, house, same
    FROM (SELECT l.row_no, h.house, r.line = h.line AS same, {line_agrees("r", "h")} AS agrees
          FROM request_place AS l
          JOIN request AS r USING (row_no)
          JOIN house AS h USING (place))
    WHERE agrees"""
"""The houses at the place of each request that agree with what it gives, to the letter or nearly."""

_AGREED = """
    SELECT s.place, s.street, s.unit AS spelled_unit, h.house, l.unit
    FROM lined AS l
    JOIN (FROM house SEMI JOIN request_house USING (house)) AS h ON h.place = l.place AND h.line = l.line
    JOIN spelled AS s USING (spelling)"""
"""The spellings of the houses that some request agrees with, with the unit in its form."""

_HOME = """
    SELECT f.person_id, a.house, a.unit
    FROM found AS f
    JOIN agreed AS a ON a.place = f.place AND a.street = f.street AND a.spelled_unit IS NOT DISTINCT FROM f.unit"""
"""Who lived in a house that some request agrees with, and in which unit, as often as the register says so."""
