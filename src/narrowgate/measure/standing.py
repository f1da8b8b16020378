"""Hold the bounds in an agreement's folder against the agreement as it is, and against their own counts.

Rules:
 * What a bound is of is worked out here for the measurement that writes it and for the check that reads it, so that the
   two cannot differ.
 * A bound that does not follow from its counts was not measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date

from narrowgate.agreement.measured import Bound
from narrowgate.agreement.wording import Identity, identities
from narrowgate.matching.decision import second_opinion
from narrowgate.measure.bounds import upper
from narrowgate.measure.evidence import rulings
from narrowgate.terms.agreement import Agreement, Basis

_CLOSE = 1e-9
"""A processor may round the last digits of a bound otherwise."""


def standing(agreement: Agreement, *, on: date) -> dict[tuple[str, str], Identity]:
    """What each rule of `agreement` is on the day `on`, by the list of rules that it decides in and its id."""
    return {
        (ruling.id, rule): one
        for ruling in rulings(agreement, on=on)
        for rule, one in measured_as(ruling.basis).items()
    }


def measured_as(basis: Basis) -> dict[str, Identity]:
    """What a measurement under `basis` measures, by rule."""
    return identities(basis, second_opinion=second_opinion(basis))


def mistaken(bounds: Iterable[Bound]) -> Iterator[str]:
    """The bounds that do not follow from their counts, each with its place."""
    for bound in bounds:
        follows = upper(bound.wrong, bound.decisions)
        if not math.isclose(bound.upper, follows, rel_tol=_CLOSE):
            place, counts = f"{bound.file}:{bound.line}", f"{bound.wrong} wrong of {bound.decisions} decisions"
            yield f"{place}: the bound of `{bound.rule}` by {counts} is {follows!r}, not {bound.upper!r}"
