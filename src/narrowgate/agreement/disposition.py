"""What a request's findings come to, said in the language of clauses itself.

Rules, in this order; the first that is true decides:
 * A clause on stays that is not satisfied: hold. While a court forbids release, nothing else is said.
 * A clause on the face of the batch or the request that is not satisfied: return, unworked.
 * Any other clause that is not satisfied: deny.
 * Every clause in force is satisfied, and there is at least one: disclose. There is no other way to it
   (promise 1).
 * What is left has a clause that is undetermined: refer. A person must settle it.

Being said in the language, the rules have the three meanings that every condition has: the model, the engine's SQL,
and the encoding in which guarantees are proved. There is no second spelling of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from narrowgate.agreement.language import evaluate, facts_of
from narrowgate.terms.agreement import Clause
from narrowgate.terms.determination import Disposition, Finding
from narrowgate.terms.expression import And, Constant, Expression, FactName, IsNull, Not, Or, Truth

STAY_FACT = "stays_in_force"
LEFT = Disposition.REFER
"""What becomes of a request for which no rule is true."""

_YES, _NO = Truth(Constant(True)), Truth(Constant(False))


def dispositions(clauses: Iterable[Clause]) -> tuple[tuple[Disposition, Expression], ...]:
    """The rules over the findings on `clauses`, each finding a boolean fact with the id of its clause."""
    bound = tuple(clauses)
    stays = tuple(one for one in bound if STAY_FACT in facts_of(one.expression))
    face = tuple(one for one in bound if one.face and one not in stays)
    rest = tuple(one for one in bound if not one.face and one not in stays)
    return (
        (Disposition.HOLD, Not(_all_satisfied(stays))),
        (Disposition.RETURN, Not(_all_satisfied(face))),
        (Disposition.DENY, _any_not_satisfied(rest)),
        (Disposition.DISCLOSE, _all_satisfied(bound) if bound else _NO),
    )


def disposition(clauses: Iterable[Clause], findings: Mapping[str, Finding]) -> Disposition:
    """What one request's `findings`, by the id of the clause, come to by the model."""
    truths = {Finding.SATISFIED: True, Finding.NOT_SATISFIED: False, Finding.UNDETERMINED: None}
    row = {name: truths[finding] for name, finding in findings.items()}
    for found, rule in dispositions(clauses):
        if evaluate(rule, row, {}) is True:
            return found
    return LEFT


def _all_satisfied(clauses: tuple[Clause, ...]) -> Expression:
    """Every finding is there and true; always determined."""
    parts = tuple(part for one in clauses for part in (Not(IsNull(FactName(one.id))), Truth(FactName(one.id))))
    return And(parts) if parts else _YES


def _any_not_satisfied(clauses: tuple[Clause, ...]) -> Expression:
    """Some finding is there and false; always determined."""
    parts = tuple(And((Not(IsNull(FactName(one.id))), Not(Truth(FactName(one.id))))) for one in clauses)
    if not parts:
        return _NO
    return parts[0] if len(parts) == 1 else Or(parts)
