"""What the custodian states: what a run was determined under, and what was determined of one request.

Rules:
 * It is the custodian's word, proved to be so by a receipt; every member has its one type, and none is guessed.
 * Facts have the types of `docs/facts.md`. A missing fact is null; one that is absent is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from narrowgate_verify.adjudication.kleene import Truth, Value
from narrowgate_verify.problems import DoesNotVerify

Facts = Mapping[str, Value | None]
Found = Mapping[str, Any]
Member = TypeVar("Member")

BATCH_FACTS: Mapping[str, type] = {
    **dict.fromkeys(("judged_on", "requested_on", "safeguards_reviewed_on", "safeguards_current_until"), date),
    **dict.fromkeys(("safeguards_open_findings", "stays_in_force"), int),
    **dict.fromkeys(("official_office", "requester_agency"), str),
    **dict.fromkeys(("signature_verified", "official_agrees", "storage_approved"), bool),
    **dict.fromkeys(
        ("attests_active_criminal_investigation", "attests_sole_use", "attests_safeguards", "attests_true_and_correct"),
        bool,
    ),
}
RECORD_FACTS: Mapping[str, type] = {
    **dict.fromkeys(("match_outcome", "last_known_kind"), str),
    **dict.fromkeys(("agreeing_identifiers", "last_known_period"), int),
    **dict.fromkeys(("one_person", "address_confirmed", "address_current", "last_known_period_stated"), bool),
    **dict.fromkeys(("impairment", "identity_theft", "deceased"), bool),
}


@dataclass(frozen=True)
class Under:
    """What all determinations of a run were made under. `earlier` are the batches before it, by id, in their order."""

    agreement: str
    agreement_digest: str
    batch: str
    batch_facts: Facts
    certificates_lacking: frozenset[str]
    determined_at: datetime
    earlier: Mapping[str, str]
    manifest_sha256: str
    mode: str
    reading: str
    rows_sha256: str
    stays: tuple[str, ...]


@dataclass(frozen=True)
class Determination:
    """What was determined of one request; `record` is None if nobody was looked up for it."""

    request_ref: str
    row_no: int
    disposition: str
    match_rule: str | None
    person_id: str | None
    not_satisfied: tuple[str, ...]
    undetermined: tuple[str, ...]
    told: tuple[str, ...]
    record: Facts | None

    def finding(self, clause: str) -> Truth:
        """What is stated of a clause that is in force: in neither list it is satisfied."""
        return False if clause in self.not_satisfied else None if clause in self.undetermined else True


def read_under(found: Found) -> Under:
    """What a run was made under; DoesNotVerify names the member that is not of its type."""
    listed = _members(found, "earlier", dict)
    earlier = {_text(one, "batch"): _text(one, "manifest_sha256") for one in listed}
    if len(earlier) != len(listed):
        raise DoesNotVerify("`under` lists an earlier batch twice")
    return Under(
        agreement=_text(found, "agreement"),
        agreement_digest=_text(found, "agreement_digest"),
        batch=_text(found, "batch"),
        batch_facts=_facts(_member(found, "batch_facts", dict), BATCH_FACTS),
        certificates_lacking=frozenset(_members(found, "certificates_lacking", str)),
        determined_at=_moment(_text(found, "determined_at")),
        earlier=earlier,
        manifest_sha256=_text(found, "manifest_sha256"),
        mode=_text(found, "mode"),
        reading=_text(found, "reading"),
        rows_sha256=_text(found, "rows_sha256"),
        stays=_members(found, "stays", str),
    )


def read_determination(payload: Found, grounds: Found) -> Determination:
    """What was determined of one request, by its payload and the grounds that the payload commits to."""
    record = grounds.get("record")
    return Determination(
        request_ref=_text(payload, "request_ref"),
        row_no=_member(payload, "row_no", int),
        disposition=_text(payload, "disposition"),
        match_rule=_text_or_none(grounds, "match_rule"),
        person_id=_text_or_none(grounds, "person_id"),
        not_satisfied=_members(grounds, "not_satisfied", str),
        undetermined=_members(grounds, "undetermined", str),
        told=_members(payload, "told", str),
        record=None if record is None else _facts(_member(grounds, "record", dict), RECORD_FACTS),
    )


def _facts(found: Found, types: Mapping[str, type]) -> Facts:
    if found.keys() != types.keys():
        names = ", ".join(sorted(found.keys() ^ types.keys()))
        raise DoesNotVerify(f"what was determined rests on other facts than this program knows: {names}")
    return {name: _fact(found, name, kind) for name, kind in types.items()}


def _fact(found: Found, name: str, kind: type) -> Value | None:
    if found[name] is None:
        return None
    if kind is date:
        return _day(_text(found, name))
    value: Value = _member(found, name, kind)
    return value


def _members(found: Found, name: str, kind: type[Member]) -> tuple[Member, ...]:
    listed: list[Member] = _member(found, name, list)
    if not all(type(one) is kind for one in listed):
        raise DoesNotVerify(f"`{name}` holds what does not belong in it")
    return tuple(listed)


def _text_or_none(found: Found, name: str) -> str | None:
    return None if name in found and found[name] is None else _text(found, name)


def _text(found: Found, name: str) -> str:
    return _member(found, name, str)


def _member(found: Found, name: str, kind: type[Member]) -> Member:
    value = found.get(name)
    if type(value) is not kind:  # to isinstance, true would be a whole number
        raise DoesNotVerify(f"`{name}` is absent or not of its type")
    return value


def _day(text: str) -> date:
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise DoesNotVerify(f"`{text}` is not a day") from error


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise DoesNotVerify(f"`{text}` is not a moment") from error
