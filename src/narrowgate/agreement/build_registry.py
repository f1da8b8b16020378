"""Turn the blocks of statutes and guarantees into values.

Rules:
 * A statute that is not accepted says why, and needs nothing.
 * A guarantee reads only what is known when a request is determined.
"""

from __future__ import annotations

from collections.abc import Mapping

from narrowgate.agreement.build import KNOWN, build_days, build_ids, build_test, build_word
from narrowgate.agreement.language import ParameterType, facts_of
from narrowgate.agreement.table import Table
from narrowgate.terms.agreement import Guarantee, Statute, StatuteKind
from narrowgate.terms.fact import Vocabulary


def build_statute(block: Table) -> Statute:
    """One statute of the registry. Its id is the cite as the fact `statute` spells it."""
    block.only(needs=("id", "title", "kind", "accepted", "why", "source"), may=("needs", "begins", "ends"))
    accepted, needs = block.flag("accepted"), build_ids(block, "needs")
    if needs and not accepted:
        raise block.refuse("a statute that is not accepted needs nothing", "needs")
    begins, ends = build_days(block)
    return Statute(
        cite=block.text("id"),
        title=block.prose("title"),
        kind=build_word(block, "kind", StatuteKind, tuple(StatuteKind)),
        accepted=accepted,
        needs=needs,
        why=block.prose("why"),
        source=block.prose("source"),
        begins=begins,
        ends=ends,
        line=block.line,
    )


def build_guarantee(block: Table, *, facts: Vocabulary, parameters: Mapping[str, ParameterType]) -> Guarantee:
    """A guarantee, over facts that are known when a request is determined."""
    block.only(needs=("id", "title", "cites", "test", "why"))
    expression = build_test(block, vocabulary=facts, parameters=parameters)
    for name in sorted(facts_of(expression)):
        if facts[name].reads not in KNOWN:
            raise block.refuse(f"`{name}` is not known when a request is determined", "test")
    return Guarantee(
        id=block.text("id"),
        title=block.prose("title"),
        cites=block.texts("cites"),
        test=block.text("test"),
        expression=expression,
        why=block.prose("why"),
        line=block.line,
    )
