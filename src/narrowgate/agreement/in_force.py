"""What binds on one day under one reading.

Rules:
 * Both end days bind.
 * Clauses and evidence rules come in the order in which the agreement states them, not in a reading's.
 * Outside the agreement's own days a parameter keeps its nearest value: the clause that asks whether the
   agreement is in force still has to be judged, and every reading binds one (`coherence`).
"""

from __future__ import annotations

from datetime import date

from narrowgate.errors import WrongUse
from narrowgate.terms.agreement import Agreement, Basis, Clause, Dated, ParameterValue, Reading


def basis(agreement: Agreement, reading: str | None, *, on: date) -> Basis:
    """What binds on `on` under `reading`, or under the agreement's default reading where none is named."""
    chosen = _reading(agreement, reading)
    return Basis(
        agreement=agreement.id,
        digest=agreement.digest,
        reading=chosen,
        on=on,
        clauses=tuple(
            clause
            for clause in agreement.clauses.values()
            if clause.id in chosen.binds and clause_in_force(clause, on=on)
        ),
        parameters=parameters(agreement, chosen, on=on),
        evidence=tuple(rule for rule in agreement.evidence.values() if rule.id in chosen.evidence),
        releasable=agreement.releasable,
    )


def clause_in_force(clause: Clause, *, on: date) -> bool:
    """Whether `clause` has begun and not ended on `on`."""
    return (clause.begins is None or clause.begins <= on) and (clause.ends is None or on <= clause.ends)


def parameters(agreement: Agreement, reading: Reading, *, on: date) -> dict[str, ParameterValue]:
    """Every parameter's value on `on`; the reading's own value where it has one."""
    dated = {name: value_on(values, on=on) for name, values in agreement.parameters.items()}
    return {**dated, **reading.parameters}


def value_on(values: tuple[Dated, ...], *, on: date) -> ParameterValue:
    """The value in force on `on`: the last one that had begun, or the first where none had."""
    begun = [dated for dated in values if dated.begins <= on]
    return (begun[-1] if begun else values[0]).value


def _reading(agreement: Agreement, name: str | None) -> Reading:
    wanted = agreement.default_reading if name is None else name
    if wanted not in agreement.readings:
        known = ", ".join(agreement.readings)
        raise WrongUse(f"`{wanted}` is no reading of {agreement.id}; it has {known}")
    return agreement.readings[wanted]
