"""Matching against everybody in a country: what it takes as the register grows, beside raw joins of the same tables.

Rules:
 * The register and the hostile requests about it are made once and kept. A smaller register is the first files of the
   whole, the same requests are made of it, and truth is counted against the whole alone.
 * Each size is matched, and joined, in a process of its own. Matching alone is measured: no clause, no ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bench import raw
from bench.figures import Figure, table
from narrowgate.measure.hostile import MADE_ON, SEEDS
from narrowgate.register.description import FILE
from narrowgate.synth.batch_manifest import Batch
from narrowgate.synth.hostile import build_hostile
from narrowgate.synth.population import build_register

PARTS = (10, 3, 1)
"""A tenth of the register, a third, and the whole."""


def main() -> None:
    """Measure, print the figures and keep them."""
    parser = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    parser.add_argument("--people", type=int, default=330_000_000)
    parser.add_argument("--rows", type=int, default=1_280_000)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    register = _register(chosen.folder / "national", chosen.people)
    batch = _batch(register, chosen.folder / f"national-batch-{chosen.rows}", chosen.rows)
    work = chosen.folder / "national-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    figures: list[Figure] = []
    took: dict[int, tuple[int, float]] = {}
    for part in PARTS:
        shelf = register if part == 1 else _first_files(register, work / f"one-in-{part}", part)
        matched = _matched(work / f"matching-{part}", shelf, batch)
        joined = raw.measure(work, shelf, batch)
        took[part] = matched["people"], matched["seconds"]
        figures += _figures(matched, joined, whole=part == 1, people=chosen.people)
    (few, quick), (many, slow) = took[PARTS[0]], took[1]
    figures.append(Figure(f"{many / few:.1f} times the people", slow / quick, "times the time", many / few))
    print(table(figures, machine=f"{os.cpu_count()} cores, {chosen.people:,} people, {chosen.rows:,} hostile requests"))
    (work / "results.json").write_text(json.dumps([figure.as_json() for figure in figures], indent=1))


def _figures(matched: dict[str, Any], joined: float, *, whole: bool, people: int) -> list[Figure]:
    """The figures of one size; the bars are those of the country."""
    size, bars = f"{matched['people']:,} people", whole and people >= 330_000_000
    figures = [
        Figure(f"{size}: matching", matched["seconds"], "s", 60 if bars else None),
        Figure(f"{size}: matching, processor time", matched["cpu"], "s"),
        *(Figure(f"{size}: {step}", seconds, "s") for step, seconds in matched["steps"].items()),
        Figure(f"{size}: peak memory", matched["megabytes"], "MB", 4096),
        Figure(f"{size}: raw DuckDB joins", joined, "s"),
        Figure(f"{size}: matching ÷ raw joins", matched["seconds"] / joined, "times"),
    ]
    if whole:
        counted = matched["counted"]
        figures += [
            Figure(f"{size}: decided", counted["decided"], "requests"),
            Figure(f"{size}: wrong persons", counted["wrong"], "persons", 0),
            Figure(f"{size}: found, of those whose evidence suffices", counted["recall_of_matchable"], "of 1", 0.9,
                lower=False),
        ]  # fmt: skip
    return figures


def _register(folder: Path, people: int) -> Path:
    if not (folder / FILE).exists():
        for half in (folder, folder.with_name(folder.name + "-truth")):
            shutil.rmtree(half, ignore_errors=True)
        print(f"building a register of {people:,} simulated people", flush=True)
        build_register(folder, people=people, seed=SEEDS["register"])
    return folder


def _batch(register: Path, folder: Path, rows: int) -> Batch:
    shutil.rmtree(folder, ignore_errors=True)
    print(f"building {rows:,} hostile requests", flush=True)
    created = datetime.combine(MADE_ON, time(), UTC)
    return build_hostile(register, folder, rows=rows, seed=SEEDS["batch"], created_at=created,
        expires_at=created + timedelta(days=30), batch_id="national")  # fmt: skip


def _first_files(register: Path, folder: Path, part: int) -> Path:
    """The first of so many parts of a register, as a register: its files by other names, not copied."""
    counted = {}
    for name in ("person", "address"):
        files = sorted((register / name).glob("*.parquet"))
        (folder / name).mkdir(parents=True)
        for file in files[: max(1, len(files) // part)]:
            (folder / name / file.name).hardlink_to(file)
        counted[name] = sum(pq.read_metadata(file).num_rows for file in (folder / name).iterdir())
    (folder / FILE).write_text(
        f'name = "one in {part}"\nas_of = {MADE_ON}\nsynthetic = true\n'
        f"people = {counted['person']}\naddresses = {counted['address']}\n"
    )
    return folder


def _matched(folder: Path, register: Path, batch: Batch) -> dict[str, Any]:
    """What `bench.matching` says of one register."""
    folder.mkdir()
    print(f"matching {batch.rows:,} requests with {register}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching", folder, register, batch.requests.parent],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


if __name__ == "__main__":
    main()
