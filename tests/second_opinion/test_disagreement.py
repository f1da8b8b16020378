"""The second opinion acts downwards only, whatever it weighs."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.second_opinion.disagreement import SECOND_OPINION, referred
from narrowgate.second_opinion.opinion import EVEN

DECISION = pa.schema([
    ("row_no", pa.int64()), ("candidate", pa.int32()), ("agreeing", pa.int32()), ("confirmed", pa.bool_()),
    ("match_outcome", pa.string()), ("match_rule", pa.string()),
])  # fmt: skip
OPINION = pa.schema([("row_no", pa.int64()), ("candidate", pa.int32()), ("weight", pa.int32())])

Decision = dict[str, object]
Opinion = dict[str, int]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def hear(engine: duckdb.DuckDBPyConnection, decisions: list[Decision], said: list[Opinion]) -> list[Decision]:
    """The decisions as the second opinion leaves them."""
    for name, rows, schema in (("decision", decisions, DECISION), ("opinion", said, OPINION)):
        engine.register(name, pa.Table.from_pylist(rows, schema))
    left: list[Decision] = engine.sql(f"{referred('decision', 'opinion')} ORDER BY row_no").to_arrow_table().to_pylist()
    return left


def a_decision(outcome: str = "match", **changed: object) -> Decision:
    rule = {"match": "E1", "possible": "rival", "none": None}[outcome]
    return {"row_no": 0, "candidate": 7, "agreeing": 3, "confirmed": True, "match_outcome": outcome,
            "match_rule": rule, **changed}  # fmt: skip


def said(**weights: int) -> list[Opinion]:
    """What is said of candidates `c7`, `c8` and so on of request 0."""
    return [{"row_no": 0, "candidate": int(name[1:]), "weight": weight} for name, weight in weights.items()]


@pytest.mark.parametrize(
    ("weights", "agrees"),
    [
        ({"c7": 1}, True),
        ({"c7": EVEN}, False),
        ({"c7": -1}, False),
        ({"c7": 40_000, "c8": EVEN}, True),
        ({"c7": 40_000, "c8": 1}, False),
        ({"c7": -1, "c8": 1}, False),
        ({"c8": 1}, False),
        ({}, False),
    ],
    ids=["likely", "even", "unlikely", "another even", "another likely", "another instead", "not weighed", "none"],
)  # fmt: skip
def test_it_agrees_if_the_one_decided_upon_is_likely_and_nobody_else_is(
    engine: duckdb.DuckDBPyConnection, weights: dict[str, int], agrees: bool
) -> None:
    (left,) = hear(engine, [a_decision()], said(**weights))
    assert left == (a_decision() if agrees else a_decision(match_outcome="possible", match_rule=SECOND_OPINION))


ROWS = st.lists(
    st.tuples(st.sampled_from(["match", "possible", "none"]), st.integers(0, 3),
              st.lists(st.tuples(st.integers(0, 3), st.integers(-60_000, 60_000)), max_size=4,
                       unique_by=lambda one: one[0])),
    min_size=1, max_size=8,
)  # fmt: skip


@given(rows=ROWS)
@settings(max_examples=200, deadline=None)
def test_whatever_it_weighs_it_makes_no_match_and_changes_no_person(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[str, int, list[tuple[int, int]]]]
) -> None:
    before = [a_decision(outcome, row_no=number, candidate=candidate)
              for number, (outcome, candidate, _) in enumerate(rows)]  # fmt: skip
    weights = [{"row_no": number, "candidate": candidate, "weight": weight}
               for number, (_, _, opinions) in enumerate(rows) for candidate, weight in opinions]  # fmt: skip
    after = hear(engine, before, weights)
    assert len(after) == len(before)
    for was, is_, (outcome, candidate, opinions) in zip(before, after, rows, strict=True):
        likely = [one for one, weight in opinions if weight > EVEN]
        if outcome != "match" or likely == [candidate]:
            assert is_ == was
        else:
            assert is_ == {**was, "match_outcome": "possible", "match_rule": SECOND_OPINION}
