"""Say what a clause is: its law, its condition in plain words, the facts it reads, who binds it, and its history.

Rules:
 * Everything said is in the agreement, in what was measured of it, or in the vocabulary; nothing is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import facts_of, parameters_of, words
from narrowgate.agreement.quotes import Quote
from narrowgate.errors import WrongUse
from narrowgate.terms.agreement import Agreement, Clause, Dated, Evidence, Guarantee, Statute
from narrowgate.terms.fact import Fact, Vocabulary


@dataclass(frozen=True)
class Explanation:
    """One condition of an agreement, opened up.

    `positions` are (question, position, title) that bring it; `history` are the dated values of what it reads;
    `quotes` what was measured of it, by set of rows.
    """

    condition: Clause | Evidence | Guarantee
    words: str
    facts: tuple[Fact, ...]
    readings: tuple[str, ...]
    positions: tuple[tuple[str, str, str], ...]
    history: tuple[tuple[str, Dated], ...]
    statutes: tuple[Statute, ...]
    quotes: tuple[Quote, ...]


def explain_condition(
    agreement: Agreement, name: str, *, on: date, vocabulary: Vocabulary, quotes: Iterable[Quote] = ()
) -> Explanation:
    """The clause, evidence rule or guarantee `name`, with the values of `on`; wrong use if there is none.

    `quotes` are those of the agreement's rules.
    """
    found = agreement.clauses.get(name) or agreement.evidence.get(name) or agreement.guarantees.get(name)
    if found is None:
        known = ", ".join((*agreement.clauses, *agreement.evidence, *agreement.guarantees))
        raise WrongUse(f"`{agreement.id}` has no clause `{name}`", f"it has {known}; no record was looked up")
    parameters = basis(agreement, None, on=on).parameters
    read = sorted(parameters_of(found.expression))
    return Explanation(
        condition=found,
        words=words(found.expression, parameters),
        facts=tuple(vocabulary[fact] for fact in sorted(facts_of(found.expression))),
        readings=tuple(one.id for one in agreement.readings.values() if name in (*one.binds, *one.evidence)),
        positions=tuple(_positions(agreement, name)),
        history=tuple((parameter, dated) for parameter in read for dated in agreement.parameters[parameter]),
        statutes=tuple(agreement.statutes.values()) if any(one.startswith("statutes_") for one in read) else (),
        quotes=tuple(quote for quote in quotes if quote.bound.rule == name),
    )


def _positions(agreement: Agreement, name: str) -> Iterator[tuple[str, str, str]]:
    """The positions that bring the condition, by their questions."""
    for question in agreement.questions.values():
        for position in question.positions.values():
            if name in (*position.binds, *position.evidence):
                yield question.id, position.id, position.title
