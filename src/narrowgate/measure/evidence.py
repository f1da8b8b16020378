"""Which rules of evidence are measured: those of the flagship agreement's readings, and a short list for FEBRL4.

Rules:
 * A reading is measured once for all readings with the same rules. Its clauses are left out: they ask whether a request
   may be answered, and here every request stands.
 * Where the default reading's rules come from one position of a question, another position that is offered is measured
   too, so that every rule of the agreement has its bound.
 * The list for FEBRL4 is written, parsed and decided by as an agreement's is; it lies beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.blocks import blocks
from narrowgate.agreement.build import build_evidence
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.terms.agreement import Agreement, Basis, Evidence, Reading

FLAGSHIP = "irs-ice-2025"
FEBRL4 = Path(__file__).with_name("febrl4.md")


@dataclass(frozen=True)
class Ruling:
    """Rules of evidence under which the station decides; `also` are other readings that have the same."""

    id: str
    title: str
    basis: Basis
    also: tuple[str, ...] = ()

    @property
    def is_record(self) -> bool:
        """Whether they are those of a record of what was done, under an agreement."""
        return self.basis.reading.historical and self.basis.agreement != "febrl4"


def flagship() -> Agreement:
    """The agreement whose rules are measured."""
    return load(shipped(FLAGSHIP), facts=FACTS, comparisons=COMPARISONS)


def rulings(agreement: Agreement, *, on: date) -> tuple[Ruling, ...]:
    """The different lists of rules that readings and positions of `agreement` bring, the default reading's first."""
    found: dict[tuple[str, ...], Ruling] = {}
    for name in dict.fromkeys((agreement.default_reading, *agreement.readings)):
        bound = replace(basis(agreement, name, on=on), clauses=())
        known = found.get(_rules(bound))
        also = () if known is None else (*known.also, name)
        found[_rules(bound)] = Ruling(name, _titled(bound), bound) if known is None else replace(known, also=also)
    (default, *_) = found.values()
    return (*found.values(), *(one for one in _positions(agreement, default.basis) if _rules(one.basis) not in found))


def _rules(basis: Basis) -> tuple[str, ...]:
    return tuple(rule.id for rule in basis.evidence)


def _titled(bound: Basis) -> str:
    """Whose rules they are: a record of what was done is not ours, though the same station decides by it."""
    return bound.reading.id if bound.reading.historical else f"Narrowgate, {bound.reading.id}"


def _positions(agreement: Agreement, default: Basis) -> Iterator[Ruling]:
    """The default reading with another position on the question that its rules come from."""
    for question in agreement.questions.values():
        taken = default.reading.positions.get(question.id)
        if taken is None or not question.positions[taken].evidence:
            continue
        for position in question.positions.values():
            if position.id != taken and position.evidence and not position.not_offered:
                kept = {rule.id for rule in default.evidence} - set(question.positions[taken].evidence)
                chosen = tuple(rule for name, rule in agreement.evidence.items() if name in kept | {*position.evidence})
                yield Ruling(f"{default.reading.id}-{question.id}{position.id}",
                    f"Narrowgate, {default.reading.id} with {question.id} {position.id}",
                    replace(default, evidence=chosen))  # fmt: skip


def febrl4(*, on: date) -> Ruling:
    """The list of rules for FEBRL4."""
    file = FEBRL4.name
    found = blocks(FEBRL4.read_text(encoding="utf-8"), file=file)
    return Ruling("febrl4", "Narrowgate, rules for FEBRL4", _of(
        (build_evidence(block, comparisons=COMPARISONS, parameters={}) for block in found), on=on))  # fmt: skip


def _of(rules: Iterable[Evidence], *, on: date) -> Basis:
    """A basis that has `rules` and nothing else. Like a record it is for measuring, never for a run."""
    evidence = tuple(rules)
    reading = Reading(
        id="febrl4", title="the rules of the benchmark", dated=on, sources=(), binds=(),
        evidence=tuple(rule.id for rule in evidence), parameters={}, positions={}, left_open=frozenset(),
        otherwise=None, historical=True, line=1,
    )  # fmt: skip
    return Basis(agreement="febrl4", digest="", reading=reading, on=on, clauses=(), parameters={}, evidence=evidence,
        releasable=())  # fmt: skip
