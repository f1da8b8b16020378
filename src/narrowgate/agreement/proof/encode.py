"""Encode conditions for an SMT solver: for each, when it is true and when it is false.

Rules:
 * A fact is a value and whether it is missing; a condition is two formulas, and undetermined where neither holds.
 * Texts are compared for equality only, so each distinct text is a number and every other number is some other text.
 * Dates are day numbers, integers are of 64 bits, decimals are rationals: what the model compares exactly is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import z3

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
from narrowgate.terms.fact import Fact, Type, Vocabulary

Formula = Any
"""A z3 expression: z3 has no types of its own that a checker reads."""

LONGEST_INTEGER = 2**63
_COMPARED = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


@dataclass(frozen=True)
class Known:
    """A value, and the formula under which it is missing."""

    value: Formula
    missing: Formula


@dataclass(frozen=True)
class Truths:
    """When a condition is true, and when it is false."""

    true: Formula
    false: Formula

    @property
    def as_known(self) -> Known:
        """The same as a boolean that may be missing: a finding."""
        return Known(self.true, z3.Not(z3.Or(self.true, self.false)))


@dataclass
class Encoder:
    """Encodes conditions over one set of facts; `domain` is what every value of these facts keeps to."""

    vocabulary: Vocabulary
    codes: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Known] = field(default_factory=dict)
    domain: list[Formula] = field(default_factory=list)

    def condition(
        self, expression: Expression, parameters: Parameters, findings: Mapping[str, Known] | None = None
    ) -> Truths:
        """The truths of `expression`; names in `findings` stand for these and not for facts."""
        match expression:
            case And(operands):
                parts = [self.condition(part, parameters, findings) for part in operands]
                return Truths(z3.And([one.true for one in parts]), z3.Or([one.false for one in parts]))
            case Or(operands):
                parts = [self.condition(part, parameters, findings) for part in operands]
                return Truths(z3.Or([one.true for one in parts]), z3.And([one.false for one in parts]))
            case Not(negated):
                inner = self.condition(negated, parameters, findings)
                return Truths(inner.false, inner.true)
            case Compare(left, operator, right):
                pair = self._known(left, parameters, findings), self._known(right, parameters, findings)
                return _determined(_COMPARED[operator](pair[0].value, pair[1].value), *pair)
            case Between(operand, low, high):
                return self.condition(
                    And((Compare(low, "<=", operand), Compare(operand, "<=", high))), parameters, findings
                )
            case In(operand, members):
                known = self._known(operand, parameters, findings)
                listed = [self._value(value) for value in _members(members, parameters)]
                return _determined(z3.Or([known.value == value for value in listed]), known)
            case IsNull(operand):
                missing = self._known(operand, parameters, findings).missing
                return Truths(missing, z3.Not(missing))
            case Truth(operand):
                known = self._known(operand, parameters, findings)
                return _determined(known.value, known)

    def _known(self, operand: Operand, parameters: Parameters, findings: Mapping[str, Known] | None) -> Known:
        match operand:
            case Constant(value):
                return Known(self._value(value), z3.BoolVal(False))
            case ParameterName(name):
                single = parameters[name]
                assert not isinstance(single, tuple)
                return Known(self._value(single), z3.BoolVal(False))
            case FactName(name):
                if findings is not None and name in findings:
                    return findings[name]
                return self.facts.get(name) or self._fact(self.vocabulary[name])
            case Days(left, operator, right):
                before = self._known(left, parameters, findings)
                after = self._known(right, parameters, findings)
                moved = before.value + after.value if operator == "+" else before.value - after.value
                return Known(moved, z3.Or(before.missing, after.missing))

    def _fact(self, fact: Fact) -> Known:
        """A new variable for `fact`, with what its values keep to."""
        value = _VARIABLE[fact.type](fact.name)
        if fact.type is Type.DATE:
            self.domain += [value >= date.min.toordinal(), value <= date.max.toordinal()]
        if fact.type is Type.INTEGER:
            self.domain += [value >= -LONGEST_INTEGER, value < LONGEST_INTEGER]
        if fact.values:
            self.domain.append(z3.Or([value == self._value(one) for one in fact.values]))
        self.facts[fact.name] = Known(value, z3.Bool(f"{fact.name} is missing"))
        return self.facts[fact.name]

    def _value(self, value: Value) -> Formula:
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, date):
            return z3.IntVal(value.toordinal())
        if isinstance(value, str):
            return z3.IntVal(self.codes.setdefault(value, len(self.codes)))
        return z3.RealVal(str(value)) if isinstance(value, Decimal) else z3.IntVal(value)

    def read(self, model: Formula, name: str) -> Value | None:
        """The value of a fact in a model of the solver; a text that no condition names is shown as `…`."""
        known, kind = self.facts[name], self.vocabulary[name].type
        if z3.is_true(model.eval(known.missing, model_completion=True)):
            return None
        found = model.eval(known.value, model_completion=True)
        if kind is Type.BOOLEAN:
            return bool(z3.is_true(found))
        if kind is Type.DECIMAL:
            return Decimal(found.numerator_as_long()) / Decimal(found.denominator_as_long())
        number = int(found.as_long())
        if kind is Type.DATE:
            return date.fromordinal(number)
        if kind is Type.TEXT:
            return next((text for text, code in self.codes.items() if code == number), "…")
        return number


_VARIABLE = {
    Type.BOOLEAN: z3.Bool,
    Type.DECIMAL: z3.Real,
    Type.DATE: z3.Int,
    Type.INTEGER: z3.Int,
    Type.TEXT: z3.Int,
}


def _determined(holds: Formula, *read: Known) -> Truths:
    """The truths of a comparison of what was `read`: undetermined where any of it is missing."""
    there = z3.Not(z3.Or([one.missing for one in read]))
    return Truths(z3.And(there, holds), z3.And(there, z3.Not(holds)))


def _members(members: tuple[Constant, ...] | ParameterName, parameters: Parameters) -> tuple[Value, ...]:
    if isinstance(members, tuple):
        return tuple(member.value for member in members)
    listed = parameters[members.name]
    return listed if isinstance(listed, tuple) else (listed,)
