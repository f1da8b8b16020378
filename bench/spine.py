"""Package to determinations on the ledger, by the ordinary commands in processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.figures import Figure
from narrowgate.engine.parquet import relation
from narrowgate.engine.session import open_session
from narrowgate.store.case import Case
from narrowgate.store.gate import open_gate
from narrowgate.synth.batch_manifest import Batch

MEMORY = ("1800MB", "3500MB")
"""What the engine is given for a batch of up to three million requests, and for a larger one."""


@dataclass(frozen=True)
class Measured:
    """One batch from package to ledger: `seconds` is the wall time of receive and rehearse, start-up included."""

    batch: Batch
    gate: Path
    case: Case
    received: dict[str, Any]
    judged: dict[str, Any]
    seconds: float
    megabytes: int

    def figures(self, *, seconds: float | None, megabytes: int) -> list[Figure]:
        rows = f"{self.batch.rows:,} requests"
        stations = {"receive": self.received["wall"], **self.judged["seconds"]}
        return [
            Figure(f"{rows}, package to ledger", self.seconds, "s", seconds),
            Figure(f"{rows}, peak memory", self.megabytes, "MB", megabytes),
            *(Figure(f"{rows}: {name}", value, "s") for name, value in stations.items()),
            *(Figure(f"{rows}: {name}", count, "requests") for name, count in self.judged["dispositions"].items()),
            Figure(f"{rows}: wrong persons", self.judged["wrong"], "persons", 0),
        ]


def measure(folder: Path, register: Path, batch: Batch) -> Measured:
    """Receive and rehearse `batch` at a fresh gate over `register`."""
    gate, package = folder / f"gate-{batch.rows}", folder / f"package-{batch.rows}"
    for made in (gate, package):
        shutil.rmtree(made, ignore_errors=True)
    memory = MEMORY[batch.rows >= 3_000_000]
    run("init", "--register", register, "--demo-keys", "--memory-limit", memory, gate=gate)
    print(f"packing {batch.rows:,} requests (certificates for {batch.officers:,} officers)", flush=True)
    run("pack", batch.requests, "--manifest", batch.manifest, "-o", package, gate=gate)
    print("receive and rehearse", flush=True)
    received = run("receive", package, gate=gate)
    judged = run("rehearse", batch.batch_id, gate=gate)
    case = Case(gate / "cases" / batch.batch_id / judged["run"])
    return Measured(
        batch=batch,
        gate=gate,
        case=case,
        received=received,
        judged={**judged, "wrong": _wrong(gate, case, batch)},
        seconds=received["wall"] + judged["wall"],
        megabytes=max(received["peak_mb"], judged["peak_mb"]),
    )


def run(command: str, *arguments: object, gate: Path) -> dict[str, Any]:
    """The JSON of one command, with its wall seconds and its peak memory as the kernel counted them."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.timed", command, *map(str, arguments), "--gate", str(gate), "--json"],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@contextmanager
def session_of(gate: Path, case: Case, *folders: Path, threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session that can read what a gate holds of a run, which is encrypted, and what lies in `folders`."""
    with (
        tempfile.TemporaryDirectory() as spill,
        open_session(
            directories=[case.folder, *folders], temp_directory=Path(spill), memory_limit="2GB", threads=threads,
            key_for=open_gate(gate).custody.key_for,
        ) as session,
    ):  # fmt: skip
        yield session


def _wrong(gate: Path, case: Case, batch: Batch) -> int:
    """Disclosures of somebody else than the truth says."""
    with session_of(gate, case, batch.truth.parent) as session:
        ((wrong,),) = session.execute(
            f"""
            SELECT count(*) FROM {relation(case.file("determination"))} AS d
            JOIN {relation(batch.truth)} AS t USING (request_ref)
            WHERE d.disposition = 'disclose' AND d.person_id IS DISTINCT FROM t.person_id
            """
        ).fetchall()
    return int(wrong)
