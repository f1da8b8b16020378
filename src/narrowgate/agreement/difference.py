"""Compare what binds under two readings, of one agreement or of two.

Rules:
 * What is compared is what binds on one day: clauses, evidence rules, and the parameters that they read.
 * A clause differs if its condition differs, or the value of a parameter that it reads; a new title is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from narrowgate.agreement.language import parameters_of, spell, words
from narrowgate.agreement.language.spelling import spell_value
from narrowgate.terms.agreement import Basis, Clause, Evidence, ParameterValue


@dataclass(frozen=True)
class Difference:
    """One thing that differs: its kind and id, and what it is on either side; None where it does not bind."""

    kind: str
    id: str
    title: str
    before: str | None
    after: str | None


def differences(before: Basis, after: Basis) -> tuple[Difference, ...]:
    """What differs between two bases, clauses first."""
    return (
        *_conditions("clause", before.clauses, after.clauses, before, after),
        *_conditions("evidence rule", before.evidence, after.evidence, before, after),
        *_parameters(_read(before), _read(after)),
    )


def _conditions(
    kind: str, first: Iterable[Clause | Evidence], second: Iterable[Clause | Evidence], before: Basis, after: Basis
) -> Iterator[Difference]:
    earlier: dict[str, Clause | Evidence] = {one.id: one for one in first}
    later: dict[str, Clause | Evidence] = {one.id: one for one in second}
    for name in dict.fromkeys((*earlier, *later)):
        one: Clause | Evidence | None = earlier.get(name)
        other: Clause | Evidence | None = later.get(name)
        shown = one or other
        assert shown is not None
        if one is not None and other is not None and spell(one.expression) == spell(other.expression):
            continue
        title = shown.title if isinstance(shown, Clause) else shown.why
        yield Difference(kind, name, title, _said(one, before), _said(other, after))


def _said(condition: Clause | Evidence | None, bound: Basis) -> str | None:
    return None if condition is None else words(condition.expression, bound.parameters)


def _read(bound: Basis) -> dict[str, ParameterValue]:
    """The parameters that what binds reads."""
    expressions = [one.expression for one in bound.clauses] + [one.expression for one in bound.evidence]
    names = {name for expression in expressions for name in parameters_of(expression)}
    return {name: bound.parameters[name] for name in bound.parameters if name in names}


def _parameters(before: Mapping[str, ParameterValue], after: Mapping[str, ParameterValue]) -> Iterator[Difference]:
    """Parameters that both read and whose values differ; one that only one reads comes with its clause."""
    for name in before:
        if name in after and before[name] != after[name]:
            yield Difference("parameter", name, name, _value(before[name]), _value(after[name]))


def _value(value: ParameterValue) -> str:
    return ", ".join(spell_value(one) for one in value) if isinstance(value, tuple) else spell_value(value)
