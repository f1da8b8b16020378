"""The flagship agreement, loaded with the vocabularies that the stations declare."""

from __future__ import annotations

from functools import cache

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.terms.agreement import Agreement

__all__ = ["COMPARISONS", "FACTS", "FOLDER", "agreement"]

FOLDER = shipped("irs-ice-2025")


@cache
def agreement() -> Agreement:
    """The flagship agreement as it ships."""
    return load(FOLDER, facts=FACTS, comparisons=COMPARISONS)
