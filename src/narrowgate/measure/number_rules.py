"""How others decide by a number or by a name and an address: one SQL join each, on the same rows.

Rules:
 * More than one person who satisfies the rule is no decision. That guard none of them is known to have is given to all.
 * Texts are compared without case, accents, blanks and punctuation, so that nobody loses by the way a name is typed.
   Street words are compared as they stand: an address is exact or it is not.
 * `tin`: the number alone. `tin-name-control`: the number and the first four letters of the last name, as TIN matching
   of the Internal Revenue Service compares them and as the path by number of 2025 is taken to have done.
   `tin-ssa`: the number, a name by the tolerances of the Social Security Administration's verification, and the year of
   birth, or its month within a year of it, where both sides have one. `name-address`: both names and the address, at
   any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.verdict import Verdict, all_requests, one_person_each, write_verdict


@dataclass(frozen=True)
class NumberRule:
    """One rule: a join of `asked` (as `a`) with `person` (as `p`), perhaps over `home` (as `h`)."""

    title: str
    how: str
    joined: str
    needs_number: bool = True


_CONTROL = "left(a.last, 4) = left(p.last, 4)"
_INITIAL = "left(a.first, 1) = left(p.first, 1)"
_SSA_NAME = f"""(left(a.last, 7) = left(p.last, 7) AND {_INITIAL}
    OR {_CONTROL} AND left(a.first, 4) = left(p.first, 4)
    OR levenshtein(left(a.last, 7), left(p.last, 7)) <= 1 AND {_INITIAL})"""
_SSA_BORN = """coalesce(year(a.born) = year(p.born)
    OR month(a.born) = month(p.born) AND abs(year(a.born) - year(p.born)) <= 1, TRUE)"""
_BY_NUMBER = "asked AS a JOIN person AS p USING (tin)"

RULES: Mapping[str, NumberRule] = {
    "tin": NumberRule("number only", "the taxpayer number is equal", _BY_NUMBER),
    "tin-name-control": NumberRule(
        "number + four letters of the last name",
        "the taxpayer number and four letters of the last name are equal (TIN matching; the practice of 2025)",
        f"{_BY_NUMBER} WHERE {_CONTROL}",
    ),
    "tin-ssa": NumberRule(
        "number + name as the SSA compares it",
        "the taxpayer number is equal, name and birth date are within the tolerances of the Social Security "
        "Administration's verification",
        f"{_BY_NUMBER} WHERE {_SSA_NAME} AND {_SSA_BORN}",
    ),
    "name-address": NumberRule(
        "name + exact address",
        "both names and an address that was ever the person's are equal",
        "asked AS a JOIN home AS h USING (line, zip5) JOIN person AS p USING (person_id) "
        "WHERE a.first = p.first AND a.last = p.last",
        needs_number=False,
    ),
}


def decide(data: DataSet, say: Callable[[str], None]) -> list[Verdict]:
    """What each rule decides of `data`; those by number are left out where no request has one."""
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        prepare(session, data)
        numbered = session.execute("SELECT count(tin) FROM asked").fetchall()[0][0] > 0
        found = []
        for name, rule in RULES.items():
            if numbered or not rule.needs_number:
                say(rule.title)
                pairs = f"(SELECT DISTINCT a.row_no, p.person_id FROM {rule.joined})"
                file = write_verdict(session, data, name, one_person_each(all_requests(data), pairs), rows=data.rows)
                found.append(Verdict(name, rule.title, rule.how, file))
    return found


def prepare(session: duckdb.DuckDBPyConnection, data: DataSet) -> None:
    """Make `asked` and `person` (row_no or person_id, tin, first, last, born) and `home` (person_id, line, zip5).

    `asked` has line and zip5 too. `home` has the addresses at which some request asks for somebody, `person` who has
    a number that is asked for or is in `home`: nobody else can satisfy a rule.
    """
    session.execute(f"CREATE TEMP TABLE asked AS {asked(data)}")
    session.execute(f"""CREATE TEMP TABLE home AS
        SELECT DISTINCT person_id, line, zip5 FROM ({homes(data)}) SEMI JOIN asked USING (line, zip5)""")
    session.execute(f"""CREATE TEMP TABLE person AS FROM ({people(data)})
        WHERE tin IN (SELECT tin FROM asked) OR person_id IN (SELECT person_id FROM home)""")


def asked(data: DataSet) -> str:
    """A query for each request in plain forms: row_no, tin, first, last, born, line, zip5."""
    return f"SELECT row_no, {_named()}, {_address()} FROM {relation(data.request)}"


def people(data: DataSet) -> str:
    """A query for everybody in the register in plain forms: person_id, tin, first, last, born."""
    return f"SELECT person_id, {_named()} FROM {data.register.person}"


def homes(data: DataSet) -> str:
    """A query for every address of everybody in plain forms: person_id, line, zip5. One may come more than once."""
    return f"SELECT person_id, {_address()} FROM {data.register.address}"


def plain(column: str) -> str:
    """Capital letters and digits of a text, without accents; missing if there are none."""
    return f"nullif(regexp_replace(upper(strip_accents({column})), '[^A-Z0-9]', '', 'g'), '')"


def _named() -> str:
    return f"""{_digits("tin")} AS tin, {plain("first_name")} AS first, {plain("last_name")} AS last,
        birth_date AS born"""


def _address() -> str:
    """Columns line and zip5 of an address: street and unit as one text, missing without a street, and the ZIP code."""
    line = plain("concat_ws(' ', street, unit)")
    return f"CASE WHEN street IS NOT NULL THEN {line} END AS line, nullif(left(zip, 5), '') AS zip5"


def _digits(column: str) -> str:
    return f"nullif(regexp_replace({column}, '[^0-9]', '', 'g'), '')"
