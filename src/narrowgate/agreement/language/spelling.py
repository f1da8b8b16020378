"""Write an expression back as text of the language.

Rules:
 * Parsing what is written here gives the same expression again.
 * Nothing is shortened and nothing reordered: words come out in the order in which they went in.
"""

from __future__ import annotations

from datetime import date

from narrowgate.terms.expression import (
    And,
    Between,
    Compare,
    Constant,
    Days,
    Expression,
    In,
    IsNull,
    Not,
    Operand,
    Or,
    ParameterName,
    Truth,
    Value,
)


def spell(expression: Expression) -> str:
    """`expression` as text."""
    match expression:
        case Compare(left, operator, right):
            return f"{spell_operand(left)} {operator} {spell_operand(right)}"
        case In(operand, members):
            return f"{spell_operand(operand)} IN {_members(members)}"
        case Between(operand, low, high):
            return f"{spell_operand(operand)} BETWEEN {spell_operand(low)} AND {spell_operand(high)}"
        case IsNull(operand):
            return f"{spell_operand(operand)} IS NULL"
        case Truth(operand):
            return spell_operand(operand)
        case Not(negated):
            return f"NOT ({spell(negated)})"
        case And(operands):
            return " AND ".join(_part(part) for part in operands)
        case Or(operands):
            return " OR ".join(_part(part) for part in operands)


def spell_operand(operand: Operand) -> str:
    """`operand` as text."""
    match operand:
        case Constant(value):
            return spell_value(value)
        case Days(left, operator, right):
            after = spell_operand(right)
            if isinstance(right, Days) or after.startswith("-"):
                after = f"({after})"
            return f"{spell_operand(left)} {operator} {after}"
        case _:
            return operand.name


def spell_value(value: Value) -> str:
    """`value` as a constant of the language."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value) if isinstance(value, int) else f"{value:f}"


def _members(members: tuple[Constant, ...] | ParameterName) -> str:
    if isinstance(members, ParameterName):
        return members.name
    return "(" + ", ".join(spell_operand(member) for member in members) + ")"


def _part(expression: Expression) -> str:
    """One member of a conjunction or disjunction; a nested one keeps its brackets."""
    return f"({spell(expression)})" if isinstance(expression, And | Or) else spell(expression)
