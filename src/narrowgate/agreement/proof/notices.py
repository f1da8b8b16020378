"""Find what an agreement's conditions cannot mean to say: never satisfied, never refused, at odds, or needless.

Rules:
 * A clause that no facts satisfy, or that no facts fail, is an error: it says nothing, or stops everything.
 * A reading under which nothing can ever be disclosed is told of, with the clauses that are at odds; it may be meant.
 * A clause that the others of its reading imply is told of: taking it out would change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from narrowgate.agreement.in_force import basis
from narrowgate.agreement.proof.encode import Encoder, Formula, Truths
from narrowgate.terms.agreement import Agreement, Basis, EvidenceKind
from narrowgate.terms.fact import Vocabulary


@dataclass(frozen=True)
class Notice:
    """Something `check` tells; an `error` fails the check. `ids` are the clauses or rules it is about."""

    error: bool
    ids: tuple[str, ...]
    message: str
    line: int


def notices(agreement: Agreement, facts: Vocabulary, comparisons: Vocabulary) -> tuple[Notice, ...]:
    """What is to be told of `agreement`, whose parts are sound one by one."""
    found: dict[tuple[tuple[str, ...], str], Notice] = {}
    for reading in agreement.readings.values():
        bound = basis(
            agreement, reading.id, on=max(agreement.begins, min(reading.dated, agreement.ends or reading.dated))
        )
        for notice in (*_of_clauses(bound, facts), *_of_evidence(bound, comparisons)):
            found.setdefault((notice.ids, notice.message), notice)
    return tuple(sorted(found.values(), key=lambda notice: (not notice.error, notice.line)))


def _of_clauses(bound: Basis, facts: Vocabulary) -> Iterator[Notice]:
    """On the clauses of one reading: alone, together, and each beside the others."""
    encoder = Encoder(facts)
    truths = {clause.id: encoder.condition(clause.expression, bound.parameters) for clause in bound.clauses}
    solver = z3.Solver()
    solver.add(encoder.domain)
    lines = {clause.id: clause.line for clause in bound.clauses}
    for name, truth in truths.items():
        if not _can(solver, truth.true):
            yield Notice(True, (name,), f"no facts satisfy the clause `{name}`", lines[name])
        elif not _can(solver, z3.Not(truth.true)):
            yield Notice(True, (name,), f"no facts fail the clause `{name}`", lines[name])
    at_odds = _at_odds(solver, truths)
    if at_odds:
        names = ", ".join(f"`{name}`" for name in at_odds)
        message = f"nothing can be disclosed under the reading `{bound.reading.id}`: {names} are at odds"
        yield Notice(False, at_odds, message, bound.reading.line)
        return
    for name, own in truths.items():
        others = [truth.true for other, truth in truths.items() if other != name]
        if not _can(solver, *others, z3.Not(own.true)):
            message = f"under `{bound.reading.id}` the clause `{name}` follows from the others"
            yield Notice(False, (name,), message, lines[name])


def _of_evidence(bound: Basis, comparisons: Vocabulary) -> Iterator[Notice]:
    """On the rules of evidence of one reading."""
    encoder = Encoder(comparisons)
    truths = {rule.id: encoder.condition(rule.expression, bound.parameters) for rule in bound.evidence}
    solver = z3.Solver()
    solver.add(encoder.domain)
    contradicted = [z3.Not(truths[rule.id].true) for rule in bound.evidence if rule.kind is EvidenceKind.CONTRADICT]
    for rule in bound.evidence:
        if not _can(solver, truths[rule.id].true):
            yield Notice(True, (rule.id,), f"no comparison satisfies the evidence rule `{rule.id}`", rule.line)
        elif rule.kind is EvidenceKind.ACCEPT and not _can(solver, truths[rule.id].true, *contradicted):
            message = f"under `{bound.reading.id}` whoever the rule `{rule.id}` accepts is contradicted"
            yield Notice(False, (rule.id,), message, rule.line)


def _can(solver: Formula, *formulas: Formula) -> bool:
    """Whether all of `formulas` can hold together; what the solver cannot tell counts as can."""
    solver.push()
    solver.add(*formulas)
    answer = solver.check()
    solver.pop()
    return bool(answer != z3.unsat)


def _at_odds(solver: Formula, truths: dict[str, Truths]) -> tuple[str, ...]:
    """Clauses that cannot all be satisfied, few of them; none if all can."""
    marks = {name: z3.Bool(f"clause {name}") for name in truths}
    solver.push()
    for name, truth in truths.items():
        solver.add(z3.Implies(marks[name], truth.true))
    answer = solver.check(*marks.values())
    core = {str(mark) for mark in solver.unsat_core()} if answer == z3.unsat else set()
    solver.pop()
    return tuple(name for name in truths if f"clause {name}" in core)
