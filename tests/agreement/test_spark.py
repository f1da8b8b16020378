"""What is said to Spark, word by word. No Spark is needed: the traps that one set are held here as texts.

A real Spark compares such texts with the model in `tests/spark`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from narrowgate.agreement.language import emit_spark, facts_of, parse
from narrowgate.agreement.language.spark import literal
from narrowgate.terms.expression import Compare, Constant, Days, Expression, FactName, In, ParameterName, Truth
from tests.agreement.budget import examples
from tests.agreement.expressions import VALUES, conditions
from tests.agreement.vocabulary import FACTS, PARAMETERS

AWKWARD = st.text(
    alphabet=st.sampled_from("'\\\"`$;-/*?:()ux0041Nab \n\r\t\x00äß€\u0308\u2028\U0001f600{}%_"), max_size=30
)
TEXTS = AWKWARD | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
TRUTHS = (exp.Connector, exp.Not, exp.Paren, exp.Predicate, exp.Column, exp.Boolean)


def said(text: str) -> str:
    return emit_spark(parse(text, vocabulary=FACTS, parameters=PARAMETERS, file="agreement.md", line=1), VALUES)


def understood(text: str) -> exp.Expression:
    """What sqlglot's Spark makes of `text`, which must be one expression and nothing after it."""
    (tree,) = sqlglot.parse(f"SELECT {text} AS truth", dialect="spark")
    assert isinstance(tree, exp.Select)
    (column,) = tree.expressions
    assert isinstance(column, exp.Alias)
    assert {key for key, value in tree.args.items() if value} == {"expressions"}
    inner: exp.Expression = column.this
    return inner


def text_of(tree: exp.Expression) -> str:
    """The text that a literal stands for."""
    assert isinstance(tree, exp.Collate)
    assert tree.expression.name == "UTF8_BINARY"
    if isinstance(tree.this, exp.Literal):
        assert tree.this.is_string
        return tree.this.name
    assert isinstance(tree.this, exp.Cast | exp.TryCast)
    assert tree.this.to.this is exp.DataType.Type.TEXT
    assert isinstance(tree.this.this, exp.HexString)
    return bytes.fromhex(tree.this.this.name).decode()


@pytest.mark.parametrize("sign", ["=", "<>", "<", "<=", ">", ">="])
def test_a_comparison_has_the_same_sign_and_brackets(sign: str) -> None:
    assert said(f"copies {sign} officers") == f"(`copies` {sign} `officers`)"


def test_a_list_is_said_value_by_value() -> None:
    assert said("copies IN (1, 2)") == "(`copies` IN (CAST(1 AS BIGINT), CAST(2 AS BIGINT)))"


def test_a_parameter_is_said_as_its_value() -> None:
    assert said("copies <= cap") == "(`copies` <= CAST(25 AS BIGINT))"


def test_a_list_parameter_is_said_as_its_values() -> None:
    assert said("statute IN statutes") == (
        "(`statute` IN ('8 USC 1326' COLLATE UTF8_BINARY, '8 USC 1253(a)(1)' COLLATE UTF8_BINARY))"
    )


def test_a_list_parameter_stands_nowhere_but_after_in() -> None:
    with pytest.raises(TypeError, match="`statutes` is a list"):
        emit_spark(Compare(FactName("statute"), "=", ParameterName("statutes")), VALUES)


def test_between_is_two_comparisons_so_that_one_missing_end_can_still_be_false() -> None:
    assert said("copies BETWEEN 2 AND officers") == "(CAST(2 AS BIGINT) <= `copies` AND `copies` <= `officers`)"


def test_not_in_and_not_between_are_not_of_what_they_negate() -> None:
    assert said("copies NOT IN (1)") == "(NOT (`copies` IN (CAST(1 AS BIGINT))))"
    assert said("copies NOT BETWEEN 1 AND 2") == (
        "(NOT (CAST(1 AS BIGINT) <= `copies` AND `copies` <= CAST(2 AS BIGINT)))"
    )


def test_whether_a_fact_is_missing_is_asked_of_its_column() -> None:
    assert said("note IS NULL") == "(`note` IS NULL)"
    assert said("note IS NOT NULL") == "(NOT (`note` IS NULL))"


def test_and_or_and_not_keep_their_brackets_so_that_nothing_is_left_to_precedence() -> None:
    assert said("(pending AND NOT signed) OR NOT (pending OR signed)") == (
        "((`pending` AND (NOT `signed`)) OR (NOT (`pending` OR `signed`)))"
    )


def test_a_fact_that_sql_has_a_word_for_is_quoted_with_backticks() -> None:
    assert said("select") == "`select`"


def test_a_backtick_in_a_name_is_doubled() -> None:
    assert emit_spark(Truth(FactName("a`b")), {}) == "`a``b`"


def test_a_boolean_is_a_word() -> None:
    assert (literal(True), literal(False)) == ("TRUE", "FALSE")


@pytest.mark.parametrize("number", [-(2**63), -1, 0, 2**63 - 1])
def test_a_whole_number_is_a_bigint_however_small_or_great(number: int) -> None:
    assert literal(number) == f"CAST({number} AS BIGINT)"


