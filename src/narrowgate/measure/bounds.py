"""Exact bounds for a rate of which a count was seen (Clopper and Pearson, Biometrika 26, 1934).

Rules:
 * A bound is one-sided, at 95 %: were the true rate beyond it, a count like the one seen would come about in fewer
   than 5 of 100 such measurements. For a count of 0 the upper bound is about 3 divided by the trials (the rule of
   three).
 * Where nothing was tried nothing is known: the bounds are 0 and 1.
 * Only the standard library: the incomplete beta function is worked out here by its continued fraction (Press et al.,
   Numerical Recipes, section 6.4).
"""

from __future__ import annotations

import math

CONFIDENCE = 0.95
_CLOSE, _SMALL, _STEPS = 1e-14, 1e-300, 200_000


def upper(seen: int, tried: int) -> float:
    """The highest rate at which `seen` or fewer of `tried` would come about in 5 of 100 measurements."""
    _check(seen, tried)
    return 1.0 if seen == tried else _quantile(CONFIDENCE, seen + 1, tried - seen)


def lower(seen: int, tried: int) -> float:
    """The lowest rate at which `seen` or more of `tried` would come about in 5 of 100 measurements."""
    _check(seen, tried)
    return 0.0 if seen == 0 else _quantile(1 - CONFIDENCE, seen, tried - seen + 1)


def _check(seen: int, tried: int) -> None:
    if not 0 <= seen <= tried:
        raise ValueError(f"{seen} of {tried} is no count")


def _quantile(share: float, a: int, b: int) -> float:
    """The x at which the incomplete beta function of `a` and `b` is `share`."""
    low, high = 0.0, 1.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _beta(middle, a, b) < share else (low, middle)
    return high


def _beta(x: float, a: int, b: int) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: int, b: int) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            result *= d * c
        if abs(d * c - 1) < _CLOSE:
            return result
    raise ArithmeticError(f"the incomplete beta function of {a} and {b} was not found at {x}")


def _away(value: float) -> float:
    """`value`, or the least that can be divided by."""
    return value if abs(value) > _SMALL else _SMALL
