"""Small wrong turns of a condition: what a slip of the pen would make of it."""

from __future__ import annotations

from collections.abc import Iterator

from narrowgate.terms.expression import (
    And,
    Between,
    Comparator,
    Compare,
    Constant,
    Expression,
    In,
    Not,
    Or,
)

OTHERS: dict[Comparator, tuple[Comparator, ...]] = {
    "=": ("<>", ">="),
    "<>": ("=",),
    "<": ("<=", ">"),
    "<=": ("<", ">"),
    ">": (">=", "<"),
    ">=": (">", "<"),
}


def mutants(expression: Expression) -> Iterator[Expression]:
    """Every expression that is one slip away: a part left out, AND for OR, an end moved, a lost NOT."""
    match expression:
        case And(operands) | Or(operands):
            yield Or(operands) if isinstance(expression, And) else And(operands)
            for place, part in enumerate(operands):
                rest = operands[:place] + operands[place + 1 :]
                yield rest[0] if len(rest) == 1 else type(expression)(rest)
                for mutant in mutants(part):
                    yield type(expression)((*operands[:place], mutant, *operands[place + 1 :]))
        case Compare(left, operator, right):
            for other in OTHERS[operator]:
                text = isinstance(right, Constant) and isinstance(right.value, str)
                if other in ("=", "<>") or not text:
                    yield Compare(left, other, right)
        case Between(operand, low, high):
            yield And((Compare(low, "<", operand), Compare(operand, "<=", high)))
            yield And((Compare(low, "<=", operand), Compare(operand, "<", high)))
            yield Compare(low, "<=", operand)
            yield Compare(operand, "<=", high)
        case In(operand, members) if isinstance(members, tuple) and len(members) > 1:
            for place in range(len(members)):
                yield In(operand, members[:place] + members[place + 1 :])
            yield Not(expression)
        case Not(negated):
            yield negated
        case _:
            yield Not(expression)
