"""Which names an expression reads.

Rules:
 * A name counts wherever it stands, once.
"""

from __future__ import annotations

from collections.abc import Iterator

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
)


def facts_of(expression: Expression) -> frozenset[str]:
    """The names of the facts that `expression` reads."""
    return frozenset(leaf.name for leaf in _leaves(expression) if isinstance(leaf, FactName))


def parameters_of(expression: Expression) -> frozenset[str]:
    """The names of the parameters that `expression` reads."""
    return frozenset(leaf.name for leaf in _leaves(expression) if isinstance(leaf, ParameterName))


def _leaves(node: Expression | Operand) -> Iterator[Constant | FactName | ParameterName]:
    match node:
        case Constant() | FactName() | ParameterName():
            yield node
        case Compare(left, _, right):
            yield from _leaves(left)
            yield from _leaves(right)
        case Days(left, _, right):
            yield from _leaves(left)
            yield from _leaves(right)
        case Between(operand, low, high):
            for part in (operand, low, high):
                yield from _leaves(part)
        case In(operand, members):
            yield from _leaves(operand)
            if isinstance(members, ParameterName):
                yield members
        case IsNull(operand) | Truth(operand):
            yield from _leaves(operand)
        case Not(negated):
            yield from _leaves(negated)
        case And(operands) | Or(operands):
            for member in operands:
                yield from _leaves(member)
