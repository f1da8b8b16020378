"""The bars that the matching station must clear, and whether it does.

Rules:
 * A bar says what was wanted and what was measured; one that cannot be measured, for want of a truth, is missed.
 * Bars of a set of rows that was not measured are not listed.
 * Numbers that somebody may argue about stand here, with their reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from narrowgate.measure.bounds import upper
from narrowgate.measure.counts import Count
from narrowgate.measure.report.words import per_million

WRONG_UPPER = 4e-6
"""Four in a million decisions, as an upper bound: what three quarters of a million without a wrong person can show."""
TIMES_FEWER = 100
"""Wrong persons by the rule of 2025 for each of ours; where ours are none, it must have had at least so many."""
RECALL_OF_MATCHABLE = 0.90
"""A station that refers everybody would make no mistake either."""
FEBRL4_RECALL = 0.99
"""At which the best programs find nobody wrong in FEBRL4."""


@dataclass(frozen=True)
class Bar:
    """One bar; `wanted` and `measured` are for people to read."""

    id: str
    what: str
    wanted: str
    measured: str
    met: bool

    def as_json(self) -> dict[str, object]:
        """All of it."""
        return asdict(self)

    @property
    def line(self) -> str:
        """What a person reads of it."""
        return f"{'reached' if self.met else 'missed'}: {self.what}: {self.measured} (wanted: {self.wanted})"


@dataclass(frozen=True)
class Counts:
    """What the bars of one set are about: ours under its default rules, its subgroups, and the practice of 2025."""

    ours: Count
    subgroups: Mapping[str, Count]
    control: Count | None


def bars(counted: Mapping[str, Counts]) -> tuple[Bar, ...]:
    """The bars of the sets that were measured."""
    found: list[Bar] = []
    if "hostile" in counted:
        found += _hostile(counted["hostile"])
    if "febrl4" in counted:
        found += _febrl4(counted["febrl4"].ours)
    return tuple(found)


def _hostile(counts: Counts) -> Iterator[Bar]:
    ours = counts.ours
    yield Bar("no-wrong-person", "wrong persons decided upon by rule, hostile rows", "0", f"{ours.wrong:,}",
        ours.wrong == 0)  # fmt: skip
    yield _rate(ours)
    if counts.control is not None:
        yield Bar("fewer-than-2025", "wrong persons by number and four letters of the name, for each of ours",
            f"{TIMES_FEWER} or more", f"{counts.control.wrong:,} to {ours.wrong:,}",
            counts.control.wrong >= TIMES_FEWER * max(ours.wrong, 1))  # fmt: skip
    recall = ours.recall_of_matchable
    yield Bar("recall", "found, of those whose evidence suffices, hostile rows", f"{RECALL_OF_MATCHABLE:.0%} or more",
        "the truth does not say whose evidence suffices" if recall is None else f"{recall:.2%}",
        recall is not None and recall >= RECALL_OF_MATCHABLE)  # fmt: skip
    yield _subgroups(counts.subgroups)


def _rate(ours: Count) -> Bar:
    """Of the decisions, which is stricter than of the requests; both are told."""
    bound, of_requests = upper(ours.wrong, ours.decided), upper(ours.wrong, ours.requests)
    return Bar("wrong-rate-bound", "upper bound of wrong persons, hostile rows",
        f"{_rated(WRONG_UPPER)} decisions or less", f"{_rated(bound)} of {ours.decided:,} decisions "
        f"({_rated(of_requests)} of all {ours.requests:,} requests)", bound <= WRONG_UPPER)  # fmt: skip


def _rated(rate: float) -> str:
    return f"{per_million(rate)} per million"


def _subgroups(counted: Mapping[str, Count]) -> Bar:
    """No subgroup has a wrong person. That its rate is as low as that of all no small subgroup can show."""
    decided = {name: count for name, count in counted.items() if count.decided}
    with_wrong = [f"{name} {count.wrong:,} of {count.decided:,}" for name, count in decided.items() if count.wrong]
    told = [", ".join(with_wrong) or f"0 in each of {len(counted)}"]
    if decided:
        name, count = max(decided.items(), key=lambda one: upper(one[1].wrong, one[1].decided))
        bound = _rated(upper(count.wrong, count.decided))
        told.append(f"the widest bound is that of `{name}`, {bound} of {count.decided:,} decisions")
    return Bar("no-wrong-person-in-a-subgroup", "wrong persons in any subgroup, hostile rows", "0 in each",
        "; ".join(told), bool(decided) and not with_wrong)  # fmt: skip


def _febrl4(count: Count) -> Iterator[Bar]:
    yield Bar("febrl4-precision", "wrong persons, FEBRL4", "0", f"{count.wrong:,}", count.wrong == 0)
    yield Bar("febrl4-recall", "found, FEBRL4", f"{FEBRL4_RECALL:.0%} or more", f"{count.recall or 0:.2%}",
        (count.recall or 0) >= FEBRL4_RECALL)  # fmt: skip
