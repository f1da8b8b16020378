"""Prove, when an agreement is loaded, that its guarantees hold for every disclosure under its default reading.

Rules:
 * A request is disclosed as `agreement.disposition` says; what follows from that for any facts at all is proved, not
   tried. The facts are free: whatever a request may say is covered.
 * It is proved for every stretch of days on which the same clauses and parameters bind.
 * Besides what the agreement states: under every reading that can release, a disclosure has every clause satisfied,
   so that nothing undetermined discloses.
 * A guarantee that does not hold stops the loading, and the error shows facts for which it fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import z3

from narrowgate.agreement.disposition import dispositions
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import facts_of
from narrowgate.agreement.language.spelling import spell_value
from narrowgate.agreement.proof.encode import Encoder, Formula, Known, Truths
from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import Agreement, Basis, Guarantee
from narrowgate.terms.determination import Disposition
from narrowgate.terms.expression import Value
from narrowgate.terms.fact import Vocabulary

MILLISECONDS = 10_000
"""For one proof. Those of the flagship take a hundredth of a second."""


@dataclass(frozen=True)
class Counterexample:
    """Facts of a request that would be disclosed though `guarantee` does not hold of it; None for one on cover."""

    guarantee: Guarantee | None
    reading: str
    on: date
    facts: dict[str, Value | None]

    @property
    def told(self) -> str:
        """What the error says."""
        said = ", ".join(
            f"{name} IS NULL" if value is None else f"{name} = {spell_value(value)}"
            for name, value in self.facts.items()
        )
        what = "a clause that is not satisfied" if self.guarantee is None else f"the guarantee `{self.guarantee.id}`"
        broken = "and still discloses" if self.guarantee is None else "does not hold of a request that is disclosed"
        return f"{what} {broken} under `{self.reading}` on {self.on}: {said or 'whatever the facts'}"


def prove(agreement: Agreement, facts: Vocabulary, *, file: str) -> None:
    """Raise AgreementError with the first counterexample, or where a proof takes too long."""
    for found in counterexamples(agreement, facts, file=file):
        line = agreement.readings[found.reading].line if found.guarantee is None else found.guarantee.line
        raise AgreementError(found.told, file=file, line=line)


def counterexamples(agreement: Agreement, facts: Vocabulary, *, file: str) -> Iterator[Counterexample]:
    """What stands against the guarantees of `agreement`, and against cover; nothing if all is proved."""
    for reading in agreement.readings.values():
        if reading.historical:
            continue
        default = reading.id == agreement.default_reading
        for on in stretches(agreement):
            bound = basis(agreement, reading.id, on=on)
            yield from _against(bound, facts, tuple(agreement.guarantees.values()) if default else (), file)


def stretches(agreement: Agreement) -> tuple[date, ...]:
    """The first day of each stretch of the agreement's days on which what binds is the same."""
    edges = {agreement.begins}
    spans = [(one.begins, one.ends) for values in agreement.parameters.values() for one in values]
    spans += [(one.begins or date.min, one.ends) for one in agreement.clauses.values()]
    for begins, ends in spans:
        edges.add(begins)
        if ends is not None and ends < date.max:
            edges.add(ends + timedelta(days=1))
    last = agreement.ends or date.max
    return tuple(sorted(day for day in edges if agreement.begins <= day <= last))


def _against(bound: Basis, facts: Vocabulary, guarantees: tuple[Guarantee, ...], file: str) -> Iterator[Counterexample]:
    encoder = Encoder(facts)
    findings = {clause.id: encoder.condition(clause.expression, bound.parameters) for clause in bound.judged}
    promised = {one.id: encoder.condition(one.expression, bound.parameters) for one in guarantees}
    disclosed = discloses(encoder, bound, findings)
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add([*encoder.domain, disclosed])
    cover = z3.Or([z3.Not(finding.true) for finding in findings.values()])
    shown = tuple(sorted({name for clause in bound.judged for name in facts_of(clause.expression)}))
    for guarantee, broken, names in (
        (None, cover, shown),
        *((one, z3.Not(promised[one.id].true), tuple(sorted(facts_of(one.expression)))) for one in guarantees),
    ):
        found = _model(solver, broken, guarantee, file)
        if found is not None:
            row = {name: encoder.read(found, name) for name in names}
            yield Counterexample(guarantee, bound.reading.id, bound.on, row)


def discloses(encoder: Encoder, bound: Basis, findings: dict[str, Truths]) -> Formula:
    """When the rules of disposition come to a disclosure, given the findings on the clauses of `bound`."""
    known: dict[str, Known] = {name: finding.as_known for name, finding in findings.items()}
    earlier: list[Formula] = []
    for found, rule in dispositions(bound.judged):
        decides = encoder.condition(rule, {}, known).true
        if found is Disposition.DISCLOSE:
            return z3.And([decides, *(z3.Not(one) for one in earlier)])
        earlier.append(decides)
    raise AssertionError("no rule discloses")


def _model(solver: Formula, broken: Formula, guarantee: Guarantee | None, file: str) -> Formula:
    """A model in which something is disclosed and `broken` holds; None if there is none."""
    solver.push()
    try:
        solver.add(broken)
        answer = solver.check()
        if answer == z3.unknown:
            line = None if guarantee is None else guarantee.line
            raise AgreementError("a guarantee could not be proved in time", file=file, line=line)
        return solver.model() if answer == z3.sat else None
    finally:
        solver.pop()
