"""Every level of every pair is what the stated measure says, also at its edges."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import duckdb
import pytest

from narrowgate.forms import variants
from narrowgate.matching.comparison import FIRST_NAME_NEAR, LAST_NAME_NEAR, LEVELS, VOCABULARY, comparisons
from tests.matching.model import level, near_dates, similarity

WORDS = ("GARCIA", "LOPEZ", "DE", "LA", "Y", "X")
PARTICLES = ("DE", "LA", "Y")
NAMES = [*WORDS, *map(" ".join, product(WORDS, repeat=2)), *map(" ".join, product(WORDS[:4], repeat=3)), None]
SPELLINGS = ["".join(letters) for size in (4, 5, 6, 7) for letters in product("AB", repeat=size)]
"""Among them many pairs that are exactly as similar as the bounds say, 0.90 and 0.92."""


def _session(given: Iterable[Any], held: Iterable[Any], form: str) -> duckdb.DuckDBPyConnection:
    """Each of `given` beside each of `held` as tables of matching; `form` has the columns of a person with `x`."""
    session = duckdb.connect()
    session.execute(variants.look_up_table())
    for table, number, values in (("request", "row_no", given), ("candidate", "candidate", held)):
        session.execute(f"CREATE TABLE {table}_x AS SELECT unnest($values) AS x", {"values": list(values)})
        session.execute(f"CREATE TABLE {table} AS SELECT rowid AS {number}, x, {form} FROM {table}_x")
    session.execute(
        "CREATE TABLE pair AS SELECT row_no, candidate, CAST(NULL AS TINYINT) AS rank FROM request, candidate"
    )
    return session


def _form(**given: str) -> str:
    """The columns that comparing reads, missing but for those `given`."""
    columns = ("tin", "first", "middle", "last", "last_words", "suffix", "line", "zip5", "town")
    dates = ("birth_date", "deceased_on")
    texts = [f"CAST({given.get(column, 'NULL')} AS VARCHAR) AS {column}" for column in columns]
    return ", ".join([*texts, *(f"CAST({given.get(column, 'NULL')} AS DATE) AS {column}" for column in dates)])


def _levels(session: duckdb.DuckDBPyConnection, fact: str) -> list[tuple[Any, Any, str]]:
    """What is given and held of each pair, and the level of `fact`."""
    return session.execute(f"""
        SELECT r.x, c.x, CAST(l.{fact} AS VARCHAR) FROM ({comparisons("pair", current=None)}) AS l
        JOIN request AS r USING (row_no) JOIN candidate AS c USING (candidate)""").fetchall()  # fmt: skip


def _surnames(name: str) -> set[str]:
    return {word for word in name.split() if len(word) > 1 and word not in PARTICLES}


def _last_name(left: str | None, right: str | None) -> str:
    """Of two last names, by sets of their words."""

    def near(one: str, other: str) -> bool:
        a, b = _surnames(str(left)), _surnames(str(right))
        several = " " in f"{left}{right}"
        return similarity(one, other) >= LAST_NAME_NEAR or (several and bool(a and b) and (a <= b or b <= a))

    return level(left and _solid(left), right and _solid(right), near)


def _solid(name: str) -> str:
    return name.replace(" ", "")


def test_of_several_words_those_count_that_can_be_a_surname() -> None:
    session = _session(NAMES, NAMES, _form(last="replace(x, ' ', '')", last_words="x"))
    found = _levels(session, "last_name")
    assert len(found) == len(NAMES) ** 2
    assert [row for row in found if row[2] != _last_name(row[0], row[1])] == []
    by_words = [one for one in found if one[2] == "near" and similarity(*map(_solid, one[:2])) < LAST_NAME_NEAR]
    assert len(by_words) > 100


@pytest.mark.parametrize(
    ("fact", "columns", "bound"),
    [
        ("first_name", {"first": "x"}, FIRST_NAME_NEAR),
        ("last_name", {"last": "x", "last_words": "x"}, LAST_NAME_NEAR),
    ],
)
def test_no_pair_as_similar_as_stated_is_given_up(fact: str, columns: dict[str, str], bound: float) -> None:
    session = _session(SPELLINGS, SPELLINGS, _form(**columns))
    near = {(given, held) for given, held, found in _levels(session, fact) if found == "near"}
    measured = session.execute(f"""
        SELECT r.x, c.x, jaro_winkler_similarity(r.x, c.x) AS measure FROM request AS r, candidate AS c
        WHERE measure >= {bound} AND r.x <> c.x""").fetchall()  # fmt: skip
    assert near == {(given, held) for given, held, _ in measured}
    assert len([one for one in measured if one[2] == bound]) > 10


def test_a_date_is_near_by_one_slip_or_with_day_and_month_swapped() -> None:
    chance = random.Random(7)
    days = [date(1980, 2, 3) + timedelta(days=chance.randrange(-900, 9000)) for _ in range(60)]
    edges = [
        date(year, month, day) for year in (1980, 1981, 1908) for month in (1, 2, 10, 11, 12) for day in (1, 2, 11, 20)
    ]
    held = [*days, *edges, None]
    found = _levels(_session(held, held, _form(birth_date="x")), "birth_date")

    def expected(left: date | None, right: date | None) -> str:
        return "unheld" if left is not None and right is None else level(left, right, near_dates)

    assert [row for row in found if row[2] != expected(row[0], row[1])] == []
    assert {row[2] for row in found} == {"exact", "near", "differs", "missing", "unheld"}


def test_every_level_has_one_type_which_knows_all_that_rules_may_name() -> None:
    session = _session(["A"], ["A"], _form())
    types = dict(
        session.execute(
            f"SELECT column_name, column_type FROM (DESCRIBE {comparisons('pair', current=None)})"
        ).fetchall()
    )
    named = {name: fact for name, fact in VOCABULARY.items() if fact.values}
    assert {types[name] for name in named} == {f"ENUM({', '.join(map(repr, LEVELS))})"}
    assert {value for fact in named.values() for value in fact.values} == set(LEVELS)


@pytest.mark.parametrize(("rank", "expected"), [(1, "exact"), (2, "near"), (3, "building"), (None, "differs")])
def test_an_address_has_the_level_of_its_rank(rank: int | None, expected: str) -> None:
    session = _session(["1 OAK ST", None], ["A"], _form(line="x", zip5="'98103'"))
    session.execute("UPDATE pair SET rank = $rank", {"rank": rank})
    assert {(given, found) for given, _, found in _levels(session, "address")} == {
        ("1 OAK ST", expected),
        (None, "missing"),
    }
