"""Say an expression in SQL, so that it comes to what the model comes to, missing values included.

Rules:
 * There is one walk for every engine; a dialect says names, values and days, and nothing about truth.
 * A fact is a column of its own name; a parameter becomes typed constants; no text is pasted.
 * BETWEEN is said as two comparisons and every part has brackets: nothing is left to precedence.
 * AND, OR, NOT, IN and the comparisons are the engine's own: SQL's three values are Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal as OneOf

from narrowgate.agreement.language.model import Parameters
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


@dataclass(frozen=True)
class Dialect:
    """What engines say differently. Operands arrive as SQL that needs no more brackets, and leave so."""

    name: Callable[[str], str]
    """The column of a fact."""
    literal: Callable[[Value], str]
    """A value as SQL of its own type."""
    moved: Callable[[str, OneOf["+", "-"], int], str]
    """A date that many days later or earlier; the number may be negative."""
    between: Callable[[str, str], str]
    """The whole days from the second date to the first, as an integer of 64 bits."""


def say(expression: Expression, parameters: Parameters, dialect: Dialect) -> str:
    """A BOOLEAN SQL expression over columns named like the facts; TypeError where its types do not fit."""
    match expression:
        case Compare(left, operator, right):
            return f"({_operand(left, parameters, dialect)} {operator} {_operand(right, parameters, dialect)})"
        case In(operand, members):
            listed = ", ".join(dialect.literal(value) for value in _members(members, parameters))
            return f"({_operand(operand, parameters, dialect)} IN ({listed}))"
        case Between(operand, low, high):
            value = _operand(operand, parameters, dialect)
            lowest, highest = (_operand(end, parameters, dialect) for end in (low, high))
            return f"({lowest} <= {value} AND {value} <= {highest})"
        case IsNull(operand):
            return f"({_operand(operand, parameters, dialect)} IS NULL)"
        case Truth(operand):
            return _operand(operand, parameters, dialect)
        case Not(negated):
            return f"(NOT {say(negated, parameters, dialect)})"
        case And(operands):
            return "(" + " AND ".join(say(part, parameters, dialect) for part in operands) + ")"
        case Or(operands):
            return "(" + " OR ".join(say(part, parameters, dialect) for part in operands) + ")"


def _operand(operand: Operand, parameters: Parameters, dialect: Dialect) -> str:
    match operand:
        case FactName(name):
            return dialect.name(name)
        case Days(left, operator, right):
            return _days(_operand(left, parameters, dialect), operator, right, parameters, dialect)
        case Constant(value):
            return dialect.literal(value)
        case ParameterName(name):
            return dialect.literal(_single(name, parameters))


def _days(before: str, operator: OneOf["+", "-"], right: Operand, parameters: Parameters, dialect: Dialect) -> str:
    """A fixed number of days moves a date; a date taken from a date leaves a number of days."""
    number = _known(right, parameters)
    if isinstance(number, int) and not isinstance(number, bool):
        return dialect.moved(before, operator, number)
    if operator == "+":
        raise TypeError("only a fixed number of days is added to a date")
    return dialect.between(before, _operand(right, parameters, dialect))


def _known(operand: Operand, parameters: Parameters) -> Value | None:
    match operand:
        case Constant(value):
            return value
        case ParameterName(name):
            return _single(name, parameters)
        case _:
            return None


def _members(members: tuple[Constant, ...] | ParameterName, parameters: Parameters) -> tuple[Value, ...]:
    if isinstance(members, tuple):
        return tuple(member.value for member in members)
    listed = parameters[members.name]
    return listed if isinstance(listed, tuple) else (listed,)


def _single(name: str, parameters: Parameters) -> Value:
    value = parameters[name]
    if isinstance(value, tuple):
        raise TypeError(f"`{name}` is a list; a list stands after IN only")
    return value
