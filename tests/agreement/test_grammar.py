"""What the language admits, and that everything else is refused with its place and its words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.agreement.language import parse, spell
from narrowgate.agreement.language.tokens import DEEPEST, LONGEST, MOST_TOKENS
from narrowgate.errors import AgreementError
from narrowgate.terms.expression import (
    And,
    Between,
    Compare,
    Constant,
    Days,
    Expression,
    FactName,
    In,
    IsNull,
    Not,
    ParameterName,
    Truth,
)
from tests.agreement.budget import examples
from tests.agreement.expressions import conditions
from tests.agreement.vocabulary import FACTS, PARAMETERS


def read(text: str) -> Expression:
    return parse(text, vocabulary=FACTS, parameters=PARAMETERS, file="agreement.md", line=7)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("copies = 1", Compare(FactName("copies"), "=", Constant(1))),
        ("copies <> -1", Compare(FactName("copies"), "<>", Constant(-1))),
        ("share < 0.25", Compare(FactName("share"), "<", Constant(Decimal("0.25")))),
        ("copies <= cap", Compare(FactName("copies"), "<=", ParameterName("cap"))),
        ("statute IN statutes", In(FactName("statute"), ParameterName("statutes"))),
        ("statute NOT IN ('it''s')", Not(In(FactName("statute"), (Constant("it's"),)))),
        ("copies BETWEEN 1 AND 2", Between(FactName("copies"), Constant(1), Constant(2))),
        ("note IS NOT NULL", Not(IsNull(FactName("note")))),
        ("NOT pending AND signed", And((Not(Truth(FactName("pending"))), Truth(FactName("signed"))))),
        ("select", Truth(FactName("select"))),
        (
            "judged_on - opened_on > 90",
            Compare(Days(FactName("judged_on"), "-", FactName("opened_on")), ">", Constant(90)),
        ),
        (
            "opened_on + cap <= judged_on",
            Compare(Days(FactName("opened_on"), "+", ParameterName("cap")), "<=", FactName("judged_on")),
        ),
    ],
)
def test_the_text_spells_the_expression(text: str, expression: Expression) -> None:
    assert read(text) == expression


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lower(note) = 'x'", "`lower(` is a function"),
        ("CAST(copies AS INT) = 1", "`CAST`"),
        ("copies = (SELECT 1)", "`SELECT`"),
        ("note LIKE 'x'", "`LIKE`"),
        ("note ~ 'x'", "`~ 'x'`"),
        ("copies != 1", "`!= 1`"),
        ("copies = 1; DROP", "`; DROP`"),
        ("copies -- 1", "`--` puts a sign before a sign"),
        ("copies /* 1 */ = 1", "`/* 1 */ = 1`"),
        ('"copies" = 1', '`"copies" = 1`'),
        ("copies * 2 = 2", "`* 2 = 2`"),
        ("copies = 1e3", "`1e3`"),
        ("copies = 007", "`007`"),
        ("copies = 9999999999999999999", "beyond 64 bits"),
        ("copies = + 1", "is not what it says"),
        ("copies == 1", "does not make a condition"),
        ("copies = NULL", "write IS NULL"),
        ("copies IS TRUE", "is not a condition"),
        ("copies < 1 < 2", "is not a value"),
        ("copies = 1 2", "`2` does not make a condition"),
        ("pending pending", "is not a condition"),
        ("note = 'a' 'b'", "is not a value"),
        ("copies IN ()", "must list constants"),
        ("copies IN (1, NULL)", "write IS NULL"),
        ("statute IN (statutes)", "must list constants"),
        ("(copies, officers) = (1, 2)", "is not a value"),
        ("pending OR signed AND select", "AND and OR stand side by side"),
        ("pending AND signed OR select", "AND and OR stand side by side"),
        ("NOT copies = 1", "needs brackets after NOT"),
        ("NOT NOT pending", "needs brackets after NOT"),
        ("pending and signed", "`and` must be written `AND`"),
        ("opend_on IS NULL", "`opend_on` is neither a fact nor a parameter"),
        ("judged_on = DATE '2025-02-30'", "is not a day"),
        ("judged_on = DATE '2025-2-3'", "is not a day"),
        ("judged_on = DATE'x'", "is not a day"),
        ("x.copies = 1", "`x.copies`"),
        ("note = 'x", "`'x`"),
        ("pending)", "closes nothing"),
        ("(pending", "are not closed"),
        ("", "is empty"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_its_words(text: str, words: str) -> None:
    with pytest.raises(AgreementError) as refused:
        read(text)
    assert words in refused.value.message
    assert refused.value.message.startswith("agreement.md:7: ")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "pending" + ")" * 10_000,
        "(" * 1_000 + "pending" + ")" * 1_000,
        "NOT " * 900 + "pending",
        "NOT (" * 500 + "pending" + ")" * 500,
        "judged_on" + " - 1" * 900 + " = judged_on",
        "pending" + " AND pending" * 300,
        "copies = " + "-" * 2_000 + "1",
        "[" * 10_000,
    ],
)
def test_no_text_is_deep_or_long_enough_to_break_the_reader(text: str) -> None:
    with pytest.raises(AgreementError):
        read(text)


def test_the_deepest_and_longest_that_is_allowed_is_read() -> None:
    assert read("(" * DEEPEST + "pending" + ")" * DEEPEST) == Truth(FactName("pending"))
    assert isinstance(read("pending" + " AND pending" * (MOST_TOKENS // 2 - 1)), And)
    assert read("pending".ljust(LONGEST)) == Truth(FactName("pending"))


def test_an_error_names_the_line_on_which_the_word_stands() -> None:
    with pytest.raises(AgreementError) as refused:
        read("pending\nAND\nlower(note) = 'x'")
    assert refused.value.line == 9


@settings(max_examples=examples(200), deadline=None)
@given(conditions())
def test_what_is_spelled_is_read_back_as_the_same(expression: Expression) -> None:
    assert read(spell(expression)) == expression


@settings(max_examples=examples(300), deadline=None)
@given(st.text(alphabet="ab ()=<>-+',.'\nANDORNTI10;\"_x", max_size=60))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    try:
        expression = read(text)
    except AgreementError:
        return
    assert read(spell(expression)) == expression
