"""Say an expression in DuckDB's SQL, so that it comes to what the model comes to, missing values included.

Rules:
 * A fact is a column of its own name; a parameter becomes typed constants; no text is pasted.
 * BETWEEN is said as two comparisons and every part has brackets: nothing is left to precedence.
 * Text is compared with a constant byte by byte, whatever collation a session has; two text facts follow the
   session, whose collation is binary (`engine.session`).
 * Number columns are integers or decimals, never floating point; dates are finite.
"""

from __future__ import annotations

from narrowgate.agreement.language.literal import literal
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


def emit(expression: Expression, parameters: Parameters) -> str:
    """A BOOLEAN SQL expression over columns named like the facts."""
    match expression:
        case Compare(left, operator, right):
            return f"({_operand(left, parameters)} {operator} {_operand(right, parameters)})"
        case In(operand, members):
            listed = ", ".join(literal(value) for value in _members(members, parameters))
            return f"({_operand(operand, parameters)} IN ({listed}))"
        case Between(operand, low, high):
            value = _operand(operand, parameters)
            return f"({_operand(low, parameters)} <= {value} AND {value} <= {_operand(high, parameters)})"
        case IsNull(operand):
            return f"({_operand(operand, parameters)} IS NULL)"
        case Truth(operand):
            return _operand(operand, parameters)
        case Not(negated):
            return f"(NOT {emit(negated, parameters)})"
        case And(operands):
            return "(" + " AND ".join(emit(part, parameters) for part in operands) + ")"
        case Or(operands):
            return "(" + " OR ".join(emit(part, parameters) for part in operands) + ")"


def _operand(operand: Operand, parameters: Parameters) -> str:
    match operand:
        case FactName(name):
            return '"' + name.replace('"', '""') + '"'
        case Days(left, operator, right):
            return f"({_operand(left, parameters)} {operator} {_days(right, parameters)})"
        case Constant(value):
            return literal(value)
        case ParameterName(name):
            return literal(_single(name, parameters))


def _days(operand: Operand, parameters: Parameters) -> str:
    """What is added to or taken from a date: DuckDB moves a date by an INTEGER, not by a BIGINT."""
    value = _known(operand, parameters)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"CAST({value} AS INTEGER)"
    return _operand(operand, parameters)


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
