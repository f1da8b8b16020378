"""The manifest has one form. The vectors show ways to break it; here are both sides of its edges."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from narrowgate.formats.canonical import canonical
from narrowgate.formats.manifest import FORMAT, read_manifest
from narrowgate.terms.batch import Attestations, Manifest, Officer, Official, RowsFile
from narrowgate.terms.refusal import Refusal

SOUND = Manifest(
    batch_id="ICE-2025-06-27-001",
    agreement="irs-ice-2025",
    agency="ICE",
    official=Official("invented official", "an office"),
    officers=(
        Officer("O-1", "José Núñez", "HSI-1", "special_agent", "ab" * 32),
        Officer("O/2", "x", "y", "z", None),
    ),
    attestations=Attestations(True, False, None, True),
    storage_id="enclave-1",
    created_at=datetime(2025, 6, 27, 14, tzinfo=UTC),
    expires_at=datetime(2025, 9, 25, 14, tzinfo=UTC),
    rows=RowsFile("requests.parquet", "0" * 64, 1_280_000),
)

WRITTEN: dict[str, Any] = {
    "format": FORMAT, "batch_id": "ICE-2025-06-27-001", "agreement": "irs-ice-2025",
    "requester": {"agency": "ICE", "official": {"name": "invented official", "office": "an office"}},
    "officers": [
        {"id": "O-1", "name": "José Núñez", "unit": "HSI-1", "role": "special_agent", "certificate_sha256": "ab" * 32},
        {"id": "O/2", "name": "x", "unit": "y", "role": "z"},
    ],
    "attestations": {"active_criminal_investigation": True, "sole_use": False, "true_and_correct": True},
    "storage_id": "enclave-1", "created_at": "2025-06-27T14:00:00Z", "expires_at": "2025-09-25T14:00:00Z",
    "rows": {"file": "requests.parquet", "sha256": "0" * 64, "count": 1_280_000},
}  # fmt: skip


def test_what_is_written_is_read_and_what_is_absent_is_not_filled_in() -> None:
    read = read_manifest(canonical(WRITTEN))
    assert read == SOUND
    assert read.attestations.safeguards is None
    assert read.officers[1].certificate_sha256 is None


def value_with(path: str, value: Any) -> bytes:
    whole = copy.deepcopy(WRITTEN)
    at, *rest = path.split(".")
    place = whole
    while rest:
        place = place[int(at)] if at.isdigit() else place[at]
        at, *rest = rest
    place[at] = value
    return canonical(whole)


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("batch_id", "a" * 64, "a" * 65),
        ("batch_id", "0.b_-", ".b"),
        ("batch_id", "B", ""),
        ("batch_id", "B", "B\n"),
        ("agreement", "irs-ice-2025", "../irs-ice-2025"),
        ("storage_id", "x" * 1000, "x" * 1001),
        ("storage_id", None, " "),
        ("rows.count", 0, -1),
        ("rows.count", 2**53 - 1, 1.5),
        ("rows.file", "a" * 100 + ".csv", "a" * 101 + ".csv"),
        ("rows.file", "r.jsonl", "r.JSONL"),
        ("rows.file", "r.parquet", "r.xlsx"),
        ("rows.file", "r..csv", "/r.csv"),
        ("rows.sha256", "f" * 64, "f" * 63),
        ("officers.0.id", "HSI/1.a_b-c", "O 1"),
        ("officers.0.id", "O;1".replace(";", "."), "O;1"),
        ("officers.0.role", "é", 1),
        ("officers.0.certificate_sha256", None, "F" * 64),
        ("attestations.sole_use", None, 1),
        ("created_at", "2025-06-27T14:00:00Z", "2025-06-27T14:00:00.0Z"),
        ("created_at", "2024-02-29T23:59:59Z", "2025-02-29T23:59:59Z"),
        ("created_at", "2025-06-27T14:00:00Z", "2025-06-27t14:00:00z"),
        ("created_at", "2025-06-27T14:00:00Z", "٢٠٢٥-06-27T14:00:00Z"),
        ("requester.official.office", "an office", "an \u202eoffice"),
    ],
)
def test_each_side_of_an_edge(path: str, good: Any, bad: Any) -> None:
    assert isinstance(read_manifest(value_with(path, good)), Manifest)
    refused = read_manifest(value_with(path, bad))
    assert isinstance(refused, Refusal)
    assert refused.code == "manifest_form"
    named = path.replace("officers.0", "officers[0]")
    assert f"`{named}`" in refused.message or "whole numbers" in refused.message


def test_a_message_stays_on_one_line_whatever_the_sender_wrote() -> None:
    refused = read_manifest(value_with("batch_id", "B\n\x1b[2Jnarrowgate: received " + "x" * 500))
    assert isinstance(refused, Refusal)
    assert refused.message.isprintable()
    assert len(refused.message) < 200