def test_a_decimal_is_exact_and_of_the_type_of_the_column() -> None:
    assert literal(Decimal("0.100000001")) == "CAST('0.100000001' AS DECIMAL(38, 9))"
    assert literal(Decimal("-1.5")) == "CAST('-1.5' AS DECIMAL(38, 9))"


def test_a_decimal_is_never_said_with_an_exponent() -> None:
    assert literal(Decimal("0.000000001")) == "CAST('0.000000001' AS DECIMAL(38, 9))"
    assert literal(Decimal("1E+3")) == "CAST('1000' AS DECIMAL(38, 9))"


def test_a_date_has_four_figures_for_its_year() -> None:
    assert literal(date(1, 1, 1)) == "DATE '0001-01-01'"
    assert literal(date(9999, 12, 31)) == "DATE '9999-12-31'"


def test_a_date_is_moved_by_an_int_and_not_by_a_bigint() -> None:
    assert said("opened_on + 90 < judged_on") == "(date_add(`opened_on`, CAST(90 AS INT)) < `judged_on`)"
    assert said("opened_on - cap < judged_on") == "(date_sub(`opened_on`, CAST(25 AS INT)) < `judged_on`)"


def test_a_date_may_be_moved_by_fewer_days_than_none() -> None:
    assert said("opened_on - (-1) < judged_on") == "(date_sub(`opened_on`, CAST(-1 AS INT)) < `judged_on`)"


def test_moves_are_said_in_their_order_and_leave_the_calendar_as_day_numbers() -> None:
    assert said("(opened_on + 36525) - 1 > DATE '9999-12-31'") == (
        "(date_sub(date_add(`opened_on`, CAST(36525 AS INT)), CAST(1 AS INT)) > DATE '9999-12-31')"
    )


def test_days_between_two_dates_are_a_number_and_not_an_interval() -> None:
    assert said("judged_on - opened_on > 90") == (
        "(CAST(datediff(`judged_on`, `opened_on`) AS BIGINT) > CAST(90 AS BIGINT))"
    )


def test_days_between_may_begin_with_a_moved_date() -> None:
    assert said("judged_on - (opened_on + 30) > 0") == (
        "(CAST(datediff(`judged_on`, date_add(`opened_on`, CAST(30 AS INT))) AS BIGINT) > CAST(0 AS BIGINT))"
    )


def test_no_date_is_added_to_a_date() -> None:
    with pytest.raises(TypeError, match="added to a date"):
        emit_spark(Compare(Days(FactName("opened_on"), "+", FactName("judged_on")), "=", Constant(1)), {})


def test_text_is_compared_byte_by_byte_whatever_the_collation_of_its_column() -> None:
    assert said("note = 'A'") == "(`note` = 'A' COLLATE UTF8_BINARY)"


def test_plain_text_is_spelled_out_for_people_to_read() -> None:
    assert literal('8 USC 1326(a); -- /* ? :x "`') == "'8 USC 1326(a); -- /* ? :x \"`' COLLATE UTF8_BINARY"
    assert literal("") == "'' COLLATE UTF8_BINARY"


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        ("it's", "a doubled quote is a quote or a seam, by a setting"),
        ("\\", "a backslash escapes or not, by a setting"),
        ("${x}", "a variable is put in before the parser reads"),
        ("a\nb", "an end of line"),
        ("ä", "a file of SQL has a character set"),
        ("a\x00", "a character that some programs end a text at"),
    ],
)
def test_text_that_a_setting_could_change_is_said_by_its_bytes(text: str, trap: str) -> None:
    assert literal(text) == f"CAST(X'{text.encode().hex().upper()}' AS STRING) COLLATE UTF8_BINARY", trap


def test_the_bytes_of_a_text_are_those_of_utf_8() -> None:
    assert literal("a'ä€") == "CAST(X'6127C3A4E282AC' AS STRING) COLLATE UTF8_BINARY"


@settings(max_examples=examples(500), deadline=None)
@given(TEXTS)
def test_no_text_breaks_out_of_its_literal(text: str) -> None:
    assert text_of(understood(literal(text))) == text


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_no_text_breaks_into_its_neighbours(texts: list[str]) -> None:
    tree = understood(emit_spark(In(FactName("note"), tuple(Constant(text) for text in texts)), {})).unnest()
    assert isinstance(tree, exp.In)
    assert tree.this.sql("spark") == "`note`"
    assert [text_of(member) for member in tree.expressions] == texts


@settings(max_examples=examples(200), deadline=None)
@given(conditions())
def test_what_is_said_is_one_condition_over_the_facts_of_the_condition(expression: Expression) -> None:
    tree = understood(emit_spark(expression, VALUES))
    assert isinstance(tree, TRUTHS)
    assert {column.name for column in tree.find_all(exp.Column)} == facts_of(expression)
    assert all(column.this.quoted and not column.table for column in tree.find_all(exp.Column))
    assert not list(tree.find_all(exp.Query, exp.Command, exp.Anonymous, exp.Placeholder, exp.Parameter))
