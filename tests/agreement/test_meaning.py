"""The model's three values, and that DuckDB comes to the same for every expression and every row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.agreement.language import emit, evaluate, parse
from narrowgate.agreement.language.duckdb import TYPES
from narrowgate.agreement.language.literal import literal
from narrowgate.terms.expression import Expression, Value
from tests.agreement.budget import examples
from tests.agreement.expressions import VALUES, conditions, rows
from tests.agreement.vocabulary import FACTS, PARAMETERS

THREE: tuple[bool | None, ...] = (True, False, None)


def read(text: str) -> Expression:
    return parse(text, vocabulary=FACTS, parameters=PARAMETERS, file="agreement.md", line=1)


def model(text: str, **row: Value | None) -> bool | None:
    return evaluate(read(text), {**dict.fromkeys(FACTS), **row}, VALUES)


def by_duckdb(
    expressions: list[Expression], given: list[dict[str, Value | None]], *, collation: str = ""
) -> list[list[bool | None]]:
    """Every expression for every row, in one query, over a table (so that the optimiser sees columns)."""
    session = duckdb.connect(":memory:")
    session.execute(f"SET default_collation = '{collation}'")
    columns = ", ".join(f'"{name}" {TYPES[fact.type]}' for name, fact in FACTS.items())
    session.execute(f"CREATE TABLE facts (row_no BIGINT, {columns})")
    for number, row in enumerate(given):
        values = ", ".join("NULL" if row[name] is None else literal(_present(row[name])) for name in FACTS)
        session.execute(f"INSERT INTO facts VALUES ({number}, {values})")
    asked = ", ".join(emit(expression, VALUES) for expression in expressions)
    return [list(row) for row in session.execute(f"SELECT {asked} FROM facts ORDER BY row_no").fetchall()]


def _present(value: Value | None) -> Value:
    assert value is not None
    return value


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(conditions(), min_size=5, max_size=20), st.lists(rows(), min_size=5, max_size=20))
def test_duckdb_comes_to_what_the_model_comes_to(
    expressions: list[Expression], given: list[dict[str, Value | None]]
) -> None:
    expected = [[evaluate(expression, row, VALUES) for expression in expressions] for row in given]
    assert by_duckdb(expressions, given) == expected


def test_duckdb_comes_to_the_model_for_every_pair_of_three_values() -> None:
    texts = [
        "pending AND signed",
        "pending OR signed",
        "NOT (pending AND NOT signed)",
        "NOT ((pending = signed) OR (pending IS NULL AND signed IS NULL))",
        "(pending = signed) OR (pending IS NULL AND signed IS NULL)",
        "pending = signed",
        "pending <> signed",
        "pending AND NOT pending",
        "pending OR NOT pending",
        "pending = pending",
        "pending AND (pending OR signed)",
        "(pending AND signed) OR (NOT pending AND signed)",
    ]
    given = [{**dict.fromkeys(FACTS), "pending": one, "signed": other} for one, other in product(THREE, THREE)]
    expressions = [read(text) for text in texts]
    expected = [[evaluate(expression, row, VALUES) for expression in expressions] for row in given]
    assert by_duckdb(expressions, given) == expected


def test_a_rewrite_that_grants_on_missing_data_would_be_seen() -> None:
    """An older DuckDB made this TRUE for a missing value: the difference between refusing and disclosing."""
    text = "NOT ((copies = officers) OR (copies IS NULL AND officers IS NULL))"
    row: dict[str, Value | None] = {**dict.fromkeys(FACTS), "copies": 1}
    assert evaluate(read(text), row, VALUES) is None
    assert by_duckdb([read(text)], [row]) == [[None]]


@pytest.mark.parametrize("collation", ["NOCASE", "NOACCENT"])
def test_a_constant_is_compared_byte_by_byte_under_any_collation(collation: str) -> None:
    expressions = [
        read("note = 'A'"),
        read("note IN ('A', 'B')"),
        read("note NOT IN ('A')"),
        read("note <> 'A'"),
    ]
    given = [{**dict.fromkeys(FACTS), "note": text} for text in ("A", "a", "\u00c4", None)]
    expected = [[evaluate(expression, row, VALUES) for expression in expressions] for row in given]
    assert by_duckdb(expressions, given, collation=collation) == expected


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_and_and_or_have_kleenes_three_values(
    one: bool | None, other: bool | None, both: bool | None, either: bool | None
) -> None:
    for first, second in ((one, other), (other, one)):
        assert model("pending AND signed", pending=first, signed=second) is both
        assert model("pending OR signed", pending=first, signed=second) is either


@pytest.mark.parametrize(
    "text",
    [
        "copies = 1",
        "copies <> 1",
        "copies IN (1)",
        "copies NOT IN (1)",
        "copies BETWEEN 0 AND 2",
        "NOT pending",
    ],
)
def test_a_missing_value_leaves_a_comparison_undetermined(text: str) -> None:
    assert model(text) is None


def test_a_range_is_outside_even_when_its_other_end_is_missing() -> None:
    assert model("copies BETWEEN 2 AND officers", copies=1) is False
    assert model("copies BETWEEN 1 AND officers", copies=1) is None


def test_whether_a_value_is_missing_is_always_determined() -> None:
    assert model("note IS NULL") is True
    assert model("note IS NOT NULL") is False
    assert model("note IS NULL", note="") is False


def test_the_ninetieth_day_is_not_more_than_ninety_days() -> None:
    opened = date(2025, 4, 7)
    assert model("judged_on - opened_on > 90", judged_on=date(2025, 7, 6), opened_on=opened) is False
    assert model("judged_on - opened_on > 90", judged_on=date(2025, 7, 7), opened_on=opened) is True


def test_day_arithmetic_leaves_the_calendar_without_an_exception() -> None:
    assert model("opened_on + 36525 > judged_on", opened_on=date.max, judged_on=date.max) is True
    assert model("opened_on - 36525 < judged_on", opened_on=date.min, judged_on=date.min) is True


def test_integers_and_decimals_are_compared_exactly() -> None:
    assert model("copies = share", copies=2**53 + 1, share=Decimal(2**53)) is False
    assert model("share = 0.1", share=Decimal("0.1")) is True


def test_a_fact_that_a_row_does_not_have_is_an_error_and_never_a_finding() -> None:
    with pytest.raises(KeyError):
        evaluate(read("copies = 1"), {}, VALUES)
