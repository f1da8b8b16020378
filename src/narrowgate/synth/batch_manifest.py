"""The draft of a simulated batch's manifest, and the officers who are named in it.

Rules:
 * The manifest is a draft: who signs, the certificates, the storage and the digest of the rows are for `pack`
   to state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from narrowgate.synth.batch_form import ONE_OFFICER
from narrowgate.synth.batch_plan import Form
from narrowgate.synth.reasons import OFFICES

MATTERS_PER_OFFICER = 8
"""Of an officer in the rebuilt batch: a caseload that one person may be engaged in."""
MATTERS_PER_OFFICER_AT_SCALE = 20
"""Of an officer in a benchmark batch, so that the roster stays short; second officers come on top."""


@dataclass(frozen=True)
class Batch:
    """The files of one simulated batch."""

    batch_id: str
    rows: int
    officers: int
    requests: Path
    manifest: Path
    truth: Path


def write_manifest(
    folder: Path,
    batch_id: str,
    rows: int,
    officers: list[dict[str, str]],
    *,
    created_at: datetime,
    expires_at: datetime,
) -> Batch:
    """Write the manifest beside the files of a batch, and say what they are."""
    draft = _manifest(batch_id, officers, created_at, expires_at)
    (folder / "manifest.json").write_text(json.dumps(draft, indent=None, separators=(",", ":"), sort_keys=True))
    return Batch(
        batch_id,
        rows,
        len(officers),
        folder / "requests.parquet",
        folder / "manifest.json",
        folder / "truth.parquet",
    )


def roster(session: duckdb.DuckDBPyConnection, form: Form) -> list[dict[str, str]]:
    """The officers, without certificates: those who share the sound requests, and the one named in all the
    others.
    """
    # A count of its own: within the join it would be a condition that is not an equality.
    ((names,),) = session.execute("SELECT count(*) FROM name_pool").fetchall()
    found = session.execute(
        f"""SELECT o.number, f.first_name || ' ' || l.last_name FROM range(1, {form.officers + 1}) o(number)
            JOIN name_pool f ON f.j = (hash({form.seed}, 'officer', o.number) % {names})::BIGINT
            JOIN name_pool l ON l.j = (hash({form.seed}, 'of', o.number) % {names})::BIGINT
            ORDER BY o.number"""
    ).fetchall()
    one = {"id": ONE_OFFICER, "name": "Assistant Director", "unit": "HSI-HQ", "role": "assistant_director"}
    own = [
        {
            "id": f"O-{number}",
            "name": name,
            "unit": f"HSI-{OFFICES[number % len(OFFICES)].replace(' ', '-')}",
            "role": "special_agent",
        }
        for number, name in found
    ]
    return own if form.sound_rows == form.rows else [one, *own]


def _manifest(
    batch_id: str, officers: list[dict[str, str]], created_at: datetime, expires_at: datetime
) -> dict[str, object]:
    return {
        "format": "narrowgate-batch/1",
        "batch_id": batch_id,
        "agreement": "irs-ice-2025",
        "requester": {"agency": "ICE"},
        "officers": officers,
        "attestations": {
            "active_criminal_investigation": True,
            "sole_use": True,
            "safeguards": True,
            "true_and_correct": True,
        },
        "created_at": _stated(created_at),
        "expires_at": _stated(expires_at),
    }


def _stated(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
