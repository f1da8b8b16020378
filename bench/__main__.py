"""Measure every bar, print the figures beside it, and keep them in build/bench/results.json.

Rules:
 * Each figure comes from a process of its own, so that memory and caches of one do not help or hurt another.
 * A figure stands beside the same work in raw SQL where there is such a thing, as a ratio measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from bench import addresses, clauses, evidence, peers, population, raw, reasons, replay, spine, splink_candidates
from bench.figures import Figure, table

SCALES = {"full": (20_000_000, 1_280_000, 5_120_000), "tenth": (2_000_000, 128_000, 512_000)}
BESIDE_SPLINK = {"full": (2_000_000, 300_000), "tenth": (200_000, 30_000)}
"""People and requests."""


def main() -> None:
    """Measure at the full scale, or at a tenth of it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    people, rows, many = SCALES[chosen.scale]
    folder = chosen.folder / chosen.scale
    folder.mkdir(parents=True, exist_ok=True)

    register = population.register(folder, people)
    figures: list[Figure] = []
    one = spine.measure(folder, register, population.batch(folder, register, rows))
    figures += one.figures(seconds=25, megabytes=2048)
    joins = raw.measure(folder, register, one.batch)
    figures.append(Figure("raw DuckDB joins of the same tables", joins, "s"))
    figures.append(Figure("package to ledger ÷ raw joins", one.seconds / joins, "times"))
    figures += replay.measure(one, seconds=5)
    four = spine.measure(folder, register, population.batch(folder, register, many))
    figures += four.figures(seconds=None, megabytes=4096)
    figures.append(
        Figure(f"{many:,} requests ÷ {rows:,} requests", four.seconds / one.seconds, "times", 4.5, lower=True)
    )
    figures += evidence.measure(folder, one, rows=rows)
    figures += clauses.measure(one, seconds=1, with_facts=15)
    figures += peers.measure(one)
    figures += reasons.measure(rows)
    figures += addresses.measure()
    beside = BESIDE_SPLINK[chosen.scale]
    figures += splink_candidates.measure(folder, people=beside[0], rows=beside[1])
    print(table(figures, machine=f"{os.cpu_count()} cores, scale {chosen.scale}"))
    (folder / "results.json").write_text(json.dumps([figure.as_json() for figure in figures], indent=1))


if __name__ == "__main__":
    main()
