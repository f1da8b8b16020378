"""Find everybody in the register who might be the person a request asks about.

Rules:
 * A person is a candidate by any one of three keys: the taxpayer number; the birth date with both names, with the first
   two letters of a surname and the first of the first name, or by itself; an address that agrees at some level with the
   one given, with the first or last letter of a surname and the first or last of the first name, or by itself. `search`
   says which. Names that are near have one letter or the other in common: to be near without, they would need 14.
   Nobody else at an address is looked at.
 * Hash tables are built on the requests and the register streams past them: once for its addresses, once for
   its persons. Only rows that meet a key are normalised.
 * A key that too many people share makes every request that has it crowded: it comes to a possible match at
   most. A candidate is never left out silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from narrowgate.errors import Fault
from narrowgate.forms import keys, names
from narrowgate.matching import places
from narrowgate.matching.comparison import rank_of_house
from narrowgate.matching.search import BirthKey, HomeKey
from narrowgate.matching.tables import make, make_numbered
from narrowgate.register.protocol import Register
from narrowgate.register.questions import Keys


@dataclass(frozen=True)
class Limits:
    """How many people may share one key before it says nothing about who somebody is.

    They keep a number that thousands use, or a placeholder that a register holds for everybody, from costing
    requests times people. They measure no likeness: a request with such a key goes to a person.
    """

    tin: int = 200
    birth: int = 2_000
    place: int = 20_000


def find(
    session: duckdb.DuckDBPyConnection,
    register: Register,
    limits: Limits,
    lap: Callable[[str], None],
    *,
    birth: BirthKey,
    home: HomeKey,
) -> None:
    """Make the tables of candidates, from those that `requests.take` made.

    `candidate` has the persons in their forms, `crowded` the requests (row_no) with a key that too many share, `pair`
    (row_no, candidate, rank) who is compared with whom, and how well the best address agrees.
    """
    places.find(session, register, lap)
    asked = Keys(
        tin="request_tin",
        birth="request_birth",
        home=_ASKED_FOR_AT_HOME[home],
        named="request_named" if birth is BirthKey.NAMED else None,
        born="request_born" if birth is BirthKey.DATE else None,
    )
    make_numbered(session, "met", "candidate", f"FROM {register.people_met(session, asked)}")
    _each_once(session, register)
    make(session, "candidate", _CANDIDATES)
    session.execute("DROP TABLE met")
    lap("register's persons")
    make(session, "crowded", _crowded(limits, _SHARING[birth]))
    make(session, "resident", _RESIDENTS)
    make(session, "keyed", _keyed(_SHARING[birth], home))
    make(session, "pair", _PAIRS)
    for table in ("resident", "keyed", "home"):
        session.execute(f"DROP TABLE {table}")
    lap("pairs")


_ASKED_FOR_AT_HOME = {
    HomeKey.ENDS: """(
        SELECT h.person_id, a.last_ends, a.first_ends
        FROM home AS h
        JOIN (SELECT q.house, bit_or(r.last_ends) AS last_ends, bit_or(r.first_ends) AS first_ends
              FROM request_house AS q JOIN request AS r USING (row_no) GROUP BY q.house) AS a USING (house))""",
    HomeKey.ANYBODY: """(
        SELECT person_id, CAST(NULL AS BIGINT) AS last_ends, CAST(NULL AS BIGINT) AS first_ends FROM home)""",
}
"""The people at the addresses of requests, and the letters that are asked for there; missing for anybody."""

_KEPT = "candidate, person_id, tin, birth_date, impairment, identity_theft, deceased_on"
_CANDIDATES = f"""
    SELECT * REPLACE ({keys.tin("tin")} AS tin), {keys.ends("last_words")} AS last_ends,
           {keys.ends("first")} AS first_ends
    FROM ({names.with_names("met", _KEPT)})"""
"""They again, with names and number in their forms."""


def _each_once(session: duckdb.DuckDBPyConnection, register: Register) -> None:
    """Stop if an id of somebody who was met is another's too: whose record would it be?"""
    twice = session.execute("""
        SELECT person_id, count(*) FROM met WHERE person_id IS NOT NULL
        GROUP BY person_id HAVING count(*) > 1 ORDER BY person_id LIMIT 1""").fetchone()  # fmt: skip
    if twice is not None:
        raise Fault(
            f"register `{register.name}` has `{twice[1]}` persons with the id `{twice[0]}`",
            "records were looked up; nothing was disclosed",
        )


