"""Quote what was measured of a rule of evidence, as long as it was measured of the rule as it is.

Rules:
 * A bound goes stale when its rule is worded otherwise, when a value that the rule reads is another one, when values
   are brought into other forms, or when another rule of its list changes. A stale bound is named and never quoted.
 * A bound is an upper one, so it is rounded up.
 * A rule that contradicts or marks a rival decides nobody and has no rate of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from narrowgate.agreement.measured import Bound
from narrowgate.agreement.wording import Identity
from narrowgate.forms import VERSION as FORMS
from narrowgate.terms.agreement import Agreement, Evidence, EvidenceKind

Current = Mapping[tuple[str, str], Identity]
"""What each rule is now, by the list of rules that it decides in and its own id."""

UNMEASURED = "not measured"
NO_RATE = "none of its own: a rule of this kind decides nobody"


@dataclass(frozen=True)
class Quote:
    """A bound, and why it may no longer be quoted; None if it may."""

    bound: Bound
    stale: str | None

    @property
    def words(self) -> str:
        """What may be said of the rule by this bound."""
        bound, rows = self.bound, self.bound.rows.title
        about = f"{rows[:1].lower()}{rows[1:]}, {bound.on.isoformat()}"
        if self.stale is not None:
            return f"not measured under this wording ({about}: {self.stale})"
        if not bound.decisions:
            return f"none: it decided nobody under {bound.under} ({about})"
        counts = f"{bound.wrong:,} wrong of {bound.decisions:,} decisions under {bound.under}"
        return f"at most {per_million(bound.upper)} in a million ({counts}, {about})"


def quotes(bounds: Iterable[Bound], current: Current) -> tuple[Quote, ...]:
    """Each of `bounds`, held against what its rule is now."""
    return tuple(Quote(bound, _stale(bound, current.get((bound.under, bound.rule)))) for bound in bounds)


def in_words(rule: Evidence, found: Iterable[Quote]) -> tuple[str, ...]:
    """What is to be said of how `rule` was measured, a line for each set of rows."""
    if rule.kind is not EvidenceKind.ACCEPT:
        return (NO_RATE,)
    return tuple(quote.words for quote in found if quote.bound.rule == rule.id) or (UNMEASURED,)


def lapsed(agreement: Agreement, found: Iterable[Quote]) -> Iterator[str]:
    """What the quotes of `agreement`, all of them, no longer say or do not say, each with its place."""
    every = tuple(found)
    for quote in every:
        if quote.stale is not None:
            bound = quote.bound
            yield f"{bound.file}:{bound.line}: the bound of `{bound.rule}` is stale: {quote.stale}"
    for rule in agreement.evidence.values():
        if every and rule.kind is EvidenceKind.ACCEPT and rule.id not in {quote.bound.rule for quote in every}:
            yield f"{every[0].bound.file}: `{rule.id}` has no bound"


def per_million(rate: float) -> str:
    """A rate as so many in a million, to three digits that say something, rounded up: `3.86`, `16,100`."""
    value = Decimal(str(rate)) * 1_000_000
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - 2), ROUND_CEILING)
    return f"{rounded:,.{max(0, 2 - rounded.adjusted())}f}"


def _stale(bound: Bound, now: Identity | None) -> str | None:
    if now is None:
        return f"there is no `{bound.rule}` under `{bound.under}` now"
    if bound.forms != FORMS:
        return f"names, numbers and addresses are compared in other forms now, version {FORMS} and not {bound.forms}"
    if bound.of.wording != now.wording:
        return f"`{bound.rule}`, or a value that it reads, is another one now"
    if bound.of.list != now.list:
        return f"the rules beside it under `{bound.under}`, or the second opinion, are others now"
    return None
