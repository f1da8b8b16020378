"""What was measured of each rule of evidence, in the form in which an agreement may quote it.

Rules:
 * A rule that accepts is measured wherever it decided: on each set of rows, under the first list of rules that has it.
 * A rule that contradicts or marks a rival decides nobody; it has no rate of its own.
 * Sets are never added up: their rows are of different kinds, and one does not stand for another.
 * Each entry says of what it is: the rule's wording, and the list of rules that decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from narrowgate.measure.evidence import Ruling
from narrowgate.measure.standing import measured_as
from narrowgate.terms.agreement import Evidence, EvidenceKind


def bounds(under: Mapping[str, Sequence[Ruling]], parts: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """One entry for each rule and set. `under` has the lists of rules by set, `parts` are the parts of the report."""
    return [entry for part in parts for entry in _of_set(part, under[str(part["id"])])]


def _of_set(part: Mapping[str, object], under: Sequence[Ruling]) -> Iterable[dict[str, object]]:
    decided = part["rules"]
    assert isinstance(decided, Mapping)
    seen: set[str] = set()
    for ruling in under:
        counted = {one["rule"]: one for one in decided[ruling.id]}
        measured = measured_as(ruling.basis)
        for rule in ruling.basis.evidence:
            if rule.id not in seen:
                seen.add(rule.id)
                yield {"set": part["id"], "under": ruling.id, "agreement": ruling.basis.agreement, **_described(rule),
                    **asdict(measured[rule.id]), **_counted(rule, counted)}  # fmt: skip


def _described(rule: Evidence) -> dict[str, object]:
    return {"rule": rule.id, "kind": rule.kind.value, "why": rule.why}


def _counted(rule: Evidence, counted: Mapping[str, dict[str, object]]) -> dict[str, object]:
    """The counts of a rule that accepts; one that decided nobody has no rate."""
    if rule.kind is not EvidenceKind.ACCEPT:
        return {}
    nobody: dict[str, object] = {
        "decided": 0,
        "wrong": 0,
        "wrong_rate": None,
        "wrong_rate_lower": None,
        "wrong_rate_upper": None,
    }
    return counted.get(rule.id, nobody)
