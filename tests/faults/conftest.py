"""One gate for all tests of faults, which work on copies of it, and a clean process to work from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.faults import story
from tests.faults.processes import clean_process, in_child, keep_temporary_files, read_agreement_once
from tests.faults.story import Scene, a_scene


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A gate that has received nothing, and a package for it. Nobody works at it: it is copied."""
    before = os.umask(0o077)
    made = a_scene(tmp_path_factory.mktemp("scene"))
    os.umask(before)
    return made


@pytest.fixture(scope="session")
def elsewhere(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessPoolExecutor]:
    """A clean process, which has read the agreement."""
    with clean_process() as pool:
        pool.submit(keep_temporary_files, tmp_path_factory.mktemp("temporary")).result()
        pool.submit(read_agreement_once, scene.gate).result()
        yield pool


@pytest.fixture(scope="session")
def before(
    scene: Scene, elsewhere: ProcessPoolExecutor, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Scene]:
    """The gate as it is before each command of the story, by the command; and `end`, when it is over."""
    return elsewhere.submit(_stages, scene, tmp_path_factory.mktemp("before")).result()


def _stages(scene: Scene, folder: Path) -> Mapping[str, Scene]:
    stages = {}
    told = scene.copied(folder / "gate")
    for command in story.COMMANDS:
        stages[command] = told.copied(folder / command)
        assert in_child(partial(story.give, told, command)) == 0
    return {**stages, "end": told}
