"""Try an agreement's cases: does any of them notice when a condition is changed a little, or falls away?

Rules:
 * Every condition is changed in every small way (`mutants`), and taken out of the default reading. A change that no
   case notices is a survivor.
 * A change that comes to the same for all facts is no change: that is proved, and it is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import z3

from narrowgate.agreement.cases import Case, Whole, judge_whole, parameters_of_case
from narrowgate.agreement.language import evaluate, spell
from narrowgate.agreement.language.model import Parameters
from narrowgate.agreement.mutants import mutants
from narrowgate.agreement.proof.encode import Encoder
from narrowgate.terms.agreement import Agreement, Clause, Evidence
from narrowgate.terms.determination import Finding
from narrowgate.terms.expression import Expression
from narrowgate.terms.fact import Reads, Vocabulary


@dataclass(frozen=True)
class Survivor:
    """A change that no case noticed: the condition, and what it was changed to."""

    condition: str
    mutant: str
    line: int


@dataclass(frozen=True)
class Score:
    """How many changes were tried, and those that nothing noticed."""

    tried: int
    survivors: tuple[Survivor, ...]

    @property
    def share(self) -> float:
        """The share of changes that some case noticed."""
        return 1.0 if not self.tried else 1 - len(self.survivors) / self.tried


def score(
    agreement: Agreement,
    cases: Iterable[Case],
    wholes: Iterable[Whole],
    *,
    facts: Vocabulary,
    comparisons: Vocabulary,
) -> Score:
    """The mutation score of the cases of `agreement`."""
    tried, survivors = 0, list[Survivor]()
    every, whole = tuple(cases), tuple(wholes)
    for condition in agreement.conditions:
        vocabulary = facts if isinstance(condition, Clause) else comparisons
        about = [case for case in every if case.condition == condition.id]
        for mutant in _changed(agreement, condition, about, vocabulary):
            tried += 1
            if not _noticed(mutant, agreement, about):
                survivors.append(Survivor(condition.id, spell(mutant), condition.line))
    for clause in _bound(agreement):
        tried += 1
        if not _missed(agreement, clause, whole):
            survivors.append(Survivor(clause.id, f"taken out of `{agreement.default_reading}`", clause.line))
    return Score(tried, tuple(survivors))


def _changed(
    agreement: Agreement, condition: Clause | Evidence, about: list[Case], vocabulary: Vocabulary
) -> Iterator[Expression]:
    """The mutants of a condition that do not come to the same."""
    for mutant in mutants(condition.expression):
        if (
            _noticed(mutant, agreement, about)
            or not about
            or not _same(condition.expression, mutant, parameters_of_case(agreement, about[0], None), vocabulary)
        ):
            yield mutant


def _noticed(mutant: Expression, agreement: Agreement, about: list[Case]) -> bool:
    return any(
        Finding.of(evaluate(mutant, case.row, parameters_of_case(agreement, case, None))) is not case.finding
        for case in about
    )


def _same(one: Expression, other: Expression, parameters: Parameters, vocabulary: Vocabulary) -> bool:
    """Whether two conditions come to the same for all facts: proved, or they count as different."""
    encoder = Encoder(vocabulary)
    first, second = encoder.condition(one, parameters), encoder.condition(other, parameters)
    solver = z3.Solver()
    solver.add(encoder.domain)
    return bool(solver.check(z3.Or(first.true != second.true, first.false != second.false)) == z3.unsat)


def _bound(agreement: Agreement) -> Iterator[Clause]:
    """The clauses of the default reading that a determination needs."""
    binds = agreement.readings[agreement.default_reading].binds
    for clause in agreement.clauses.values():
        if clause.id in binds and clause.reads is not Reads.RELEASE:
            yield clause


def _missed(agreement: Agreement, clause: Clause, wholes: tuple[Whole, ...]) -> bool:
    """Whether some case of a whole request comes to something else without `clause`."""
    default = agreement.readings[agreement.default_reading]
    without = replace(default, binds=tuple(name for name in default.binds if name != clause.id))
    changed = replace(agreement, readings={**agreement.readings, default.id: without})
    return any(judge_whole(changed, case) is not case.disposition for case in wholes)