@dataclass(frozen=True)
class _BirthKeys:
    """The table of requests with their birth keys, the columns of a key, and the same of a candidate `c`."""

    requests: str
    columns: str
    of_candidate: str


_NAMED = _BirthKeys("request_named", "birth_date, last, first", "c.birth_date, c.last, c.first")
_LETTERS = _BirthKeys(
    "request_birth", "birth_date, beginning, initial", "c.birth_date, left(c.last, 2), left(c.first, 1)"
)
_DATE = _BirthKeys("request_born", "birth_date", "c.birth_date")
_SHARING = {
    BirthKey.NONE: _LETTERS,  # the table is empty
    BirthKey.NAMED: _NAMED,
    BirthKey.LETTERS: _LETTERS,
    BirthKey.DATE: _DATE,
}


def _crowded(limits: Limits, birth: _BirthKeys) -> str:
    """The requests that have a key which more people share than `limits` allow."""
    return f"""
        SELECT row_no FROM request SEMI JOIN
            (SELECT tin FROM candidate GROUP BY tin HAVING count(*) > {int(limits.tin)}) USING (tin)
        UNION
        SELECT row_no FROM {birth.requests} SEMI JOIN
            (SELECT {birth.of_candidate} FROM candidate AS c GROUP BY ALL HAVING count(*) > {int(limits.birth)})
            AS k ({birth.columns}) USING ({birth.columns})
        UNION
        SELECT row_no FROM request_house JOIN house USING (house) SEMI JOIN
            (SELECT place FROM home JOIN house USING (house)
             GROUP BY place HAVING count(DISTINCT person_id) > {int(limits.place)})
            USING (place)"""


_AT_HOME = {
    HomeKey.ENDS: "h.last_ends & r.last_ends <> 0 AND h.first_ends & r.first_ends <> 0",
    HomeKey.ANYBODY: "TRUE",
}
"""Whether somebody who lived in a house that agrees has the key of the address."""


def _keyed(birth: _BirthKeys, home: HomeKey) -> str:
    """Every request that is not crowded, with everybody who has one of its keys; perhaps more than once."""
    return f"""
    SELECT r.row_no, c.candidate
    FROM request AS r ANTI JOIN crowded USING (row_no) JOIN candidate AS c USING (tin)
    UNION ALL
    SELECT r.row_no, c.candidate
    FROM {birth.requests} AS r ANTI JOIN crowded USING (row_no)
    JOIN (SELECT c.candidate, {birth.of_candidate} FROM candidate AS c) AS c (candidate, {birth.columns})
        USING ({birth.columns})
    UNION ALL
    SELECT q.row_no, h.candidate
    FROM request_house AS q ANTI JOIN crowded USING (row_no)
    JOIN request AS r USING (row_no)
    JOIN resident AS h USING (house)
    WHERE {_AT_HOME[home]}"""


_RESIDENTS = """
    SELECT h.house, h.unit, c.candidate, c.last_ends, c.first_ends
    FROM home AS h JOIN candidate AS c USING (person_id)"""
"""The candidates who lived in a house that was asked about, with their letters."""

_PAIRS = f"""
    SELECT k.row_no, k.candidate, a.rank
    FROM (SELECT DISTINCT row_no, candidate FROM keyed) AS k
    LEFT JOIN (
        SELECT k.row_no, k.candidate, CAST(min({rank_of_house("q.same", "r.unit", "h.unit")}) AS TINYINT) AS rank
        FROM keyed AS k
        JOIN resident AS h USING (candidate)
        JOIN request_house AS q ON q.row_no = k.row_no AND q.house = h.house
        JOIN request AS r ON r.row_no = k.row_no
        GROUP BY k.row_no, k.candidate) AS a USING (row_no, candidate)"""
"""Who is compared with whom, and how well the best address agrees, whichever key they were found by."""
