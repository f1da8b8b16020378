"""What an expression means. This is the definition; every other evaluator must agree with it to the bit.

Rules:
 * Three values, after Kleene: True, False, and None for undetermined.
 * A comparison with a missing value is undetermined. AND is false if any part is, OR is true if any part is,
   whatever the others are; otherwise one undetermined part makes the whole undetermined.
 * IS NULL is always determined. Texts are equal when every character is.
 * A date is its day number (1 is 0001-01-01), so day arithmetic has no end and no exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from narrowgate.terms.agreement import ParameterValue
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
    Operand,
    Or,
    ParameterName,
    Truth,
    Value,
)

Row = Mapping[str, Value | None]
Parameters = Mapping[str, ParameterValue]
Comparable = str | int | bool | Decimal
"""A value as it is compared: dates have become day numbers."""

_COMPARE = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def evaluate(expression: Expression, row: Row, parameters: Parameters) -> bool | None:
    """The truth of `expression` for one row of facts, None if undetermined; KeyError if a fact is lacking."""
    match expression:
        case Compare(left, operator, right):
            return _compare(_value(left, row, parameters), operator, _value(right, row, parameters))
        case In(operand, members):
            value = _value(operand, row, parameters)
            return None if value is None else value in _members(members, parameters)
        case Between(operand, low, high):
            value = _value(operand, row, parameters)
            return _all(
                [
                    _compare(_value(low, row, parameters), "<=", value),
                    _compare(value, "<=", _value(high, row, parameters)),
                ]
            )
        case IsNull(operand):
            return _value(operand, row, parameters) is None
        case Truth(operand):
            value = _value(operand, row, parameters)
            return None if value is None else bool(value)
        case Not(negated):
            return _negate(evaluate(negated, row, parameters))
        case And(operands):
            return _all([evaluate(part, row, parameters) for part in operands])
        case Or(operands):
            return _negate(_all([_negate(evaluate(part, row, parameters)) for part in operands]))


def _all(truths: Iterable[bool | None]) -> bool | None:
    """Kleene conjunction."""
    seen = set(truths)
    if False in seen:
        return False
    return None if None in seen else True


def _negate(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _compare(left: Comparable | None, operator: str, right: Comparable | None) -> bool | None:
    if left is None or right is None:
        return None
    return bool(_COMPARE[operator](left, right))


def _members(members: tuple[Constant, ...] | ParameterName, parameters: Parameters) -> tuple[Comparable, ...]:
    if isinstance(members, tuple):
        return tuple(_comparable(member.value) for member in members)
    listed = parameters[members.name]
    return tuple(_comparable(value) for value in (listed if isinstance(listed, tuple) else (listed,)))


def _value(operand: Operand, row: Row, parameters: Parameters) -> Comparable | None:
    match operand:
        case Constant(value):
            return _comparable(value)
        case FactName(name):
            fact = row[name]
            return None if fact is None else _comparable(fact)
        case ParameterName(name):
            return _comparable(_single(parameters[name]))
        case Days(left, operator, right):
            before, after = _value(left, row, parameters), _value(right, row, parameters)
            if not isinstance(before, int) or not isinstance(after, int):
                return None
            return before + after if operator == "+" else before - after


def _single(value: ParameterValue) -> Value:
    if isinstance(value, tuple):
        raise TypeError("a list stands after IN only")
    return value


def _comparable(value: Value) -> Comparable:
    return value.toordinal() if isinstance(value, date) else value
