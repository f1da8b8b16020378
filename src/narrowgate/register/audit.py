"""Look through a register for what its specification says cannot be, before a batch meets it.

Rules:
 * Every row is looked at, by a few queries over columns; a finding is a table, a column and how many, never a value.
 * What a batch would stop at is looked for, and what would silently make somebody not be found.
 * That two people use one number is how records are. It is nobody's fault, and none of the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from narrowgate.engine.literal import literal
from narrowgate.forms import keys
from narrowgate.register.parquet import ParquetRegister
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS


@dataclass(frozen=True)
class Finding:
    """What is amiss with a column of a table, and how often."""

    table: str
    column: str
    what: str
    count: int

    @property
    def line(self) -> str:
        return f"`{self.table}`, `{self.column}`: {self.count:,} {self.what}"


@dataclass(frozen=True)
class Audit:
    """How many rows the tables have and of which kinds (table and kind, how many), and what is amiss."""

    people: int
    addresses: int
    kinds: Mapping[str, int]
    findings: tuple[Finding, ...]


def audit(session: duckdb.DuckDBPyConnection, register: ParquetRegister) -> Audit:
    """Look through all of `register`, in a session that can read its folder."""
    findings = [
        *_amiss(session, "person", register.person, _of_person(register)),
        *_between(session, register),
        *_amiss(session, "address", register.address, _of_address(register)),
    ]
    return Audit(
        people=_count(session, register.person),
        addresses=_count(session, register.address),
        kinds=_kinds(session, register),
        findings=tuple(findings),
    )


_Checks = Mapping[tuple[str, str], str]
"""For a column and what is amiss with it: the condition under which it is."""


def _of_person(register: ParquetRegister) -> _Checks:
    return {
        ("person_id", "people without an id"): "person_id IS NULL",
        ("person_id", "people whose id is an empty text"): "trim(person_id) = ''",
        ("tin", "empty texts; a number that is not known is missing"): "trim(tin) = ''",
        ("tin", "values that are not nine digits, with or without dashes"):
            f"trim(tin) <> '' AND ({keys.tin('tin')}) IS NULL",
        ("tin_type", "values that are neither `SSN` nor `ITIN`"): "tin_type NOT IN ('SSN', 'ITIN')",
        ("birth_date", "days after the register's own"): f"birth_date > {literal(register.as_of)}",
        ("deceased_on", "days before the birth date"): "deceased_on < birth_date",
        ("joint_with", "people joint with themselves"): "joint_with = person_id",
        **_spaced(PERSON_COLUMNS),
    }  # fmt: skip


def _of_address(register: ParquetRegister) -> _Checks:
    return {
        ("person_id", "addresses without a person"): "person_id IS NULL",
        ("zip", "values that are not of five or nine digits"): f"zip <> '' AND ({keys.zip5('zip')}) IS NULL",
        ("source", "values other than `return`, `notice` and `ncoa`, which never count as last known"):
            "source NOT IN ('return', 'notice', 'ncoa')",
        ("source", "missing values, which never count as last known"): "source IS NULL",
        ("tax_period", "returns without a tax period"): "source = 'return' AND tax_period IS NULL",
        ("effective_on", "days after the register's own"): f"effective_on > {literal(register.as_of)}",
        **_spaced(ADDRESS_COLUMNS),
    }  # fmt: skip


def _spaced(columns: Mapping[str, str]) -> _Checks:
    texts = [column for column, type_ in columns.items() if type_ == "VARCHAR"]
    # What begins or ends with white space of any kind; a text of nothing else does both.
    what = "texts with white space around them"
    return {(column, what): f"regexp_matches({column}, '^[\\s\\p{{Z}}]|[\\s\\p{{Z}}]$')" for column in texts}


def _amiss(session: duckdb.DuckDBPyConnection, table: str, rows: str, checks: _Checks) -> Iterator[Finding]:
    """What of `checks` is found in `rows`, in one reading."""
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in checks.values())
    (counts,) = session.execute(f"SELECT {counted} FROM {rows}").fetchall()
    for (column, what), count in zip(checks, counts, strict=True):
        if count:
            yield Finding(table, column, what, count)


def _between(session: duckdb.DuckDBPyConnection, register: ParquetRegister) -> Iterator[Finding]:
    """What is amiss between rows: ids that several people have, and rows that point to nobody."""
    people = f"(SELECT person_id FROM {register.person} WHERE person_id IS NOT NULL)"
    for table, column, what, query in (
        ("person", "person_id", "ids that several people have; a batch that meets one stops",
         f"SELECT person_id FROM {people} GROUP BY person_id HAVING count(*) > 1"),
        ("person", "joint_with", "people joint with somebody who is not there",
         f"SELECT joint_with FROM {register.person} AS p ANTI JOIN {people} AS o ON o.person_id = p.joint_with "
         "WHERE joint_with IS NOT NULL"),
        ("address", "person_id", "addresses of nobody",
         f"SELECT person_id FROM {register.address} AS a ANTI JOIN {people} AS o USING (person_id) "
         "WHERE person_id IS NOT NULL"),
    ):  # fmt: skip
        if count := _count(session, f"({query})"):
            yield Finding(table, column, what, count)


def _kinds(session: duckdb.DuckDBPyConnection, register: ParquetRegister) -> dict[str, int]:
    """How many people have each type of number, and how many addresses are from each source."""
    rows = session.execute(f"""
        SELECT 'people with ' || coalesce(tin_type, 'no type of number') AS kind, count(*)
        FROM {register.person} WHERE tin_type IS NULL OR tin_type IN ('SSN', 'ITIN') GROUP BY kind
        UNION ALL
        SELECT 'addresses from ' || coalesce(source, 'no source'), count(*)
        FROM {register.address} WHERE source IS NULL OR source IN ('return', 'notice', 'ncoa') GROUP BY ALL
        UNION ALL
        SELECT 'people with a day of death', count(*) FROM {register.person} WHERE deceased_on IS NOT NULL
        UNION ALL
        SELECT 'addresses without a day of effect', count(*) FROM {register.address} WHERE effective_on IS NULL
        ORDER BY ALL""").fetchall()
    return dict(rows)


def _count(session: duckdb.DuckDBPyConnection, rows: str) -> int:
    ((count,),) = session.execute(f"SELECT count(*) FROM {rows}").fetchall()
    return int(count)
