"""The abstract syntax of the clause language (`spec/agreement.md`): a closed set of frozen nodes.

Rules:
 * Nothing here evaluates: `agreement.language.model` is the meaning, `agreement.language.sql` the translations.
 * A name is a fact or a parameter; which of the two is settled when the agreement is loaded, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal as OneOf

Value = str | int | bool | Decimal | date
"""A present value. Missing is None and has no node of its own: it only ever comes from a fact."""

Comparator = OneOf["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Constant:
    """A literal: integer, decimal, text, date or boolean."""

    value: Value


@dataclass(frozen=True)
class FactName:
    """The value of a fact for the request at hand; may be missing."""

    name: str


@dataclass(frozen=True)
class ParameterName:
    """The dated value of a parameter: one value, or a list where it stands after IN."""

    name: str


@dataclass(frozen=True)
class Days:
    """Day arithmetic: `left` (a date) plus or minus `days` (an integer), or date minus date giving whole days."""

    left: Operand
    operator: OneOf["+", "-"]
    right: Operand


Operand = Constant | FactName | ParameterName | Days


@dataclass(frozen=True)
class Compare:
    """`left` compared with `right`; undetermined when either is missing."""

    left: Operand
    operator: Comparator
    right: Operand


@dataclass(frozen=True)
class In:
    """Membership in a list of constants or in a list parameter; undetermined when the operand is missing."""

    operand: Operand
    members: tuple[Constant, ...] | ParameterName


@dataclass(frozen=True)
class Between:
    """`low <= operand <= high`, both ends included."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True)
class IsNull:
    """Whether the operand is missing; always determined."""

    operand: Operand


@dataclass(frozen=True)
class Truth:
    """A boolean fact, parameter or constant standing as a condition."""

    operand: Operand


@dataclass(frozen=True)
class Not:
    """Kleene negation."""

    operand: Expression


@dataclass(frozen=True)
class And:
    """Kleene conjunction of two or more."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """Kleene disjunction of two or more."""

    operands: tuple[Expression, ...]


Expression = Compare | In | Between | IsNull | Truth | Not | And | Or
