"""Package to determinations on the ledger, by the ordinary commands in processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.figures import Figure
from narrowgate.synth.batch_manifest import Batch

MEMORY = ("1800MB", "3500MB")
"""What the engine is given for a batch of up to three million requests, and for a larger one."""


@dataclass(frozen=True)
class Measured:
    """One batch from package to ledger: `seconds` is the wall time of receive and rehearse, start-up included."""

    batch: Batch
    gate: Path
    case: Path
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
    case = gate / "cases" / batch.batch_id / judged["run"]
    return Measured(
        batch=batch,
        gate=gate,
        case=case,
        received=received,
        judged={**judged, "wrong": _wrong(case, batch)},
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


def _wrong(case: Path, batch: Batch) -> int:
    """Disclosures of somebody else than the truth says."""
    counted = duckdb.execute(
        f"""
        SELECT count(*) FROM read_parquet('{case / "determination.parquet"}') AS d
        JOIN read_parquet('{batch.truth}') AS t USING (request_ref)
        WHERE d.disposition = 'disclose' AND d.person_id IS DISTINCT FROM t.person_id
        """
    ).fetchone()
    assert counted is not None
    return int(counted[0])
