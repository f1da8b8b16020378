"""Judge determinations again, and say in what each differs from what the custodian determined.

Rules:
 * Every fact that the package decides is derived again; what the register says is taken as it is stated, since only the
   custodian has it, and is checked against itself.
 * Every clause in force is found on again, and the disposition follows from those findings alone.
 * A clause that reads a fact which could not be derived again is taken as it is stated, and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from narrowgate_verify.adjudication.disposition import disposition, told
from narrowgate_verify.adjudication.evidence import (
    Evidence,
    batch_facts,
    bind,
    certificates_held,
    earlier_batches,
    engaged,
)
from narrowgate_verify.adjudication.facts import LOOKING_BACK, request_facts
from narrowgate_verify.adjudication.facts.names import REQUEST_FACTS
from narrowgate_verify.adjudication.kleene import Truth, Value
from narrowgate_verify.adjudication.reading import Binding, binding
from narrowgate_verify.adjudication.request import Request
from narrowgate_verify.adjudication.stated import BATCH_FACTS, RECORD_FACTS, Determination, Facts, Under
from narrowgate_verify.problems import DoesNotVerify

FINDINGS: Mapping[Truth, str] = {True: "satisfied", False: "not satisfied", None: "undetermined"}
ALL_FACTS = {*BATCH_FACTS, *REQUEST_FACTS, *RECORD_FACTS}


@dataclass(frozen=True)
class Difference:
    """One thing that was judged otherwise: what it is, what is stated of it, and what was found."""

    what: str
    stated: object
    found: object

    def __str__(self) -> str:
        return f"{self.what}: stated {_shown(self.stated)}, found {_shown(self.found)}"


@dataclass(frozen=True)
class Verdict:
    """What judging one request again came to; `taken` are the clauses that had to be taken as they are stated."""

    request_ref: str
    differences: tuple[Difference, ...]
    taken: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing was judged otherwise."""
        return not self.differences


@dataclass(frozen=True)
class _Run:
    """All that determinations of one run are judged by."""

    binding: Binding
    batch: Facts
    differences: tuple[Difference, ...]
    requests: Sequence[Request]
    facts: Mapping[int, Facts]
    derived: frozenset[str]


def readjudicate(determined: Sequence[Determination], under: Under, evidence: Evidence) -> list[Verdict]:
    """A verdict on each of `determined`, all made under one document; DoesNotVerify if the evidence is another's."""
    bind(evidence, under)
    run = _run(determined, under, evidence)
    return [_verdict(one, run) for one in determined]


def _run(determined: Iterable[Determination], under: Under, evidence: Evidence) -> _Run:
    package = evidence.package
    bound = binding(evidence.agreement, under.reading, on=under.determined_at.date(), facts=ALL_FACTS)
    earlier = earlier_batches(evidence, under)
    found = batch_facts(evidence, under)
    facts = request_facts(
        engaged(package),
        rows={one.row_no for one in determined if 0 <= one.row_no < len(package.requests)},
        requested_on=package.manifest.requested_on,
        releasable=bound.releasable,
        certificates=certificates_held(package.manifest, under),
        earlier=earlier,
    )
    stated = {name: under.batch_facts[name] for name in found}
    differences = tuple(Difference(f"fact `{name}`", stated[name], found[name]) for name in found
        if stated[name] != found[name])  # fmt: skip
    derived = frozenset(ALL_FACTS - (LOOKING_BACK if earlier is None else frozenset()))
    return _Run(bound, {**under.batch_facts, **found}, differences, package.requests, facts, derived)


def _verdict(one: Determination, run: _Run) -> Verdict:
    if one.row_no not in run.facts or run.requests[one.row_no].text("request_ref") != one.request_ref:
        raise DoesNotVerify(f"row {one.row_no} of the package is not the request `{one.request_ref}`")
    taken = tuple(clause.id for clause in run.binding.clauses if not clause.test.facts <= run.derived)
    findings = _findings(one, run, taken)
    stands = _stands(run.binding, findings)
    differences = [
        *run.differences,
        *_record_differences(one, stands=stands, periods=run.requests[one.row_no].text("tax_periods")),
        *_clause_differences(one, findings),
    ]
    came_to = disposition(run.binding.clauses, findings)
    answers = told(run.binding.clauses, findings, came_to)
    if came_to != one.disposition:
        differences.append(Difference("disposition", one.disposition, came_to))
    if answers != list(one.told):
        differences.append(Difference("what the requester is told", list(one.told), answers))
    return Verdict(one.request_ref, tuple(differences), taken)


def _findings(one: Determination, run: _Run, taken: Sequence[str]) -> dict[str, Truth]:
    """A finding on every clause in force. Those on the record are undetermined unless the request stands."""
    values: dict[str, Value | None] = {**run.batch, **run.facts[one.row_no]}
    findings: dict[str, Truth] = {}
    for clause in run.binding.clauses:
        if clause.id in taken:
            findings[clause.id] = one.finding(clause.id)
        elif clause.reads != "record":
            findings[clause.id] = clause.test.truth(values, run.binding.parameters)
    values |= one.record or dict.fromkeys(RECORD_FACTS)
    stands = _stands(run.binding, findings)
    for clause in run.binding.clauses:
        if clause.reads == "record" and clause.id not in taken:
            findings[clause.id] = clause.test.truth(values, run.binding.parameters) if stands else None
    return findings


def _stands(bound: Binding, findings: Mapping[str, Truth]) -> bool:
    """Whether every clause on the batch or the request is satisfied, and there is one: then somebody is looked up."""
    first = [findings[clause.id] for clause in bound.clauses if clause.reads != "record"]
    return bool(first) and all(found is True for found in first)


def _clause_differences(one: Determination, findings: Mapping[str, Truth]) -> list[Difference]:
    named = {*one.not_satisfied, *one.undetermined}
    return [
        *(Difference(f"clause {name}", FINDINGS[one.finding(name)], FINDINGS[found])
          for name, found in findings.items() if found is not one.finding(name)),
        *(Difference(f"clause {name}", FINDINGS[one.finding(name)], "not in force")
          for name in sorted(named - findings.keys())),
    ]  # fmt: skip


def _record_differences(one: Determination, *, stands: bool, periods: str | None) -> list[Difference]:
    """What cannot be in the record as it is stated: who was looked up, and what follows from who was found."""
    if (one.record is not None) != stands:
        return [Difference("whether the register was opened", one.record is not None, stands)]
    record = one.record or dict.fromkeys(RECORD_FACTS)
    outcome = record["match_outcome"]
    found: dict[str, object] = {"one_person": {"match": True, "none": False}.get(str(outcome))}
    if outcome != "match":
        found |= dict.fromkeys(RECORD_FACTS.keys() - {"match_outcome", "one_person"})
    elif record["last_known_period"] is not None and periods is not None:
        found["last_known_period_stated"] = str(record["last_known_period"]) in periods.replace(" ", "").split(";")
    differences = [Difference(f"fact `{name}`", record[name], value) for name, value in found.items()
        if record[name] != value]  # fmt: skip
    if (one.person_id is not None) != (outcome == "match"):
        differences.append(Difference("whether a person is named", one.person_id is not None, outcome == "match"))
    return differences


def _shown(value: object) -> str:
    return "missing" if value is None else f"`{value}`"
