"""Judge requests with Cedar: one policy for each clause, and which of them permit is the finding.

Rules:
 * One authorization request for each row, against all policies. That is the quickest way to ask: Cedar names every
   policy that permits, so that one answer holds the findings of all clauses. A request for each clause and row costs
   more, because the cost of a call to Cedar is paid for each of them.
 * The facts are attributes of the resource, in entities that are parsed beforehand, as the policies are. A missing
   fact is an attribute that is absent. Facts in the context of each request would be parsed again for each.
 * A policy that errs is an error here: Cedar would let it fall away, and it would look like one that does not permit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from cedarpy import AuthzResult, Entities, PolicySet, is_authorized_batch

NAME = "Cedar"
ROWS = 5_000


def fact(name: str) -> str:
    return f"resource.{name}"


def present(name: str) -> str:
    return f"(resource has {name})"


def member(value: str, listed: Sequence[str]) -> str:
    return f"[{', '.join(listed)}].contains({value})"


def judge(
    conditions: Mapping[str, str], rows: Sequence[Mapping[str, str | int | bool]]
) -> tuple[list[frozenset[str]], float]:
    """The clauses that each row satisfies, and the seconds of asking and of reading the answers."""
    policies = PolicySet.from_str("\n".join(_policy(clause, said) for clause, said in conditions.items()))
    entities = Entities.from_json_str(json.dumps([_entity(number, row) for number, row in enumerate(rows)]))
    requests = [_request(number) for number in range(len(rows))]
    began = time.monotonic()
    answers = is_authorized_batch(requests, policies, entities)
    satisfied = [_permitting(answer) for answer in answers]
    return satisfied, time.monotonic() - began


def _policy(clause: str, condition: str) -> str:
    return f'@id("{clause}") permit(principal, action, resource) when {{ {condition} }};'


def _entity(number: int, row: Mapping[str, str | int | bool]) -> dict[str, object]:
    return {"uid": {"type": "Request", "id": str(number)}, "attrs": row, "parents": []}


def _request(number: int) -> dict[str, object]:
    return {
        "principal": {"type": "Agency", "id": "requester"},
        "action": {"type": "Action", "id": "judge"},
        "resource": {"type": "Request", "id": str(number)},
    }


def _permitting(answer: AuthzResult) -> frozenset[str]:
    if answer.diagnostics.errors:
        raise ValueError(f"a policy erred: {answer.diagnostics.errors}")
    return frozenset(answer.diagnostics.id_annotations_by_reason.values())
