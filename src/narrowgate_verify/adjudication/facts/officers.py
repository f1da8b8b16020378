"""The officers that a request names: who they are by the roster, and how much each has to do.

Rules:
 * An officer is engaged in every distinct matter of a request that names the officer; one without a matter is its own.
 * The load of a request is that of its busiest officer. Nobody named has no load, and counts of nobody are 0.
 * Over several batches, and under several ids, an officer is known by certificate.
 * Unit and role are read as words of the letters a to z.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from narrowgate_verify.adjudication.kleene import Value
from narrowgate_verify.adjudication.letters import lower
from narrowgate_verify.adjudication.manifest import Officer
from narrowgate_verify.adjudication.request import Request

Matters = set[Hashable]

_HEADS = ("director", "commissioner", "administrator", "chief", "head", "in charge", "secretary of")
_HEADS_NOT = ("chief counsel", "chief of party", "secretary to")
_CLERKS = ("unit secretary ", "office secretary ", "legal secretary ")
_CONTRACTED = ("contract", "contractor", "contractors", "contracted")
_REMOVING = ("ero", "removal", "removals", "deportation")


@dataclass(frozen=True)
class Engaged:
    """A batch as far as officers go: its roster and its requests."""

    roster: Sequence[Officer]
    requests: Sequence[Request]


def officer_facts(batch: Engaged, *, certificates: Collection[str]) -> list[dict[str, Value | None]]:
    """The facts of every request of `batch`; `certificates` are those that the custodian holds."""
    roster = {officer.id: officer for officer in batch.roster}
    matters = _matters(batch)
    named = Counter(officer for one in batch.requests for officer in _named(one))
    found: list[dict[str, Value | None]] = []
    for one in batch.requests:
        officers = set(_named(one))
        listed = [roster[officer] for officer in officers if officer in roster]
        found.append(
            {
                "officers_named": len(officers),
                "officers_not_on_roster": len(officers) - len(listed),
                "officers_without_certificate": len(officers)
                - sum(officer.certificate_sha256 in certificates for officer in listed),
                "officers_heading": sum(map(_heads, listed)),
                "officers_contracted": sum(_says(f"{one.role} {one.unit}", _CONTRACTED) for one in listed),
                "officers_in_removal_units": sum(_says(one.unit, _REMOVING) for one in listed),
                "officer_matters": max((len(matters[officer]) for officer in officers), default=None),
                "officer_requests": max((named[officer] for officer in officers), default=None),
            }
        )
    return found


def recent_facts(batch: Engaged, earlier: Sequence[Engaged]) -> list[dict[str, Value | None]]:
    """`officer_matters_recent` of every request of `batch`, over it and the batches `earlier`."""
    roster = {officer.id: officer for officer in batch.roster}
    here = _matters(batch)
    by_person: defaultdict[str, Matters] = defaultdict(set)
    for officer, matters in here.items():
        if officer in roster:
            by_person[_person(roster[officer])] |= matters
    for number, before in enumerate(earlier):
        known = {one.id: one.certificate_sha256 for one in before.roster if one.certificate_sha256 is not None}
        for officer, matters in _matters(before, batch_no=number).items():
            if officer in known:
                by_person[known[officer]] |= matters
    loads = {officer: _load(officer, here, roster, by_person) for officer in here}
    return [
        {"officer_matters_recent": max((loads[officer] for officer in _named(one)), default=None)}
        for one in batch.requests
    ]


def _load(
    officer: str, here: Mapping[str, Matters], roster: Mapping[str, Officer], by_person: Mapping[str, Matters]
) -> int:
    """The matters of whoever `officer` is; one who is not on the roster is known by that id in this batch alone."""
    return len(by_person[_person(roster[officer])]) if officer in roster else len(here[officer])


def _matters(batch: Engaged, *, batch_no: int | None = None) -> dict[str, Matters]:
    """The matters that each officer is engaged in. A request without one is told from others by its batch and row."""
    engaged: defaultdict[str, Matters] = defaultdict(set)
    for one in batch.requests:
        matter = one.text("matter_id")
        for officer in _named(one):
            engaged[officer].add(("no matter", batch_no, one.row_no) if matter is None else matter)
    return engaged


def _named(request: Request) -> list[str]:
    """The ids that a request names, as often as it names them."""
    written = request.text("engaged_officers")
    return [] if written is None else [officer.strip(" ") for officer in written.split(";")]


def _person(officer: Officer) -> str:
    return officer.certificate_sha256 or f"id {officer.id}"


def _heads(officer: Officer) -> bool:
    """Whether the role is to head others, or to be the deputy of who does."""
    role = _words(officer.role)
    if _has(role, _HEADS_NOT) or role.endswith(_CLERKS):
        return False
    return _has(role, _HEADS) or role.endswith(" secretary ")


def _says(text: str, phrases: Iterable[str]) -> bool:
    return _has(_words(text), phrases)


def _has(words: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in words for phrase in phrases)


def _words(text: str) -> str:
    """The words of `text` in small letters, a blank on either side of each."""
    return f" {' '.join(re.findall('[a-z]+', lower(text)))} "
