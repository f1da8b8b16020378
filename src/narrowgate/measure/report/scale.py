"""Where a value stands in a drawing, and at which values an axis is marked.

Rules:
 * Rates of wrong persons stand on a logarithmic axis of whole decades; shares on one from nothing to all.
 * A logarithmic axis has no zero: who asks for it is told so, and must draw a bound instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A stretch of a drawing from `begin` to `end`; `marks` are the values that are marked, with their words."""

    begin: float
    end: float
    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Where `value` stands; what is off the scale stands at its end."""
        low, high, here = self._placed(self.low), self._placed(self.high), self._placed(value)
        share = (here - low) / (high - low)
        return self.begin + min(max(share, 0.0), 1.0) * (self.end - self.begin)

    def _placed(self, value: float) -> float:
        if not self.logarithmic:
            return value
        if value <= 0:
            raise ValueError(f"{value} has no place on a logarithmic axis")
        return math.log10(value)


def rates(begin: float, end: float, values: Iterable[float | None]) -> Scale:
    """A logarithmic axis of whole decades that has room for all `values` above zero, in words per million."""
    some = [value for value in values if value]
    low = math.floor(math.log10(min(some, default=1e-6)))
    high = max(math.ceil(math.log10(max(some, default=1.0))), low + 1)
    marks = tuple((10.0**power, f"{10.0 ** (power + 6):,.10g}") for power in range(low, high + 1))
    return Scale(begin, end, 10.0**low, 10.0**high, marks, logarithmic=True)


def shares(begin: float, end: float, *, least: float = 0.0) -> Scale:
    """An axis to 100 % from 0, or from a tenth below `least`."""
    first = max(math.floor(least * 10) - 1, 0)
    marks = tuple((tenth / 10, f"{tenth * 10} %") for tenth in range(first, 11) if (10 - tenth) % 2 == 0 or first > 2)
    return Scale(begin, end, first / 10, 1.0, marks)
