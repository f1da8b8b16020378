"""Check an agreement beyond what loading does: its cases, both sides of every edge, and what its conditions mean.

Rules:
 * Loading has already checked language, types, cites, dates and guarantees: an agreement that gets here is sound.
 * Falling short is an answer, not an error: every shortcoming is named with its file and line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from narrowgate.agreement.cases import Found, Outcome, Whole, cases, judge_whole, run_cases
from narrowgate.agreement.elements import unmapped
from narrowgate.agreement.folder import read
from narrowgate.agreement.load import TEXT, load
from narrowgate.agreement.mutation import Score, score
from narrowgate.agreement.proof.notices import Notice, notices
from narrowgate.terms.agreement import Agreement
from narrowgate.terms.determination import Disposition, Finding
from narrowgate.terms.fact import Vocabulary


@dataclass(frozen=True)
class Report:
    """What checking came to. `shortcomings` fail the check, each with its place; `notices` are only told."""

    agreement: Agreement
    cases: int
    shortcomings: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """What the cases came to: those that did not come to what they state, and the mutation score."""

    agreement: Agreement
    cases: int
    wrong: tuple[Outcome, ...]
    wrong_wholes: tuple[tuple[Whole, Disposition], ...]
    score: Score

    @property
    def passed(self) -> bool:
        """Whether every case came out, and every change was noticed."""
        return not (self.wrong or self.wrong_wholes or self.score.survivors)


def check(folder: Path, *, facts: Vocabulary, comparisons: Vocabulary) -> Report:
    """Check the agreement in `folder`; AgreementError where it cannot even be loaded."""
    agreement = load(folder, facts=facts, comparisons=comparisons)
    found = cases(folder, facts=facts, comparisons=comparisons)
    told = notices(agreement, facts, comparisons)
    return Report(
        agreement=agreement,
        cases=len(found.cases) + len(found.wholes),
        shortcomings=(
            *_one_sided(agreement, found, folder),
            *_wrong(agreement, found),
            *unmapped(agreement, read(folder), folder.name),
            *(_placed(folder, notice) for notice in told if notice.error),
        ),
        notices=tuple(_placed(folder, notice) for notice in told if not notice.error),
    )


def test(folder: Path, *, facts: Vocabulary, comparisons: Vocabulary) -> Trial:
    """Try every case of the agreement in `folder`, and whether the cases notice what they should."""
    agreement = load(folder, facts=facts, comparisons=comparisons)
    found = cases(folder, facts=facts, comparisons=comparisons)
    judged = tuple((whole, judge_whole(agreement, whole)) for whole in found.wholes)
    return Trial(
        agreement=agreement,
        cases=len(found.cases) + len(found.wholes),
        wrong=tuple(one for one in run_cases(agreement, found.cases) if not one.as_expected),
        wrong_wholes=tuple((whole, came_to) for whole, came_to in judged if came_to is not whole.disposition),
        score=score(agreement, found.cases, found.wholes, facts=facts, comparisons=comparisons),
    )


def _one_sided(agreement: Agreement, found: Found, folder: Path) -> Iterator[str]:
    """Conditions without a case on each side of their edge."""
    sides: dict[str, set[Finding]] = defaultdict(set)
    for case in found.cases:
        sides[case.condition].add(case.finding)
    for condition in agreement.conditions:
        for side in (Finding.SATISFIED, Finding.NOT_SATISFIED):
            if side not in sides[condition.id]:
                yield f"{folder.name}/{TEXT}:{condition.line}: no case in which `{condition.id}` is {side.value}"


def _wrong(agreement: Agreement, found: Found) -> Iterator[str]:
    """Cases that do not come to what they state."""
    for one in run_cases(agreement, found.cases):
        if not one.as_expected:
            place = f"{one.case.file}:{one.case.line}"
            yield f"{place}: `{one.case.condition}`, {one.case.name}: {one.finding.value}, not {one.case.finding.value}"
    for whole in found.wholes:
        came_to = judge_whole(agreement, whole)
        if came_to is not whole.disposition:
            yield f"{whole.file}:{whole.line}: {whole.name}: {came_to.value}, not {whole.disposition.value}"


def _placed(folder: Path, notice: Notice) -> str:
    return f"{folder.name}/{TEXT}:{notice.line}: {notice.message}"
