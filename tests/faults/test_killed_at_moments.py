"""A gate that is killed at any moment, inside the engine or while openssl runs, loses and doubles nothing."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.faults.budget import faults
from tests.faults.killing import at_a_moment, killed_again_and_again
from tests.faults.story import Scene


def test_a_batch_is_received_determined_approved_and_released_once_whenever_it_is_killed(
    scene: Scene, elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    kills = faults(50)
    assert elsewhere.submit(killed_again_and_again, scene, tmp_path, at_a_moment, seed=3, kills=kills).result() >= kills
