"""Read the signed cover of a batch (`spec/manifest.md`).

Rules:
 * One form only: the bytes of RFC 8785, no unknown key, no key twice, no number but whole ones.
 * What may be left out may be null. Everything else has its type and its form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from narrowgate_verify.document import canonical_object
from narrowgate_verify.problems import DoesNotVerify

ATTESTATIONS = ("active_criminal_investigation", "sole_use", "safeguards", "true_and_correct")
_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_SHA256 = "[0-9a-f]{64}"
_MOMENT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_TEXT = "(?s:.{1,1000})"


@dataclass(frozen=True)
class Officer:
    """One officer of the roster; `certificate_sha256` is of the DER certificate, hex."""

    id: str
    unit: str
    role: str
    certificate_sha256: str | None


@dataclass(frozen=True)
class Manifest:
    """What of the signed cover an adjudication reads."""

    batch: str
    agreement: str
    agency: str
    office: str
    officers: tuple[Officer, ...]
    attestations: Mapping[str, bool | None]
    storage: str | None
    created_at: datetime
    rows_file: str
    rows_sha256: str
    rows_count: int

    @property
    def requested_on(self) -> date:
        """The day on which the manifest was made (UTC)."""
        return self.created_at.date()


def read_manifest(content: bytes) -> Manifest:
    """The manifest in `content`; DoesNotVerify names the first thing wrong with it."""
    top = _members(
        canonical_object(content, "`manifest.json`"),
        "",
        "format batch_id agreement requester officers attestations created_at expires_at rows",
        "storage_id",
    )
    _text(top, "format", "narrowgate-batch/1")
    requester = _members(top["requester"], "requester.", "agency official")
    official = _members(requester["official"], "requester.official.", "name office")
    rows = _members(top["rows"], "rows.", "file sha256 count")
    _text(official, "name")
    _moment(top, "expires_at")
    if type(rows["count"]) is not int:
        raise DoesNotVerify("`rows.count` in `manifest.json` is not a whole number")
    return Manifest(
        batch=_text(top, "batch_id", _ID),
        agreement=_text(top, "agreement", _ID),
        agency=_text(requester, "agency"),
        office=_text(official, "office"),
        officers=_officers(top["officers"]),
        attestations=_attestations(top["attestations"]),
        storage=None if top.get("storage_id") is None else _text(top, "storage_id"),
        created_at=_moment(top, "created_at"),
        rows_file=_text(rows, "file", r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(?:csv|jsonl|parquet)"),
        rows_sha256=_text(rows, "sha256", _SHA256),
        rows_count=rows["count"],
    )


def _officers(found: object) -> tuple[Officer, ...]:
    if not isinstance(found, list):
        raise DoesNotVerify("`officers` in `manifest.json` is not a list")
    officers = tuple(_officer(_members(one, "officers[].", "id name unit role", "certificate_sha256")) for one in found)
    if len({officer.id for officer in officers}) != len(officers):
        raise DoesNotVerify("`manifest.json` lists two officers of one id")
    return officers


def _officer(found: Mapping[str, Any]) -> Officer:
    _text(found, "name")
    certificate = found.get("certificate_sha256")
    return Officer(
        id=_text(found, "id", "[A-Za-z0-9._/-]{1,64}"),
        unit=_text(found, "unit"),
        role=_text(found, "role"),
        certificate_sha256=None if certificate is None else _text(found, "certificate_sha256", _SHA256),
    )


def _attestations(found: object) -> Mapping[str, bool | None]:
    stated = _members(found, "attestations.", "", " ".join(ATTESTATIONS))
    for name, value in stated.items():
        if value is not None and not isinstance(value, bool):
            raise DoesNotVerify(f"`attestations.{name}` in `manifest.json` is neither true nor false")
    return {name: stated.get(name) for name in ATTESTATIONS}


def _members(found: object, path: str, needed: str, may: str = "") -> Mapping[str, Any]:
    """`found` as an object that has every key of `needed`, and no other but those of `may`."""
    if not isinstance(found, dict):
        raise DoesNotVerify(f"`{path.removesuffix('.') or 'manifest.json'}` is not an object")
    for name in {*needed.split()} - found.keys():
        raise DoesNotVerify(f"`manifest.json` has no `{path}{name}`")
    for name in found.keys() - {*needed.split(), *may.split()}:
        raise DoesNotVerify(f"`manifest.json` has a key `{path}{name}`, which its page does not know")
    return found


def _text(found: Mapping[str, Any], name: str, form: str = _TEXT) -> str:
    value = found[name]
    if not isinstance(value, str) or not re.fullmatch(form, value) or not value.isprintable() or not value.strip():
        raise DoesNotVerify(f"`{name}` in `manifest.json` is not of its form")
    return value


def _moment(found: Mapping[str, Any], name: str) -> datetime:
    try:
        return datetime.strptime(_text(found, name, _MOMENT), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise DoesNotVerify(f"`{name}` in `manifest.json` is no moment") from error
