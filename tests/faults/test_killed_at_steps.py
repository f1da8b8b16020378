"""A gate that is killed as it changes a file, anywhere between receive and release, loses and doubles nothing."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.faults.budget import faults
from tests.faults.killing import at_a_step, killed_again_and_again
from tests.faults.story import Scene


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_is_received_determined_approved_and_released_once_however_often_it_is_killed(
    scene: Scene, elsewhere: ProcessPoolExecutor, tmp_path: Path, seed: int
) -> None:
    kills = faults(75)
    assert (
        elsewhere.submit(killed_again_and_again, scene, tmp_path, at_a_step, seed=seed, kills=kills).result() >= kills
    )
