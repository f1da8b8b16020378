"""What the findings on a request come to (`spec/determinations.md`, "How a disposition follows").

Rules:
 * The first line of the page that applies decides; there is no other way to a disclosure than that all is satisfied.
 * A finding is True, False, or None for undetermined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from narrowgate_verify.adjudication.kleene import Truth
from narrowgate_verify.adjudication.reading import Clause

STAYS = "stays_in_force"
"""The fact by which a clause on stays is known."""


def disposition(clauses: Sequence[Clause], findings: Mapping[str, Truth]) -> str:
    """`hold`, `return`, `deny`, `disclose` or `refer`, from a finding on each of `clauses`."""
    stays = [findings[one.id] for one in clauses if STAYS in one.test.facts]
    face = [findings[one.id] for one in clauses if one.face and STAYS not in one.test.facts]
    rest = [findings[one.id] for one in clauses if not one.face and STAYS not in one.test.facts]
    if any(found is not True for found in stays):
        return "hold"
    if any(found is not True for found in face):
        return "return"
    if False in rest:
        return "deny"
    return "disclose" if clauses and None not in rest else "refer"


def told(clauses: Sequence[Clause], findings: Mapping[str, Truth], came_to: str) -> list[str]:
    """The clauses of which the requester is told: those on the face of a returned request that are not satisfied."""
    if came_to != "return":
        return []
    return sorted(one.id for one in clauses if one.face and findings[one.id] is not True)
