"""A hostile register and batch from the generator, and a truth with one mistake in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from narrowgate.synth.hostile import build_hostile
from narrowgate.synth.population import build_register

PEOPLE, ROWS = 24_000, 1_500
MADE_AT = datetime(2025, 8, 7, tzinfo=UTC)


def build(folder: Path, *, people: int, rows: int) -> None:
    """Make `register` and `batch` in `folder`."""
    build_register(folder / "register", people=people, seed=3)
    build_hostile(folder / "register", folder / "batch", rows=rows, seed=4, created_at=MADE_AT,
        expires_at=MADE_AT + timedelta(days=30))  # fmt: skip


def plant(batch: Path, into: Path) -> str:
    """The same requests with a truth that is false of one: it is said to be about nobody. Returns its reference.

    It is a request of a person's own data whose evidence suffices, so that the station decides upon somebody.
    """
    into.mkdir()
    (into / "requests.parquet").write_bytes((batch / "requests.parquet").read_bytes())
    source, target = batch / "truth.parquet", into / "truth.parquet"
    ((planted,),) = duckdb.execute(f"""SELECT min(request_ref) FROM '{source}'
        WHERE profile = 'own' AND matchable AND subgroups = ['SSN filer']""").fetchall()
    duckdb.execute(f"""COPY (
        SELECT * REPLACE (CASE WHEN request_ref <> '{planted}' THEN person_id END AS person_id)
        FROM '{source}' ORDER BY request_ref) TO '{target}'""")
    return str(planted)
