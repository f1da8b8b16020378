"""Matching one batch wherever the register is kept: in files, shared among workers, in PostgreSQL, on a Spark cluster.

Rules:
 * Each way is measured in a process of its own, which starts whatever server or cluster it needs, on this machine.
 * A few requests and many, of a small register and of a larger one: what a question costs at all, what each person adds
   and what each request adds can then be told apart.
 * All ways must come to the same matches, or nothing is printed.

Usage: `python -m bench.elsewhere`; PostgreSQL and Java must be installed, as for `make test`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from narrowgate.measure import hostile
from narrowgate.measure.data_set import DataSet

WAYS = {
    "files": "Parquet, read by the gate",
    "workers": "the same, two workers",
    "postgresql": "PostgreSQL, without indexes",
    "indexed": "PostgreSQL, with the indexes",
    "spark": "Spark, two workers of one core, first time",
}
ROWS = {**WAYS, "spark_again": "the same, asked again"}
"""The rows of a table: Spark gives two."""


def main() -> None:
    """Measure every way, and print one table for each register."""
    parser = argparse.ArgumentParser(prog="python -m bench.elsewhere", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[500_000, 2_000_000])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/elsewhere"))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    chosen = parser.parse_args()
    shutil.rmtree(chosen.folder, ignore_errors=True)
    measured: dict[str, Any] = {}
    for people in chosen.people:
        folder = chosen.folder / str(people)
        folder.mkdir(parents=True)
        data = hostile.make(folder, people=people, rows=chosen.rows)
        found: dict[str, Any] = {}
        for way in chosen.ways:
            found |= _measured(folder, data, way)
        for asked in next(iter(found.values())):
            digests = {one[asked]["digest"] for one in found.values()}
            if len(digests) != 1:
                sys.exit(f"{people} people, {asked} requests: the ways came to {len(digests)} different results")
        print(_table(data, found), flush=True)
        measured[str(people)] = found
    (chosen.folder / "results.json").write_text(json.dumps(measured, indent=1))


def _measured(folder: Path, data: DataSet, way: str) -> dict[str, Any]:
    """What one way took, by the number of requests."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.kept", way, folder, data.register.folder, data.request],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _table(data: DataSet, found: dict[str, Any]) -> str:
    register = data.register
    lines = [
        "",
        f"{os.cpu_count()} cores, {register.person_files.count:,} people, {register.address_files.count:,} addresses",
        "",
        "| | requests | opening | matching | processor: gate | others | memory of the gate |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for way, by_requests in found.items():
        lines += [
            f"| {ROWS[way]} | {int(asked):,} | {one['opening']:.1f} s | {one['seconds']:.1f} s | {one['gate']:.1f} s "
            f"| {one['others']:.1f} s | {one['megabytes']:,} MB |"
            for asked, one in by_requests.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
