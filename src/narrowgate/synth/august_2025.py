"""Rebuild the batch of August 2025 in proportion, about simulated people; or a batch that is sound, for the
benchmark.

Rules:
 * What is on the public record is kept in proportion (`record_2025.PUBLIC_RECORD`); everything else is an
   assumption with its reason (`record_2025.ASSUMPTIONS`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from narrowgate.register.parquet import ParquetRegister
from narrowgate.synth.batch_files import Rows, write_batch
from narrowgate.synth.batch_form import requests
from narrowgate.synth.batch_manifest import MATTERS_PER_OFFICER, MATTERS_PER_OFFICER_AT_SCALE, Batch
from narrowgate.synth.batch_people import free_tins
from narrowgate.synth.batch_plan import Plan, request_table, truth
from narrowgate.synth.profiles import PROFILES, shares
from narrowgate.synth.subjects import choose, hold_addresses


def rebuild_batch(
    register: Path,
    folder: Path,
    *,
    rows: int,
    seed: int,
    created_at: datetime,
    expires_at: datetime,
    profile: str = "record",
    batch_id: str = "ICE-2025-06-27-001-rebuilt",
) -> Batch:
    """Write `requests.parquet`, `manifest.json` and `truth.parquet` of `rows` requests about people of
    `register`, of the kinds of `PROFILES[profile]`.
    """

    def make(session: duckdb.DuckDBPyConnection, people: ParquetRegister) -> Rows:
        plan = _plan(session, people, rows=rows, seed=seed, on=created_at, profile=profile)
        return Rows(plan, requests(plan), truth(plan))

    return write_batch(
        register, folder, make, rows=rows, batch_id=batch_id, created_at=created_at, expires_at=expires_at,
        memory_limit=f"{3 + rows // 640_000}GB",
    )  # fmt: skip


def _plan(
    session: duckdb.DuckDBPyConnection,
    register: ParquetRegister,
    *,
    rows: int,
    seed: int,
    on: datetime,
    profile: str,
) -> Plan:
    """Make the tables that the rows are written from, and say how."""
    parts = shares(PROFILES[profile], rows)
    day = on.astimezone(UTC).date()
    pools = choose(session, register, parts, seed=seed, on=day)
    matters = MATTERS_PER_OFFICER if profile == "record" else MATTERS_PER_OFFICER_AT_SCALE
    sound_rows = sum(share.count for share in parts if share.profile.sound)
    plan = Plan(rows, sound_rows, seed, day, matters, parts, pools)
    session.execute(f"CREATE TEMP TABLE request AS {request_table(plan)}")
    hold_addresses(session, register, parts, seed=seed)
    session.execute(f"""CREATE TEMP TABLE free_tin AS
        SELECT m.tin_n, m.tin FROM ({free_tins(plan)}) m ANTI JOIN {register.person} p ON p.tin = m.tin""")
    return plan
