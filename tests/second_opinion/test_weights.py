"""Splink's weight of a pair is the sum of what the model says, by an arithmetic that shares nothing with Splink."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from narrowgate.engine.session import open_session
from narrowgate.second_opinion.explanation import explanations
from narrowgate.second_opinion.model import MISSING, shipped
from narrowgate.second_opinion.opinion import opinions

OTHERWISE = 10_000
"""By how much the number of a candidate differs from that of the request."""
Pair = tuple[Any, Any, int]
"""What a request gives, what the register holds, and the number of the level at which they compare."""

CASES: Mapping[str, tuple[Pair, ...]] = {
    "tin": (
        ("900700001", "900700001", 2), ("900700001", "900700002", 1), ("900700012", "900700021", 0),
        ("900700001", "123456789", 0), (None, "900700001", MISSING), (None, None, MISSING),
    ),
    "first": (
        ("ALMA", "ALMA", 3), ("A", "ALMA", 2), ("ALMA", "A", 2), ("B", "ALMA", 0), ("JONATHAN", "JONATHON", 1),
        ("ALMA", "PETRA", 0), ("ALMA", None, MISSING),
    ),
    "middle": (("R", "R", 1), ("ROSE", "R", 1), ("R", "T", 0), (None, "R", MISSING)),
    "last": (
        ("QUINTERO", "QUINTERO", 3), ("GARCIALOPEZ", "GARCIA", 2), ("LOPEZ", "GARCIALOPEZ", 2), ("LI", "LIN", 1),
        ("LI", "LOPEZ", 0), ("QUINTERO", "QUINTEROS", 2), ("MARTINEZ", "MARTINES", 1), ("QUINTERO", "STONE", 0),
        (None, "STONE", MISSING),
    ),
    "suffix": (("JR", "JR", 1), ("JR", "SR", 0), (None, "JR", MISSING)),
    "birth_date": (
        (date(1984, 5, 17), date(1984, 5, 17), 3), (date(1984, 5, 17), date(1984, 5, 18), 2),
        (date(1984, 5, 17), date(1985, 5, 17), 2), (date(1984, 5, 17), date(1984, 9, 30), 1),
        (date(1984, 5, 7), date(1984, 7, 5), 1), (date(1984, 5, 17), date(1950, 5, 1), 0),
        (None, date(1984, 5, 17), MISSING),
    ),
    "address": (("exact", "exact", 2), ("house", "house", 1), ("elsewhere", "elsewhere", 0), (None, None, MISSING)),
}  # fmt: skip


def pairs() -> Iterator[dict[str, Pair]]:
    """Each case once, and a thousand put together at random."""
    for field, cases in CASES.items():
        for case in cases:
            yield {other: rest[0] for other, rest in CASES.items()} | {field: case}
    draw = random.Random(20251125)
    for _ in range(1_000):
        yield {field: draw.choice(cases) for field, cases in CASES.items()}


@pytest.fixture(scope="module")
def laid_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Pair]]]]:
    """A locked-down session with the pairs as records of either side."""
    wanted = list(pairs())
    with open_session(directories=(), temp_directory=tmp_path_factory.mktemp("spill")) as session:
        for table, key, side in (("asked", "row_no", 0), ("people", "candidate", 1)):
            rows = [
                {key: number + side * OTHERWISE, **{field: case[side] for field, case in pair.items()}}
                for number, pair in enumerate(wanted)
            ]
            given = pa.Table.from_pylist(rows)
            session.register("given", given)
            session.execute(f"CREATE TEMP TABLE {table} AS FROM given")
            session.unregister("given")
        session.execute(
            f"CREATE TEMP TABLE met AS SELECT row_no, row_no + {OTHERWISE} AS candidate, address FROM asked"
        )
        yield session, wanted


def test_a_weight_is_the_sum_of_what_the_model_says_of_each_level(
    laid_out: tuple[duckdb.DuckDBPyConnection, list[dict[str, Pair]]],
) -> None:
    session, wanted = laid_out
    opinions(session, shipped(), "FROM met", requests="asked", people="people")
    found = session.execute("SELECT row_no, candidate, weight FROM opinion ORDER BY row_no").fetchall()
    expected = [
        (number, number + OTHERWISE, round(1000 * shipped().weight({field: case[2] for field, case in pair.items()})))
        for number, pair in enumerate(wanted)
    ]
    assert found == expected


def test_an_explanation_has_the_values_the_levels_and_the_same_sum(
    laid_out: tuple[duckdb.DuckDBPyConnection, list[dict[str, Pair]]],
) -> None:
    session, wanted = laid_out
    some = explanations(session, shipped(), "SELECT * FROM met WHERE row_no < 60", requests="asked", people="people")
    assert [(one.row_no, one.candidate) for one in some] == [(number, number + OTHERWISE) for number in range(60)]
    for one, pair in zip(some, wanted, strict=False):
        assert abs(one.total - one.start - sum(field.weight for field in one.fields)) < 1e-9
        for field, comparison in zip(one.fields, shipped().comparisons, strict=True):
            given, held, level = pair[field.field]
            assert (field.level, field.weight) == (comparison.at(level).label, comparison.at(level).weight)
            if field.field != "address":
                assert (field.given, field.held) == tuple(None if v is None else str(v) for v in (given, held))


def test_nothing_of_splink_is_left_in_the_session(
    laid_out: tuple[duckdb.DuckDBPyConnection, list[dict[str, Pair]]],
) -> None:
    session, _ = laid_out
    opinions(session, shipped(), "FROM met", requests="asked", people="people")
    left = session.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
    assert left == [("asked",), ("met",), ("opinion",), ("people",)]
    assert session.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []
