"""A register of two thousand simulated people and batches about them, built once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from narrowgate.synth.august_2025 import rebuild_batch
from narrowgate.synth.batch_manifest import Batch
from narrowgate.synth.population import build_register

from .support import Simulation

NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
SEED = 7


def batch_about(register: Path, folder: Path, *, rows: int, seed: int = SEED, sound: bool = False) -> Batch:
    """A batch made on 2 March 2026."""
    return rebuild_batch(
        register,
        folder,
        rows=rows,
        seed=seed,
        created_at=NOW,
        expires_at=NOW + timedelta(days=90),
        profile="sound" if sound else "record",
    )


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,000 people of the sample."""
    folder = tmp_path_factory.mktemp("small") / "register"
    build_register(folder, people=2_000, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody in the sample."""
    folder = tmp_path_factory.mktemp("sample") / "register"
    build_register(folder, people=None, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """50,000 people: the sample, one whole copy and part of another."""
    folder = tmp_path_factory.mktemp("copied") / "register"
    build_register(folder, people=50_000, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400,000 people: enough of the copies for the rates of what is rare."""
    folder = tmp_path_factory.mktemp("country") / "register"
    build_register(folder, people=400_000, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def rebuilt(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    """The batch of August 2025 at one hundredth, about the small register."""
    folder = tmp_path_factory.mktemp("rebuilt")
    return Simulation(duckdb.connect(), small, batch_about(small, folder, rows=12_800))


@pytest.fixture(scope="session")
def sound(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    """A batch for the benchmark about the copied register."""
    folder = tmp_path_factory.mktemp("sound")
    return Simulation(duckdb.connect(), copied, batch_about(copied, folder, rows=4_000, sound=True))
