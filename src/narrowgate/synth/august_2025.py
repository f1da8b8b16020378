"""Rebuild the batch of August 2025 in proportion, about simulated people; or a batch that is sound, for the
benchmark.

Rules:
 * What is on the public record is kept in proportion (`record_2025.PUBLIC_RECORD`); everything else is an
   assumption with its reason (`record_2025.ASSUMPTIONS`).
 * Only a register that says that its people are synthetic is asked about.
 * The truth lies in a file of its own, which no package holds: whom each request is about, and what kind it
   is.
 * The manifest is a draft: who signs, the certificates, the storage and the digest of the rows are for `pack`
   to state.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from narrowgate.engine.parquet import write
from narrowgate.engine.session import open_session
from narrowgate.errors import WrongUse
from narrowgate.register.parquet import ParquetRegister, open_register
from narrowgate.synth.batch_form import ONE_OFFICER, requests
from narrowgate.synth.batch_people import free_tins
from narrowgate.synth.batch_plan import Plan, request_table, truth
from narrowgate.synth.population import truth_folder
from narrowgate.synth.profiles import AUGUST_2025, SOUND, shares
from narrowgate.synth.reasons import COMBINATIONS, OFFICES
from narrowgate.synth.subjects import choose, hold_addresses

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


def rebuild_batch(
    register: Path,
    folder: Path,
    *,
    rows: int,
    seed: int,
    created_at: datetime,
    expires_at: datetime,
    sound: bool = False,
    batch_id: str = "ICE-2025-06-27-001-rebuilt",
) -> Batch:
    """Write `requests.parquet`, `manifest.json` and `truth.parquet` of `rows` requests about people of
    `register`.
    """
    if not 0 < rows <= COMBINATIONS:
        raise WrongUse(f"a batch of `{rows}` rows cannot be built", f"1 to {COMBINATIONS} can; nothing was written")
    people = open_register(register)
    if not people.synthetic:
        raise WrongUse(f"register `{people.name}` does not say that its people are synthetic", "nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as spill:
        session = open_session(
            directories=(register, truth_folder(register), folder),
            temp_directory=Path(spill),
            memory_limit=f"{3 + rows // 640_000}GB",
        )
        with session:
            plan = _plan(session, people, rows=rows, seed=seed, on=created_at, sound=sound)
            write(session, requests(plan), folder / "requests.parquet", expect=rows)
            write(session, truth(plan), folder / "truth.parquet", expect=rows)
            officers = _roster(session, plan)
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


def _plan(
    session: duckdb.DuckDBPyConnection,
    register: ParquetRegister,
    *,
    rows: int,
    seed: int,
    on: datetime,
    sound: bool,
) -> Plan:
    """Make the tables that the rows are written from, and say how."""
    parts = shares(SOUND if sound else AUGUST_2025, rows)
    day = on.astimezone(UTC).date()
    pools = choose(session, register, parts, seed=seed, on=day)
    matters = MATTERS_PER_OFFICER_AT_SCALE if sound else MATTERS_PER_OFFICER
    plan = Plan(parts, pools, rows, seed, day, matters)
    session.execute(f"CREATE TEMP TABLE request AS {request_table(plan)}")
    hold_addresses(session, register, parts, seed=seed)
    session.execute(f"""CREATE TEMP TABLE free_tin AS
        SELECT m.tin_n, m.tin FROM ({free_tins(plan)}) m ANTI JOIN {register.person} p ON p.tin = m.tin""")
    return plan


def _roster(session: duckdb.DuckDBPyConnection, plan: Plan) -> list[dict[str, str]]:
    """The officers, without certificates: those who share the sound requests, and the one named in all the
    others.
    """
    names = session.execute(
        f"""SELECT o.number, f.first_name || ' ' || l.last_name FROM range(1, {plan.officers + 1}) o(number)
            JOIN name_pool f ON f.j = (hash({plan.seed}, 'officer', o.number) % {plan.pools.names})::BIGINT
            JOIN name_pool l ON l.j = (hash({plan.seed}, 'of', o.number) % {plan.pools.names})::BIGINT
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
        for number, name in names
    ]
    return own if plan.sound_rows == plan.rows else [one, *own]


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
