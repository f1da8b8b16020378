"""What goes wrong when a hostile request is written, and the ways in which a right one may be written, as SQL.

Rules:
 * A miswriting changes what is said; a way of writing changes letters and says the same. A request has at most one of
   each.
 * A miswriting that finds nothing to change (no second surname, no nickname) is not said to have been made.
 * Nicknames are those that come with pseudopeople, spellings those of `name_variants`: no table of the gate is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.synth import noise
from narrowgate.synth.batch_plan import Form
from narrowgate.synth.sample import find_sample

MODES: Mapping[str, Mapping[str, int]] = {
    "slip": {"first name typo": 35, "last name typo": 40, "nickname": 15, "tin digit wrong": 10},
    "breaking": {
        "moved": 20, "birth day wrong": 10, "birth day and month swapped": 8, "birth year wrong": 6,
        "first name initial": 8, "first name middle name": 6, "names swapped": 8, "other last name": 8,
        "unit missing": 6, "unit wrong": 4, "house number off": 6, "zip wrong": 6, "suffix wrong": 4,
    },
    "surnames": {"second surname dropped": 50, "surnames swapped": 50},
    "spelling": {"other spelling": 100},
}  # fmt: skip
"""Of a hundred requests of a mode, how many are miswritten in which way."""

WAYS_OF_WRITING: Mapping[str, int] = {
    "lower case": 10, "upper case": 10, "street word in full": 16, "zip plus four": 12, "number sign": 8,
    "full stops": 8, "accents dropped": 6, "hyphen and space": 6,
}  # fmt: skip
"""Of a hundred requests, how many are written in which way; the others as the register writes them."""


def nickname_file() -> Path:
    """The nicknames of the installed pseudopeople; WrongUse if it is missing or another version."""
    return find_sample().folder.parent / "nicknames.csv"


def load(session: duckdb.DuckDBPyConnection) -> None:
    """Make the table nickname (name, nickname): of each name one that people who bear it are called by."""
    file = text_literal(str(nickname_file()))
    session.execute(f"""CREATE TEMP TABLE nickname AS
        SELECT upper(name[1]) || name[2:] AS name, min(upper(nickname_1[1]) || nickname_1[2:]) AS nickname
        FROM read_csv({file}, all_varchar = true, header = true) WHERE nickname_1 <> '' GROUP BY ALL""")


def miswritten(form: Form, meant: str) -> str:
    """The rows of the table `meant`, each with at most one thing misstated (`misstated`), and the `way` of writing."""
    chance = form.chance("misstated")
    cases = " ".join(f"WHEN {text_literal(mode)} THEN {noise.one_of(kinds, chance)}" for mode, kinds in MODES.items())
    changes = _changes(form)
    changed = ", ".join(f"{sql} AS {column}" for column, sql in changes.items())
    way = noise.one_of(WAYS_OF_WRITING, form.chance("way"))
    before = ", ".join(f"c.{column} AS was_{column}" for column in changes)
    differ = " OR ".join(f"{column} IS DISTINCT FROM was_{column}" for column in changes)
    return f"""SELECT * EXCLUDE ({", ".join(f"was_{column}" for column in changes)})
            REPLACE (CASE WHEN {differ} THEN misstated END AS misstated)
        FROM (SELECT c.* EXCLUDE (nickname, other_first, other_last) REPLACE ({changed}), {before}
            FROM (SELECT m.*, CASE noise_mode {cases} END AS misstated, {way} AS way, k.nickname,
                    f.other AS other_first, l.other AS other_last
                FROM {meant} m LEFT JOIN nickname k ON k.name = m.first_name
                    LEFT JOIN spelling f ON f.name = m.first_name LEFT JOIN spelling l ON l.name = m.last_name) c)"""


def _changes(form: Form) -> dict[str, str]:
    """Each column that a miswriting changes, as SQL over the columns of the same names and `misstated`."""
    chance = form.chance("how")
    number = f"(100 + {chance} % 9000)::VARCHAR"
    swapped = "regexp_replace(last_name, '^(.+?)([ -])([^ -]+)$', '\\3\\2\\1')"
    house = "nullif(regexp_extract(home.street, '^[0-9]{1,6}'), '')"
    off = f"({house}::INTEGER + 2)::VARCHAR || substr(home.street, length({house}) + 1)"
    of_day = "make_date(year(birth_date)::INTEGER, day(birth_date)::INTEGER, month(birth_date)::INTEGER)"
    return {
        "first_name": f"""CASE misstated WHEN 'first name typo' THEN {noise.typo("first_name", chance)}
            WHEN 'nickname' THEN coalesce(nickname, first_name) WHEN 'first name initial' THEN left(first_name, 1)
            WHEN 'first name middle name' THEN coalesce(middle_name, first_name) WHEN 'names swapped' THEN last_name
            WHEN 'other spelling' THEN CASE WHEN {chance} % 2 = 0 THEN coalesce(other_first, first_name)
                ELSE first_name END ELSE first_name END""",
        "last_name": f"""CASE misstated WHEN 'last name typo' THEN {noise.typo("last_name", chance)}
            WHEN 'names swapped' THEN first_name WHEN 'other last name' THEN first_name || 'son'
            WHEN 'second surname dropped' THEN regexp_extract(last_name, '^[^ -]+')
            WHEN 'surnames swapped' THEN {swapped}
            WHEN 'other spelling' THEN CASE WHEN {chance} % 2 = 0 AND other_first IS NOT NULL THEN last_name
                ELSE coalesce(other_last, last_name) END ELSE last_name END""",
        "name_suffix": "CASE misstated WHEN 'suffix wrong' THEN 'III' ELSE name_suffix END",
        "birth_date": f"""CASE misstated WHEN 'birth day wrong' THEN (birth_date - (1 + {chance} % 27)::INTEGER)::DATE
            WHEN 'birth year wrong' THEN (birth_date - INTERVAL 1 YEAR)::DATE
            WHEN 'birth day and month swapped' THEN CASE WHEN day(birth_date) < 13 THEN {of_day} ELSE birth_date END
            ELSE birth_date END""",
        "tin": f"CASE misstated WHEN 'tin digit wrong' THEN {noise.other_digit('tin', chance)} ELSE tin END",
        "home": f"""CASE misstated
            WHEN 'moved' THEN struct_update(home, street := {number} || ' ' || first_name || ' ST',
                unit := NULL::VARCHAR)
            WHEN 'unit missing' THEN struct_update(home, unit := NULL::VARCHAR)
            WHEN 'unit wrong' THEN struct_update(home, unit := 'APT ' || {number})
            WHEN 'house number off' THEN struct_update(home, street := coalesce({off}, home.street))
            WHEN 'zip wrong' THEN struct_update(home, zip := left(home.zip, 3) || right({number}, 2)) ELSE home END""",
    }


_FOUR = "(1000 + hash(n, 'four') % 9000)::VARCHAR"
_ACCENTED = ("first_name", "middle_name", "last_name")
_CASED = (*_ACCENTED, "street", "unit", "city")


def _way(column: str) -> str:
    """One column in the way that `way` names."""
    cases = ""
    if column in _CASED:
        cases += f"WHEN 'lower case' THEN lower({column}) WHEN 'upper case' THEN upper({column}) "
    if column in _ACCENTED:
        cases += f"WHEN 'accents dropped' THEN strip_accents({column}) "
    cases += {
        "last_name": "WHEN 'hyphen and space' THEN translate(last_name, ' -', '- ') ",
        "street": f"WHEN 'street word in full' THEN {noise.in_full('street')} WHEN 'full stops' THEN street || '.' ",
        "unit": "WHEN 'number sign' THEN regexp_replace(unit, '^[A-Z]+ ', '# ') ",
        "zip": f"WHEN 'zip plus four' THEN zip || '-' || {_FOUR} ",
    }.get(column, "")
    return f"CASE way {cases}ELSE {column} END AS {column}"


WAYS = ", ".join(_way(column) for column in (*_CASED, "zip"))
"""The columns that a way of writing changes, as a REPLACE list over the columns of a request and `way`."""
