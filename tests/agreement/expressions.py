"""Hypothesis strategies: well-typed conditions over the test vocabulary, and rows with missing values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

from hypothesis import strategies as st

from narrowgate.terms.agreement import ParameterValue
from narrowgate.terms.expression import (
    And,
    Between,
    Comparator,
    Compare,
    Constant,
    Days,
    Expression,
    FactName,
    In,
    IsNull,
    Not,
    Operand,
    Or,
    ParameterName,
    Truth,
    Value,
)
from narrowgate.terms.fact import Type
from tests.agreement.vocabulary import FACTS

VALUES: dict[str, ParameterValue] = {
    "cap": 25,
    "statutes": ("8 USC 1326", "8 USC 1253(a)(1)"),
    "warm": ("red",),
}
"""The parameters' values for evaluating."""

COMPARATORS = st.sampled_from(get_args(Comparator))
DATES = st.sampled_from(
    [
        date(1, 1, 1),
        date(1970, 1, 1),
        date(2024, 2, 29),
        date(2025, 4, 7),
        date(2025, 7, 6),
        date(9999, 12, 31),
    ]
)
INTEGERS = st.sampled_from([-(2**63), -1, 0, 1, 2, 25, 90, 2**53 + 1, 2**63 - 1])
DECIMALS = st.sampled_from([Decimal(text) for text in ("-1.5", "0.0", "0.1", "0.100000001", "1.0", "25.0")])
TEXTS = st.sampled_from(["", "a", "A", "ä", "a\u0308", "it's", "8 USC 1326", "8 usc 1326", " a", "%", "\\", "€"])
CLASSES = st.sampled_from(["red", "green"])
BOOLEANS = st.booleans()

BY_TYPE: dict[Type, st.SearchStrategy[Value]] = {
    Type.DATE: DATES,
    Type.INTEGER: INTEGERS,
    Type.DECIMAL: DECIMALS,
    Type.TEXT: TEXTS,
    Type.BOOLEAN: BOOLEANS,
}


def rows() -> st.SearchStrategy[dict[str, Value | None]]:
    """One row: a value or nothing for every fact."""
    return st.fixed_dictionaries(
        {name: st.none() | (CLASSES if fact.values else BY_TYPE[fact.type]) for name, fact in FACTS.items()}
    )


def facts(kind: Type) -> st.SearchStrategy[Operand]:
    """A fact of one type, classes apart: those are compared with their own classes."""
    names = [name for name, fact in FACTS.items() if fact.type is kind and not fact.values]
    return st.sampled_from([FactName(name) for name in names])


def constants(kind: Type) -> st.SearchStrategy[Operand]:
    return BY_TYPE[kind].map(Constant)


def dates() -> st.SearchStrategy[Operand]:
    plain = facts(Type.DATE) | constants(Type.DATE)
    days = st.sampled_from([Constant(n) for n in (-36525, -1, 0, 1, 90, 36525)] + [ParameterName("cap")])
    moved = st.builds(Days, plain, st.sampled_from(["+", "-"]), days)
    return plain | moved | st.builds(Days, moved, st.sampled_from(["+", "-"]), days)


def numbers() -> st.SearchStrategy[Operand]:
    between = st.builds(Days, dates(), st.just("-"), facts(Type.DATE) | constants(Type.DATE) | dates_moved())
    return (
        facts(Type.INTEGER)
        | facts(Type.DECIMAL)
        | constants(Type.INTEGER)
        | constants(Type.DECIMAL)
        | st.just(ParameterName("cap"))
        | between
    )


def dates_moved() -> st.SearchStrategy[Operand]:
    return st.builds(Days, facts(Type.DATE), st.sampled_from(["+", "-"]), st.just(Constant(30)))


def leaves() -> st.SearchStrategy[Expression]:
    """Conditions of one comparison."""
    texts = facts(Type.TEXT) | constants(Type.TEXT)
    equality = st.sampled_from(["=", "<>"])
    truths = facts(Type.BOOLEAN) | constants(Type.BOOLEAN)
    return st.one_of(
        st.builds(Compare, numbers(), COMPARATORS, numbers()),
        st.builds(Compare, dates(), COMPARATORS, dates()),
        st.builds(Compare, texts, equality, texts),
        st.builds(Compare, truths, equality, truths),
        st.builds(Compare, st.just(FactName("colour")), equality, CLASSES.map(Constant)),
        st.builds(Between, numbers(), numbers(), numbers()),
        st.builds(Between, dates(), dates(), dates()),
        st.builds(In, numbers(), _lists(INTEGERS) | _lists(DECIMALS)),
        st.builds(In, dates(), _lists(DATES)),
        st.builds(In, texts, _lists(TEXTS) | st.just(ParameterName("statutes"))),
        st.just(In(FactName("colour"), ParameterName("warm"))),
        st.builds(IsNull, st.sampled_from([FactName(name) for name in FACTS])),
        st.builds(Truth, truths),
    )


def _lists(values: st.SearchStrategy[Value]) -> st.SearchStrategy[tuple[Constant, ...]]:
    return st.lists(values.map(Constant), min_size=1, max_size=12).map(tuple)


def conditions() -> st.SearchStrategy[Expression]:
    """Conditions nested a few deep."""

    def nested(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)

    return st.recursive(leaves(), nested, max_leaves=8)
