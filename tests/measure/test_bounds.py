"""Bounds are those of Clopper and Pearson, against values known from elsewhere and from the definition."""

from __future__ import annotations

import math

import pytest

from narrowgate.measure.bounds import lower, upper


@pytest.mark.parametrize("tried", [1, 10, 1_000, 750_000, 1_000_000, 20_000_000])
def test_of_none_seen_the_upper_bound_is_the_root_that_the_definition_gives(tried: int) -> None:
    assert upper(0, tried) == pytest.approx(1 - 0.05 ** (1 / tried), rel=1e-9)
    assert lower(0, tried) == 0.0
    assert lower(tried, tried) == pytest.approx(0.05 ** (1 / tried), rel=1e-9)
    assert upper(tried, tried) == 1.0


@pytest.mark.parametrize(
    ("seen", "tried", "low", "high"),
    [
        # One-sided at 95 % is one half of two-sided at 90 %: values of R's binom.test(x, n, conf.level = 0.9).
        (1, 10, 0.005116197, 0.3941633),
        (5, 10, 0.2224411, 0.7775589),
        (3, 20, 0.04216941, 0.3436646),
    ],
)
def test_bounds_agree_with_published_ones(seen: int, tried: int, low: float, high: float) -> None:
    assert lower(seen, tried) == pytest.approx(low, rel=1e-5)
    assert upper(seen, tried) == pytest.approx(high, rel=1e-5)


@pytest.mark.parametrize(("seen", "tried"), [(1, 50), (7, 300), (40, 41), (2, 100_000)])
def test_at_its_bound_a_count_comes_about_in_five_of_a_hundred(seen: int, tried: int) -> None:
    assert _at_most(seen, tried, upper(seen, tried)) == pytest.approx(0.05, rel=1e-6)
    assert 1 - _at_most(seen - 1, tried, lower(seen, tried)) == pytest.approx(0.05, rel=1e-6)


def test_where_nothing_was_tried_nothing_is_known() -> None:
    assert (lower(0, 0), upper(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize(("seen", "tried"), [(-1, 5), (6, 5)])
def test_what_is_no_count_is_refused(seen: int, tried: int) -> None:
    with pytest.raises(ValueError, match="is no count"):
        upper(seen, tried)


def _at_most(seen: int, tried: int, rate: float) -> float:
    """How likely `seen` or fewer are, added up term by term."""
    logs = [
        math.lgamma(tried + 1) - math.lgamma(k + 1) - math.lgamma(tried - k + 1)
        + k * math.log(rate) + (tried - k) * math.log1p(-rate)
        for k in range(seen + 1)
    ]  # fmt: skip
    return math.fsum(math.exp(log) for log in logs)
