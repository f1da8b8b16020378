"""Three values of truth, after Kleene, and how the values of an agreement are compared (`spec/agreement.md`).

Rules:
 * True, False, and None for undetermined: what is compared with a value that is missing is undetermined.
 * Only values of one type are compared, and only days and numbers have an order.
 * Days are numbers from 0001-01-01 on, so arithmetic that leads out of the calendar has an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from narrowgate_verify.problems import DoesNotVerify

Value = str | int | Decimal | bool | date
Values = Mapping[str, Value | None]
Parameters = Mapping[str, Value | tuple[Value, ...]]
Truth = bool | None
Condition = Callable[[Values, Parameters], Truth]
Operand = Callable[[Values, Parameters], Value | None]

FURTHEST = 36_525
"""Days by which a day may be moved."""
COMPARATORS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def all_of(truths: Collection[Truth]) -> Truth:
    """False if any is, else undetermined if any is, else true."""
    return False if False in truths else None if None in truths else True


def any_of(truths: Collection[Truth]) -> Truth:
    """True if any is, else undetermined if any is, else false."""
    return True if True in truths else None if None in truths else False


def negation(truth: Truth) -> Truth:
    """The other of true and false; undetermined stays so."""
    return None if truth is None else not truth


def compared(left: Operand, comparator: str, right: Operand) -> Condition:
    """Whether `left` stands to `right` as one of `COMPARATORS` says."""

    def truth(values: Values, parameters: Parameters) -> Truth:
        one, other = left(values, parameters), right(values, parameters)
        if one is None or other is None:
            return None
        return COMPARATORS[comparator](*_alike(one, other, ordered=comparator not in {"=", "<>"}))

    return truth


def moved(left: Operand, sign: str, right: Operand) -> Operand:
    """A day moved by days is a day, by its number; a day less a day is the days between."""

    def value(values: Values, parameters: Parameters) -> Value | None:
        one, other = left(values, parameters), right(values, parameters)
        if one is None or other is None:
            return None
        begin, step = _number(one), _number(other)
        if not isinstance(other, date) and abs(step) > FURTHEST:
            raise DoesNotVerify(f"`{step}` days are more than {FURTHEST:,}")
        return begin + step if sign == "+" else begin - step

    return value


def truth_of(operand: Operand) -> Condition:
    """What is true or false by itself; DoesNotVerify if it is neither."""

    def truth(values: Values, parameters: Parameters) -> Truth:
        value = operand(values, parameters)
        if value is None or isinstance(value, bool):
            return value
        raise DoesNotVerify(f"`{value}` stands where true or false is needed")

    return truth


def is_in(value: Value | None, members: tuple[Value, ...]) -> Truth:
    """Whether `value` is one of `members`."""
    return None if value is None else any(eq(*_alike(value, member, ordered=False)) for member in members)


def _alike(one: Value, other: Value, *, ordered: bool) -> tuple[Value, Value]:
    """Two values as they are compared; only those of one type are, and only days and numbers have an order."""
    one, other = _ordinal(one), _ordinal(other)
    kinds = {_kind(one), _kind(other)}
    if len(kinds) != 1 or (ordered and kinds != {"number"}):
        raise DoesNotVerify(f"`{one}` cannot be compared with `{other}`")
    return one, other


def _kind(value: Value) -> str:
    return "boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _ordinal(value: Value) -> Value:
    return value.toordinal() if isinstance(value, date) else value


def _number(value: Value) -> int:
    number = _ordinal(value)
    if isinstance(number, bool) or not isinstance(number, int):
        raise DoesNotVerify(f"`{value}` is neither a day nor a number of days")
    return number
