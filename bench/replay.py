"""The same batch judged again under other readings, with the list of flips, by the ordinary command.

Rules:
 * Every replay is a process of its own, start-up included, and none finds what an earlier one left.
 * The bar is for a reading by whose evidence the register was already looked into: facts and matches are taken over.
   A reading with other evidence has to look everybody up; its figure stands beside the bar's without one.
"""

from __future__ import annotations

import shutil

from bench.figures import Figure
from bench.spine import Measured, run

SAME_EVIDENCE = ("ddc-2026-02-26", "dcc-2026-02-24", "government-2026")
OTHER_EVIDENCE = "as-practised-2025-08"
ROUNDS = 3


def measure(judged: Measured, *, seconds: float | None) -> list[Figure]:
    """Seconds of each replay, the median of three, and how many requests flip."""
    figures = [figure for reading in SAME_EVIDENCE for figure in _replays(judged, reading, ROUNDS, seconds)]
    return figures + _replays(judged, OTHER_EVIDENCE, 1, None)


def _replays(judged: Measured, reading: str, rounds: int, bar: float | None) -> list[Figure]:
    results = [_replayed(judged, reading) for _ in range(rounds)]
    took = sorted(result["wall"] for result in results)[rounds // 2]
    what = f"{judged.batch.rows:,} requests replayed under {reading}"
    return [
        Figure(f"{what}, with the list of flips", took, "s", bar),
        Figure(f"{what}: looked up again", results[0]["looked_up"], "requests"),
        Figure(f"{what}: flips", results[0]["determined_otherwise"], "requests"),
    ]


def _replayed(judged: Measured, reading: str) -> dict[str, float]:
    for made in judged.case.folder.parent.glob("replay-*"):
        shutil.rmtree(made)
    out = judged.gate.parent / "flips.parquet"
    return run("replay", judged.batch.batch_id, "--reading", reading, "--list", out, gate=judged.gate)
