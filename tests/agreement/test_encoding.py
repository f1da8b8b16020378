"""What a solver is told of a condition is what the model comes to, for every condition and every row."""

from __future__ import annotations

from decimal import Decimal

import z3
from hypothesis import given, settings

from narrowgate.agreement.language import evaluate
from narrowgate.agreement.proof.encode import Encoder
from narrowgate.terms.expression import Expression, Value
from tests.agreement.budget import examples
from tests.agreement.expressions import VALUES, conditions, rows
from tests.agreement.vocabulary import FACTS


def solved(expression: Expression, row: dict[str, Value | None]) -> bool | None:
    """The truth of `expression` for `row`, by substitution into its encoding."""
    encoder = Encoder(FACTS)
    truths = encoder.condition(expression, VALUES)
    given_values = []
    for name, known in encoder.facts.items():
        value = row[name]
        given_values.append((known.missing, z3.BoolVal(value is None)))
        if value is not None:
            given_values.append((known.value, encoder._value(value)))
    true, false = (z3.simplify(z3.substitute(one, given_values)) for one in (truths.true, truths.false))
    left = z3.Solver()
    if left.check(true) == z3.sat:
        assert left.check(z3.Not(true)) == z3.unsat, "a truth that depends on the value of what is missing"
        return True
    return False if left.check(false) == z3.sat else None


@settings(max_examples=examples(150), deadline=None)
@given(conditions(), rows())
def test_the_encoding_comes_to_what_the_model_comes_to(expression: Expression, row: dict[str, Value | None]) -> None:
    assert solved(expression, row) is evaluate(expression, row, VALUES)


def test_a_decimal_is_exact() -> None:
    encoder = Encoder(FACTS)
    assert z3.simplify(encoder._value(Decimal("0.100000001")) == encoder._value(Decimal("0.1"))).eq(z3.BoolVal(False))
