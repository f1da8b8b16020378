"""Say a condition in plain words, and what a row of facts would have to change for it to be satisfied.

Rules:
 * Words are for people. What binds is the condition; nothing here is read back by a program.
 * A shortfall names each part that keeps the whole from being satisfied, with the value that was found. Where one of
   several parts would do, all of them are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from narrowgate.agreement.language.model import Parameters, Row, evaluate
from narrowgate.agreement.language.names import facts_of
from narrowgate.agreement.language.spelling import spell_operand
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

_COMPARED = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SHOWN = 8
"""Members of a list that are spelled out; the rest are counted."""


@dataclass(frozen=True)
class Shortfall:
    """One part of a condition that is not satisfied: what it asks, and the facts it found."""

    wanted: str
    found: dict[str, Value | None]
    alternative: bool


def words(expression: Expression, parameters: Parameters) -> str:
    """`expression` as a sentence without a full stop, its parameters with their values."""
    match expression:
        case Compare(left, operator, right):
            return f"{_operand(left, parameters)} {_COMPARED[operator]} {_operand(right, parameters)}"
        case Between(operand, low, high):
            ends = f"{_operand(low, parameters)} to {_operand(high, parameters)}"
            return f"{_operand(operand, parameters)} is within {ends}"
        case In(operand, members):
            return f"{_operand(operand, parameters)} is one of {_members(members, parameters)}"
        case IsNull(operand):
            return f"{_operand(operand, parameters)} is missing"
        case Truth(operand):
            return f"{_operand(operand, parameters)} is true"
        case Not(negated):
            return _negation(negated, parameters)
        case And(operands):
            return ", and ".join(_nested(part, parameters) for part in operands)
        case Or(operands):
            return ", or ".join(_nested(part, parameters) for part in operands)


def shortfalls(expression: Expression, row: Row, parameters: Parameters) -> tuple[Shortfall, ...]:
    """The parts of `expression` that keep `row` from satisfying it; none if it is satisfied."""
    return tuple(_short(expression, row, parameters, alternative=False))


def _short(expression: Expression, row: Row, parameters: Parameters, *, alternative: bool) -> Iterator[Shortfall]:
    if evaluate(expression, row, parameters) is True:
        return
    if isinstance(expression, And | Or):
        several = alternative or isinstance(expression, Or)
        for part in expression.operands:
            yield from _short(part, row, parameters, alternative=several)
        return
    found = {name: row[name] for name in sorted(facts_of(expression))}
    yield Shortfall(words(expression, parameters), found, alternative)


def _negation(negated: Expression, parameters: Parameters) -> str:
    match negated:
        case Truth(operand):
            return f"{_operand(operand, parameters)} is not true"
        case In(operand, members):
            return f"{_operand(operand, parameters)} is none of {_members(members, parameters)}"
        case IsNull(operand):
            return f"{_operand(operand, parameters)} is there"
        case Compare(left, operator, right):
            return f"{_operand(left, parameters)} {_COMPARED[_NEGATED[operator]]} {_operand(right, parameters)}"
        case _:
            return f"it is not so that ({words(negated, parameters)})"


def _nested(part: Expression, parameters: Parameters) -> str:
    said = words(part, parameters)
    return f"({said})" if isinstance(part, And | Or) else said


def _operand(operand: Operand, parameters: Parameters) -> str:
    match operand:
        case FactName(name):
            return f"`{name}`"
        case Constant(value):
            return plain(value)
        case ParameterName(name):
            known = parameters[name]
            return spell_operand(operand) if isinstance(known, tuple) else f"{plain(known)} (`{name}`)"
        case Days(left, operator, right):
            if isinstance(right, Constant | ParameterName):
                more = "after" if operator == "+" else "before"
                return f"{_operand(right, parameters)} days {more} {_operand(left, parameters)}"
            return f"the days from {_operand(right, parameters)} to {_operand(left, parameters)}"


def _members(members: tuple[Constant, ...] | ParameterName, parameters: Parameters) -> str:
    if isinstance(members, ParameterName):
        listed = parameters[members.name]
        values: tuple[Value, ...] = listed if isinstance(listed, tuple) else (listed,)
        return f"{_listed(values)} (`{members.name}`)"
    return _listed(tuple(member.value for member in members))


def _listed(values: tuple[Value, ...]) -> str:
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(plain(value) for value in values[:SHOWN]) + more


def plain(value: Value | None) -> str:
    """A value as a person writes it; a missing one says so."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}'" if isinstance(value, str) else str(value)
