"""Numbers in the words of the report: counts, shares and rates, always in the same way.

Rules:
 * A count has its thousands set apart. A share is in percent. A rate of wrong persons is per million, so that one
   measure serves from the best to the worst.
 * What is not known is a dash, never a zero.
"""

from __future__ import annotations

UNKNOWN = "–"


def count(value: int | None) -> str:
    """`1,234`."""
    return UNKNOWN if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """`97.30 %`."""
    return UNKNOWN if value is None else f"{value:.2%}".replace("%", " %")


def points(value: float | None) -> str:
    """A difference of two shares, in percentage points, with its sign."""
    return UNKNOWN if value is None else f"{value * 100:+.2f}".replace("-", "−")


def per_million(value: float | None) -> str:
    """Three digits that say something: `46.1`, `16,100`."""
    if value is None:
        return UNKNOWN
    rounded = float(f"{value * 1e6:.3g}")
    return f"{rounded:,.{_places(rounded)}f}" if rounded else "0"


def plain(name: str) -> str:
    """The id of a part of the rows as words."""
    return name.replace("_", " ")


def _places(rounded: float) -> int:
    """How many places make three digits of it."""
    return next((places for least, places in ((100, 0), (10, 1), (1, 2), (0.1, 3)) if rounded >= least), 4)
