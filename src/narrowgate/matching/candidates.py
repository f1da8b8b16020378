"""Find everybody in the register who might be the person a request asks about.

Rules:
 * A person is a candidate by any one of three keys: the taxpayer number; the birth date with the first two
   letters of a surname and the first of the first name; the place with a first letter of either name. A place
   is the ZIP code (city and state where one lacks it) and the first number of the street.
 * Hash tables are built on the requests and the register streams past them: once for its addresses, once for
   its persons. Only rows that meet a key are normalised.
 * A key that too many people share makes every request that has it crowded: it comes to a possible match at
   most. A candidate is never left out silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from narrowgate.matching import normalise
from narrowgate.matching.lines import with_line
from narrowgate.matching.requests import BEGINS_WITH, FIRST_NUMBER
from narrowgate.register.protocol import Register

_ZIP = "TRY_CAST(left(zip, 5) AS INTEGER)"
_ZIPLESS = f"({normalise.zip5('zip')}) IS NULL"
_BEGINNING = "upper(strip_accents(left_grapheme(replace(replace(last_name, '''', ''), '’', ''), 2)))"
_INITIAL = "upper(strip_accents(left_grapheme(first_name, 1)))"
_PERSON = ("person_id", "tin", "birth_date", "impairment", "identity_theft", "deceased_on")
_NAMES = ("first_name", "middle_name", "last_name", "name_suffix")


@dataclass(frozen=True)
class Limits:
    """How many people may share one key before it says nothing about who somebody is.

    They keep a number that thousands use, or a placeholder that a register holds for everybody, from costing
    requests times people. They measure no likeness: a request with such a key goes to a person.
    """

    tin: int = 200
    birth: int = 2_000
    place: int = 5_000


def find(session: duckdb.DuckDBPyConnection, register: Register, limits: Limits, lap: Callable[[str], None]) -> None:
    """Make the tables of candidates, from those that `requests.take` made.

    `candidate` has the persons in their forms, `held` their addresses at places of requests, `crowded` the
    requests (row_no) with a key that too many share, `pair` (row_no, candidate) who is compared with whom.
    """
    _create(session, "found", _addresses(session, register))
    lap("register's addresses")
    _create(session, "candidate", _persons(register))
    lap("register's persons")
    _create(session, "held", _held())
    session.execute("DROP TABLE found")
    _create(session, "crowded", _crowded(limits))
    _create(session, "pair", _pairs())
    lap("pairs")


def _create(session: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    session.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")


def _addresses(session: duckdb.DuckDBPyConnection, register: Register) -> str:
    """Rows of the register's addresses that lie at a place of a request."""
    # Only what a street begins with is worked out for every row: looking at its beginning is cheap.
    by_zip = f"""
        SELECT p.place, a.person_id, a.street, a.unit, a.zip, NULL AS city, NULL AS state
        FROM (SELECT person_id, street, unit, zip, zip_number, begins_with,
                     CASE WHEN begins_with <> '' THEN begins_with ELSE {FIRST_NUMBER} END AS first_number
              FROM (SELECT person_id, street, unit, zip, {_ZIP} AS zip_number, {BEGINS_WITH} AS begins_with
                    FROM {register.address})
              SEMI JOIN (SELECT DISTINCT zip AS zip_number, begins_with FROM place)
              USING (zip_number, begins_with)) AS a
        JOIN place AS p ON p.zip = a.zip_number AND p.first_number = a.first_number
                       AND p.begins_with = a.begins_with"""
    asked = _any(session, "place WHERE zipless")
    if not asked and not _any(session, f"{register.address} WHERE {_ZIPLESS}"):
        return by_zip
    # Where every request has a ZIP code, only addresses without one are looked for by their town.
    some = "" if asked else f"WHERE {_ZIPLESS}"
    by_town = f"""
        SELECT p.place, a.person_id, a.street, a.unit, a.zip, a.city, a.state
        FROM (SELECT person_id, street, unit, zip, city, state, {normalise.town("city", "state")} AS town,
                     {FIRST_NUMBER} AS first_number
              FROM {register.address} {some}) AS a
        JOIN place AS p ON p.town = a.town AND p.first_number = a.first_number
        WHERE p.zipless OR {normalise.zip5("a.zip")} IS NULL"""
    return f"{by_zip} UNION ALL {by_town}"


