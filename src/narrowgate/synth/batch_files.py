"""Write the files of a simulated batch: requests, truth, and the draft of a manifest.

Rules:
 * Only a register that says that its people are synthetic is asked about.
 * The truth lies in a file of its own, which no package holds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from narrowgate.engine.parquet import write
from narrowgate.engine.session import open_session
from narrowgate.errors import WrongUse
from narrowgate.register.parquet import ParquetRegister, open_simulated
from narrowgate.synth.batch_manifest import Batch, roster, write_manifest
from narrowgate.synth.batch_plan import Form
from narrowgate.synth.population import truth_folder
from narrowgate.synth.reasons import COMBINATIONS


@dataclass(frozen=True)
class Rows:
    """The form of a batch, and queries for its requests and for their truth, in the order of the file."""

    form: Form
    requests: str
    truth: str


Make = Callable[[duckdb.DuckDBPyConnection, ParquetRegister], Rows]
"""Makes the tables in a session that the rows are written from; `name_pool`, which officers are named from, is one."""


def write_batch(
    register: Path,
    folder: Path,
    make: Make,
    *,
    rows: int,
    batch_id: str,
    created_at: datetime,
    expires_at: datetime,
    memory_limit: str,
    reads: tuple[Path, ...] = (),
) -> Batch:
    """Write a batch of `rows` requests about `register` to `folder`; `make` may read the folders of `reads` too."""
    if not 0 < rows <= COMBINATIONS:
        raise WrongUse(f"a batch of `{rows}` rows cannot be built", f"1 to {COMBINATIONS} can; nothing was written")
    people = open_simulated(register, hint="nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as spill:
        session = open_session(
            directories=(register, truth_folder(register), folder, *reads),
            temp_directory=Path(spill),
            memory_limit=memory_limit,
        )
        with session:
            made = make(session, people)
            write(session, made.requests, folder / "requests.parquet", expect=rows)
            write(session, made.truth, folder / "truth.parquet", expect=rows)
            officers = roster(session, made.form)
    return write_manifest(folder, batch_id, rows, officers, created_at=created_at, expires_at=expires_at)
