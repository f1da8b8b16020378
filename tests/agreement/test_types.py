"""What may be compared with what: a slip of the pen is refused when the agreement is loaded."""

from __future__ import annotations

from datetime import date

import pytest

from narrowgate.agreement.language import ParameterType, parameter_type, parse
from narrowgate.errors import AgreementError
from narrowgate.terms.fact import Type
from tests.agreement.vocabulary import FACTS, PARAMETERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("copies = '1'", "`copies` is integer and `'1'` is text"),
        ("note = 1", "`note` is text and `1` is integer"),
        ("judged_on = '2025-04-07'", "`judged_on` is date"),
        ("pending = 1", "`pending` is boolean"),
        ("note < 'b'", "has no order"),
        ("pending >= signed", "has no order"),
        ("note BETWEEN 'a' AND 'b'", "has no order"),
        ("copies", "is not true or false"),
        ("NOT copies", "is not true or false"),
        ("pending AND note", "is not true or false"),
        ("copies IN (1, 'a')", "`copies` is integer and the list holds text"),
        ("copies IN statutes", "`copies` is integer and the list holds text"),
        ("pending IN (TRUE)", "say it or NOT it"),
        ("copies IN cap", "after IN is not a list"),
        ("statute = statutes", "a list stands after IN only"),
        ("cap IS NULL", "is never missing"),
        ("1 IS NULL", "is never missing"),
        ("copies + 1 = 2", "`copies` is not a date"),
        ("judged_on + officers > opened_on", "not a fixed number of days"),
        ("judged_on + opened_on > 1", "not a fixed number of days"),
        ("judged_on + 36526 > opened_on", "more than 36525 days"),
        ("judged_on - opened_on", "is not a condition"),
        ("colour = 'blue'", "`colour` is never 'blue'; it is one of red, green"),
        ("'blue' <> colour", "is never 'blue'"),
        ("colour NOT IN ('red', 'blue')", "is never 'blue'"),
        ("colour IN wrong", "is never 'blue'"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, words: str) -> None:
    with pytest.raises(AgreementError) as refused:
        parse(text, vocabulary=FACTS, parameters=PARAMETERS, file="agreement.md", line=3)
    assert words in refused.value.message
    assert refused.value.line == 3


@pytest.mark.parametrize("text", ["copies < 0.5", "share = 1", "colour IN warm", "pending = FALSE", "cap > copies"])
def test_what_fits_is_taken(text: str) -> None:
    assert parse(text, vocabulary=FACTS, parameters=PARAMETERS, file="agreement.md", line=3)


def test_the_values_of_a_parameter_share_one_type() -> None:
    assert parameter_type([1, 2]) == ParameterType(Type.INTEGER, False, (1, 2))
    assert parameter_type([("a",), ("b", "c")]) == ParameterType(Type.TEXT, True, ("a", "b", "c"))
    assert parameter_type([1, "1"]) is None
    assert parameter_type([1, (1,)]) is None
    assert parameter_type([True, 1]) is None
    assert parameter_type([date(2025, 1, 1), "2025-01-01"]) is None
