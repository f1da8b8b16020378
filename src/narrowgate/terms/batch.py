"""A batch as its requester states it: the manifest, its officers and the columns of a request row.

Rules:
 * Shapes are those of `spec/requests.md` and `spec/manifest.md`; an absent or empty value is missing, written None.
 * Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

REQUEST_COLUMNS: tuple[str, ...] = (
    "request_ref",
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "birth_date",
    "tin",
    "street",
    "unit",
    "city",
    "state",
    "zip",
    "tax_periods",
    "statute",
    "matter_id",
    "matter_kind",
    "matter_opened_on",
    "order_case_no",
    "order_ground",
    "order_final_on",
    "court_final_on",
    "relief_pending",
    "engaged_officers",
    "reason",
    "requested_fields",
)


@dataclass(frozen=True)
class Official:
    """The office-holder who submits a batch and signs its manifest."""

    name: str
    office: str


@dataclass(frozen=True)
class Officer:
    """One officer on the batch's roster; `certificate_sha256` is the hex SHA-256 of the DER certificate."""

    id: str
    name: str
    unit: str
    role: str
    certificate_sha256: str | None


@dataclass(frozen=True)
class Attestations:
    """What the official attests for every request in the batch. Absent is None, and None is never true."""

    active_criminal_investigation: bool | None
    sole_use: bool | None
    safeguards: bool | None
    true_and_correct: bool | None


@dataclass(frozen=True)
class RowsFile:
    """The rows that the manifest vouches for: file name, hex SHA-256 of its bytes, number of rows."""

    file: str
    sha256: str
    count: int


@dataclass(frozen=True)
class Manifest:
    """The signed cover of a batch (`spec/manifest.md`)."""

    batch_id: str
    agreement: str
    agency: str
    official: Official
    officers: tuple[Officer, ...]
    attestations: Attestations
    storage_id: str | None
    created_at: datetime
    expires_at: datetime
    rows: RowsFile


@dataclass(frozen=True)
class Signer:
    """Who signed the manifest, as the signature proves it: hex SHA-256 of the DER certificate, and its subject."""

    certificate_sha256: str
    subject: str


@dataclass(frozen=True)
class BatchFacts:
    """Facts of the whole batch, one value for all its requests. Field names are the fact names clauses use.

    `official_office` is the office the custodian has registered for the signing certificate, None if none;
    `official_agrees` is whether the manifest names the same office.
    `stays_in_force` counts live stays that forbid release under this agreement.
    """

    judged_on: date
    requested_on: date
    signature_verified: bool
    official_office: str | None
    official_agrees: bool | None
    requester_agency: str
    attests_active_criminal_investigation: bool | None
    attests_sole_use: bool | None
    attests_safeguards: bool | None
    attests_true_and_correct: bool | None
    safeguards_reviewed_on: date | None
    safeguards_current_until: date | None
    safeguards_open_findings: int | None
    storage_approved: bool | None
    stays_in_force: int
