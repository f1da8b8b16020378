"""Show an officer who settles a referred request the people in doubt, and nobody else.

Rules:
 * Only a request that was referred because somebody may be the one asked about, and that stands today as it did then:
   looking is a look-up, and what does not stand is not looked up (promise 5).
 * In doubt is whom a rule accepts or calls a rival; and, if the second opinion referred the request, whom it holds
   likely. Whoever was merely compared is not shown, and of many who are in doubt only the first few are.
 * What is shown is what was compared. Nothing here finds anybody, and nothing here decides.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from narrowgate.agreement.language import evaluate
from narrowgate.second_opinion import SECOND_OPINION
from narrowgate.second_opinion.charts import Person
from narrowgate.second_opinion.disagreement import PAIRS
from narrowgate.second_opinion.explanation import explanations
from narrowgate.second_opinion.model import Model
from narrowgate.second_opinion.opinion import EVEN
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.determination import Disposition
from narrowgate.terms.expression import Value
from narrowgate.terms.fact import Reads
from narrowgate.terms.refusal import Refusal

MOST = 10
"""People on one page."""


@dataclass(frozen=True)
class Determined:
    """What a request came to; outcome and reason are its match's, None if it did not stand."""

    request_ref: str
    row_no: int
    disposition: Disposition
    outcome: str | None
    reason: str | None


@dataclass(frozen=True)
class InDoubt:
    """The people to show, the likeliest first, and how many more there are."""

    people: tuple[Person, ...]
    more: int


def refuse_look(determined: Determined, *, stands: bool) -> Refusal | None:
    """Why nobody may be looked at for this request, or None; `stands` is whether it does today."""
    named = f"request `{determined.request_ref}`"
    if determined.outcome is None:
        return Refusal("did_not_stand", f"{named} did not stand, and nobody was looked up for it")
    if not stands:
        return Refusal("stands_no_longer", f"{named} does not stand any more")
    if determined.disposition is not Disposition.REFER:
        return Refusal("not_referred", f"{named} is not referred but comes to `{determined.disposition.value}`")
    if determined.outcome != "possible":
        return Refusal("not_possible", f"{named} is referred for a clause, and not for whom it asks about")
    return None


def stands(facts: Mapping[str, Value | None], batch: BatchFacts, basis: Basis) -> bool:
    """Whether a request with these facts stands by the definition of the clause language."""
    row, bound = {**facts, **dataclasses.asdict(batch)}, basis.that_read(Reads.BATCH, Reads.REQUEST)
    return bool(bound) and all(evaluate(clause.expression, row, basis.parameters) is True for clause in bound)


def in_doubt(session: duckdb.DuckDBPyConnection, model: Model, *, reason: str) -> InDoubt:
    """The people in doubt of the one request whose candidates are in the session's tables.

    Those are `request` and `candidate` in their forms, `comparison`, `judged` (candidate, rule, rival, contradicted)
    and, if the second opinion referred the request, `opinion`.
    """
    likely = f"SELECT candidate FROM opinion WHERE weight > {EVEN}" if reason == SECOND_OPINION else _NOBODY
    session.execute(f"""CREATE OR REPLACE TEMP TABLE in_doubt AS
        SELECT candidate, rule, rival, contradicted FROM judged
        WHERE rule IS NOT NULL OR rival OR candidate IN ({likely})""")
    rules = {row[0]: _by_the_rules(*row[1:]) for row in session.execute(
        "SELECT candidate, rule, rival, contradicted FROM in_doubt").fetchall()}  # fmt: skip
    weighed = explanations(session, model, f"{PAIRS} SEMI JOIN in_doubt USING (candidate)",
        requests="request", people="candidate")  # fmt: skip
    found = [Person(rules[one.candidate], one) for one in weighed]
    found.sort(key=lambda one: (-one.pair.total, one.pair.candidate))
    return InDoubt(tuple(found[:MOST]), max(0, len(found) - MOST))


_NOBODY = "SELECT candidate FROM judged WHERE FALSE"


def _by_the_rules(rule: str | None, rival: bool, contradicted: bool) -> str:
    """How the rules of evidence stand to somebody in doubt."""
    said = [
        *([f"accepted by {rule}"] if rule is not None else []),
        *(["contradicted"] if rule is not None and contradicted else []),
        *(["a rival"] if rule is None and rival else []),
    ]
    return ", ".join(said) or "neither accepted nor a rival; likely by the second opinion alone"
