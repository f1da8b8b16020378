"""Find everybody in the register who might be the person a request asks about.

Rules:
 * A person is a candidate by any one of three keys: the taxpayer number; the birth date with the first two
   letters of a surname and the first of the first name; an address that agrees at some level with the one
   given, with the first or last letter of a surname and the first or last of the first name. Names that are near
   have one or the other in common: to be near without, they would need 14 letters. Nobody else at an address is
   looked at.
 * Hash tables are built on the requests and the register streams past them: once for its addresses, once for
   its persons. Only rows that meet a key are normalised.
 * A key that too many people share makes every request that has it crowded: it comes to a possible match at
   most. A candidate is never left out silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from narrowgate.matching import normalise, places
from narrowgate.matching.tables import make, make_numbered
from narrowgate.register.protocol import Register

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
    place: int = 20_000


def find(session: duckdb.DuckDBPyConnection, register: Register, limits: Limits, lap: Callable[[str], None]) -> None:
    """Make the tables of candidates, from those that `requests.take` made.

    `candidate` has the persons in their forms, `crowded` the requests (row_no) with a key that too many share, `pair`
    (row_no, candidate, rank) who is compared with whom, and how well the best address agrees.
    """
    places.find(session, register, lap)
    make_numbered(session, "met", "candidate", _met(register))
    make(session, "candidate", _CANDIDATES)
    session.execute("DROP TABLE met")
    lap("register's persons")
    make(session, "crowded", _crowded(limits))
    make(session, "pair", _PAIRS)
    lap("pairs")


def _met(register: Register) -> str:
    """The persons who meet a key, as the register has them."""
    columns = ", ".join((*_PERSON, *_NAMES))
    return f"""
        SELECT {", ".join(f"p.{column}" for column in (*_PERSON, *_NAMES))}
        FROM (SELECT {columns}, {_beginning("last_name")} AS beginning, {_first_letter("first_name")} AS initial,
                     {_plain_ends("last_name")} AS last_ends, {_plain_ends("first_name")} AS first_ends
              FROM {register.person}) AS p
        LEFT JOIN request_tin AS t ON t.written = p.tin
        LEFT JOIN (SELECT DISTINCT birth_date, beginning, initial FROM request_birth) AS b
            ON b.birth_date = p.birth_date AND b.beginning = p.beginning AND b.initial = p.initial
        LEFT JOIN ({_ASKED_FOR_AT_HOME}) AS h ON h.person_id = p.person_id
        -- One case after the other, so that what costs something is worked out only for those still open. What letters
        -- a name of several words has is seen in its form: whoever lives there under one is taken along.
        WHERE CASE
            WHEN t.written IS NOT NULL OR b.birth_date IS NOT NULL THEN TRUE
            WHEN h.person_id IS NULL THEN FALSE
            WHEN h.last_ends & p.last_ends <> 0 AND h.first_ends & p.first_ends <> 0 THEN TRUE
            ELSE NOT ({_one_word("p.last_name")} AND {_one_word("p.first_name")})
            END"""


_ASKED_FOR_AT_HOME = """
    SELECT h.person_id, bit_or(a.last_ends) AS last_ends, bit_or(a.first_ends) AS first_ends
    FROM home AS h
    JOIN (SELECT l.spelling, bit_or(r.last_ends) AS last_ends, bit_or(r.first_ends) AS first_ends
          FROM likeness AS l JOIN request AS r USING (row_no) GROUP BY l.spelling) AS a USING (spelling)
    GROUP BY h.person_id"""
"""The letters that requests at the addresses of each person ask for."""

_CANDIDATES = f"""
    SELECT * REPLACE ({normalise.tin("tin")} AS tin), {normalise.ends("last_words")} AS last_ends,
           {normalise.ends("first")} AS first_ends
    FROM ({normalise.with_names("met", ", ".join(("candidate", *_PERSON)))})"""
"""They again, with names and number in their forms."""


def _beginning(column: str) -> str:
    """The first two letters of a last name, as in its form unless its second letter stands behind a space."""
    plain = f"upper(substring({column}, 1, 2))"
    marked = f"upper(strip_accents(left_grapheme(replace(replace({column}, '''', ''), '’', ''), 2)))"
    return f"CASE WHEN {_plain(column)} THEN {plain} ELSE {marked} END"


def _first_letter(column: str) -> str:
    plain, marked = f"upper(substring({column}, 1, 1))", f"upper(strip_accents(left_grapheme({column}, 1)))"
    return f"CASE WHEN {_plain(column)} THEN {plain} ELSE {marked} END"


def _plain_ends(column: str) -> str:
    """The letters at the ends of a name, right if it is of one plain word."""
    return normalise.letters(f"upper(substring({column}, 1, 1))", f"upper(substring({column}, -1, 1))")


def _plain(column: str) -> str:
    """Whether a text has one byte a letter and no apostrophe: cheap to say of every row."""
    return f"strlen({column}) = length({column}) AND NOT contains({column}, '''')"


def _one_word(column: str) -> str:
    """Whether a name is of nothing but plain letters, so that its ends say all."""
    return f"regexp_full_match({column}, '[A-Za-z]+')"


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
        SELECT row_no FROM likeness JOIN spelled USING (spelling) SEMI JOIN
            (SELECT place FROM (FROM home SEMI JOIN
                 (SELECT place FROM home GROUP BY place HAVING count(*) > {int(limits.place)}) USING (place))
             GROUP BY place HAVING count(DISTINCT person_id) > {int(limits.place)})
            USING (place)"""


_PAIRS = """
    SELECT row_no, candidate, min(rank) AS rank
    FROM (
        SELECT r.row_no, c.candidate, CAST(NULL AS TINYINT) AS rank, TRUE AS has_key
        FROM request AS r ANTI JOIN crowded USING (row_no) JOIN candidate AS c USING (tin)
        UNION ALL
        SELECT r.row_no, c.candidate, NULL, TRUE
        FROM request_birth AS r ANTI JOIN crowded USING (row_no)
        JOIN candidate AS c ON c.birth_date = r.birth_date AND left(c.last, 2) = r.beginning
                            AND left(c.first, 1) = r.initial
        UNION ALL
        SELECT l.row_no, h.candidate, l.rank,
               h.last_ends & r.last_ends <> 0 AND h.first_ends & r.first_ends <> 0
        FROM likeness AS l ANTI JOIN crowded USING (row_no)
        JOIN request AS r USING (row_no)
        JOIN (SELECT DISTINCT h.spelling, c.candidate, c.last_ends, c.first_ends
              FROM home AS h JOIN candidate AS c USING (person_id)) AS h USING (spelling)
    )
    GROUP BY row_no, candidate
    HAVING bool_or(has_key)"""
"""Every request that is not crowded, with each of its candidates.

Whoever lives there without those letters in common is in it for the level of the address alone, and only if another
key finds them.
"""