def _any(session: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether there are any such rows."""
    (found,) = session.execute(f"SELECT count(*) > 0 FROM {rows}").fetchone() or (False,)
    return bool(found)


def _persons(register: Register) -> str:
    """The persons who meet a key, numbered, with names and number in their forms."""
    by_place = """
        SELECT f.person_id, bit_or(p.last_initials) AS last_initials,
               bit_or(p.first_initials) AS first_initials
        FROM found AS f JOIN place AS p USING (place) GROUP BY f.person_id"""
    last, first = normalise.words("p.last_name"), normalise.words("p.first_name")
    met = f"""
        SELECT {", ".join(f"p.{column}" for column in (*_PERSON, *_NAMES))}
        FROM (SELECT {", ".join((*_PERSON, *_NAMES))}, {_BEGINNING} AS beginning, {_INITIAL} AS initial
              FROM {register.person}) AS p
        LEFT JOIN request_tin AS t ON t.written = p.tin
        LEFT JOIN (SELECT DISTINCT birth_date, beginning, initial FROM request_birth) AS b
            ON b.birth_date = p.birth_date AND b.beginning = p.beginning AND b.initial = p.initial
        LEFT JOIN ({by_place}) AS h ON h.person_id = p.person_id
        WHERE t.written IS NOT NULL OR b.birth_date IS NOT NULL
           OR h.last_initials & {normalise.initial("p.beginning")} <> 0
           OR h.first_initials & {normalise.initial("p.initial")} <> 0
           -- Other words of a name, and letters that are not plain, are looked at only where there are any.
           OR (h.person_id IS NOT NULL AND NOT regexp_full_match(p.last_name, '[A-Za-z]+')
               AND h.last_initials & {normalise.initials(last)} <> 0)
           OR (h.person_id IS NOT NULL AND NOT regexp_full_match(p.first_name, '[A-Za-z]+')
               AND h.first_initials & {normalise.initial(first)} <> 0)"""
    return f"""
        SELECT CAST(row_number() OVER () AS INTEGER) AS candidate,
               * REPLACE ({normalise.tin("tin")} AS tin),
               {normalise.initials("last_words")} AS last_initials,
               {normalise.initial("first")} AS first_initial
        FROM ({normalise.with_names(f"({met})", ", ".join(_PERSON))})"""


def _held() -> str:
    """The addresses of candidates at places of requests, in their forms."""
    raw = """(SELECT DISTINCT c.candidate, f.place, f.street, f.unit, f.zip, f.city, f.state
              FROM found AS f JOIN candidate AS c USING (person_id))"""
    placed = f"""(SELECT candidate, place, street, unit, {normalise.zip5("zip")} AS zip5,
                         {normalise.town("city", "state")} AS town
                  FROM {raw})"""
    return with_line(placed, "candidate, place, zip5, town")


def _crowded(limits: Limits) -> str:
    """The requests that have a key which more people share than `limits` allow."""
    return f"""
        SELECT row_no FROM request SEMI JOIN
            (SELECT tin FROM candidate GROUP BY tin HAVING count(*) > {int(limits.tin)}) USING (tin)
        UNION
        SELECT row_no FROM request_birth SEMI JOIN
            (SELECT birth_date, left(last, 2) AS beginning, left(first, 1) AS initial
             FROM candidate GROUP BY ALL HAVING count(*) > {int(limits.birth)})
            USING (birth_date, beginning, initial)
        UNION
        SELECT row_no FROM request_place SEMI JOIN
            (SELECT place FROM held GROUP BY place HAVING count(DISTINCT candidate) > {int(limits.place)})
            USING (place)"""


def _pairs() -> str:
    """Every request that is not crowded, with each of its candidates."""
    return """
        SELECT r.row_no, c.candidate
        FROM request AS r ANTI JOIN crowded USING (row_no) JOIN candidate AS c USING (tin)
        UNION
        SELECT r.row_no, c.candidate
        FROM request_birth AS r ANTI JOIN crowded USING (row_no)
        JOIN candidate AS c ON c.birth_date = r.birth_date AND left(c.last, 2) = r.beginning
                            AND left(c.first, 1) = r.initial
        UNION
        SELECT r.row_no, h.candidate
        FROM request_place AS r ANTI JOIN crowded USING (row_no)
        JOIN (SELECT DISTINCT candidate, place, last_initials, first_initial
              FROM held JOIN candidate USING (candidate)) AS h
            ON h.place = r.place
               AND (h.last_initials & r.last_initials <> 0 OR h.first_initial & r.first_initial <> 0)"""
