"""Check the types of an expression: what may be compared with what.

Rules:
 * A value is compared with its own type; integers and decimals are both numbers; nothing is ever converted.
 * Text and booleans know only `=`, `<>` and, for text, IN; order is for numbers and dates.
 * A class fact is compared with its own classes only: a value it can never have is a slip of the pen.
 * Days are added to or taken from dates only; their number is a constant or a parameter, at most a century.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from narrowgate.agreement.language.spelling import spell_operand, spell_value
from narrowgate.errors import AgreementError
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
from narrowgate.terms.fact import Type, Vocabulary

MOST_DAYS = 36_525
"""A century: more days than a clause adds, and too few to leave any engine's calendar."""


@dataclass(frozen=True)
class ParameterType:
    """The type of a parameter, whether it is a list, and every value it ever has."""

    type: Type
    listed: bool
    values: tuple[Value, ...]


def type_of(value: Value) -> Type:
    """The type of a present value."""
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int):
        return Type.INTEGER
    if isinstance(value, Decimal):
        return Type.DECIMAL
    return Type.DATE if isinstance(value, date) else Type.TEXT


def parameter_type(values: Iterable[ParameterValue]) -> ParameterType | None:
    """The one type that all `values` of a parameter share; None where they share none."""
    every = tuple(values)
    flat = tuple(one for value in every for one in (value if isinstance(value, tuple) else (value,)))
    listed = {isinstance(value, tuple) for value in every}
    types = {type_of(value) for value in flat}
    if len(listed) != 1 or len(types) != 1:
        return None
    return ParameterType(types.pop(), listed.pop(), flat)


@dataclass(frozen=True)
class Scope:
    """What the names of an expression mean, and where it stands."""

    facts: Vocabulary
    parameters: Mapping[str, ParameterType]
    file: str
    line: int

    def refuse(self, message: str) -> AgreementError:
        """The error for this place."""
        return AgreementError(message, file=self.file, line=self.line)


def check(expression: Expression, scope: Scope) -> None:
    """Raise AgreementError unless `expression` is well typed in `scope`."""
    match expression:
        case Compare(left, operator, right):
            _check_pair(left, right, scope, ordered=operator not in ("=", "<>"))
        case Between(operand, low, high):
            _check_pair(operand, low, scope, ordered=True)
            _check_pair(operand, high, scope, ordered=True)
        case In(operand, members):
            _check_members(operand, members, scope)
        case IsNull(operand):
            if not isinstance(operand, FactName):
                raise scope.refuse(f"`{spell_operand(operand)}` is no fact, so it is never missing")
        case Truth(operand):
            if operand_type(operand, scope) is not Type.BOOLEAN:
                raise scope.refuse(f"`{spell_operand(operand)}` is not true or false, so it is no condition")
        case Not(negated):
            check(negated, scope)
        case And(operands) | Or(operands):
            for part in operands:
                check(part, scope)


def operand_type(operand: Operand, scope: Scope) -> Type:
    """The type of one operand; a list parameter is none."""
    match operand:
        case Constant(value):
            return type_of(value)
        case FactName(name):
            return scope.facts[name].type
        case ParameterName(name):
            if scope.parameters[name].listed:
                raise scope.refuse(f"`{name}` is a list; a list stands after IN only")
            return scope.parameters[name].type
        case Days():
            return _days_type(operand, scope)


def _days_type(days: Days, scope: Scope) -> Type:
    """Date + days and date - days are dates; date - date is a number of days."""
    right = operand_type(days.right, scope)
    if operand_type(days.left, scope) is not Type.DATE:
        raise scope.refuse(f"`{spell_operand(days.left)}` is not a date; only days are added and taken away")
    if right is Type.DATE and days.operator == "-":
        return Type.INTEGER
    if right is not Type.INTEGER or not isinstance(days.right, Constant | ParameterName):
        raise scope.refuse(f"`{spell_operand(days.right)}` is not a fixed number of days")
    if any(abs(int(str(number))) > MOST_DAYS for number in _possible(days.right, scope)):
        raise scope.refuse(f"`{spell_operand(days.right)}` is more than {MOST_DAYS} days")
    return Type.DATE


def _check_pair(left: Operand, right: Operand, scope: Scope, *, ordered: bool) -> None:
    types = operand_type(left, scope), operand_type(right, scope)
    if types[0] is not types[1] and not all(_is_number(one) for one in types):
        raise scope.refuse(
            f"`{spell_operand(left)}` is {types[0].value} and `{spell_operand(right)}` is {types[1].value}"
        )
    if ordered and types[0] in (Type.TEXT, Type.BOOLEAN):
        raise scope.refuse(f"`{spell_operand(left)}` is {types[0].value}, which has no order")
    _check_classes(left, _possible(right, scope), scope)
    _check_classes(right, _possible(left, scope), scope)


def _check_members(operand: Operand, members: tuple[Constant, ...] | ParameterName, scope: Scope) -> None:
    kind = operand_type(operand, scope)
    if isinstance(members, ParameterName):
        parameter = scope.parameters[members.name]
        if not parameter.listed:
            raise scope.refuse(f"`{members.name}` after IN is not a list")
        types = {parameter.type}
    else:
        types = {type_of(member.value) for member in members}
    if kind is Type.BOOLEAN:
        raise scope.refuse(f"`{spell_operand(operand)}` is boolean; say it or NOT it")
    for other in types:
        if other is not kind and not (_is_number(kind) and _is_number(other)):
            raise scope.refuse(f"`{spell_operand(operand)}` is {kind.value} and the list holds {other.value}")
    _check_classes(operand, _possible(members, scope), scope)


def _check_classes(operand: Operand, values: Iterable[Value], scope: Scope) -> None:
    if not isinstance(operand, FactName) or not scope.facts[operand.name].values:
        return
    classes = scope.facts[operand.name].values
    for value in values:
        if value not in classes:
            raise scope.refuse(f"`{operand.name}` is never {spell_value(value)}; it is one of {', '.join(classes)}")


def _possible(operand: Operand | tuple[Constant, ...], scope: Scope) -> tuple[Value, ...]:
    """Every value that a constant, a list or a parameter stands for; facts and days promise none."""
    match operand:
        case Constant(value):
            return (value,)
        case ParameterName(name):
            return scope.parameters[name].values
        case tuple():
            return tuple(member.value for member in operand)
        case _:
            return ()


def _is_number(kind: Type) -> bool:
    return kind in (Type.INTEGER, Type.DECIMAL)
