"""The synthetic register and the batches that the benchmark judges; made once and kept."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from narrowgate.synth.august_2025 import rebuild_batch
from narrowgate.synth.batch_manifest import Batch
from narrowgate.synth.population import build_register

SEED = 20250807


def register(folder: Path, people: int) -> Path:
    """A register of `people`, with their addresses."""
    target = folder / "register"
    if not (target / "register.toml").exists():
        for half in (target, folder / "register-truth"):
            shutil.rmtree(half, ignore_errors=True)
        print(f"building a register of {people:,} simulated people", flush=True)
        build_register(target, people=people, seed=SEED)
    return target


def batch(folder: Path, register: Path, rows: int) -> Batch:
    """A batch of `rows` requests, nearly all of them sound in form, about people of `register`."""
    print(f"building a batch of {rows:,} requests", flush=True)
    now = datetime.now(UTC).replace(microsecond=0)
    return rebuild_batch(
        register, folder / f"batch-{rows}", rows=rows, seed=SEED, created_at=now, expires_at=now + timedelta(days=30),
        profile="sound", batch_id=f"bench-{rows}",
    )  # fmt: skip
