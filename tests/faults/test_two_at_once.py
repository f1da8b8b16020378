"""Two processes that do the same at the same time: one enters it, the other repeats it or is told."""

from __future__ import annotations

import random
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.faults import story
from tests.faults.budget import faults
from tests.faults.commands import DONE, REFUSED, Said, arguments, start, wait
from tests.faults.processes import begun, ended, killed_at
from tests.faults.story import Scene

TOLD = {"receive": "was received before", "counsel": "has approved", "disclosure-officer": "has approved"}
"""What the second of two is told where there is nothing to repeat."""


def both(scene: Scene, *commands: str) -> list[Said]:
    """Give two commands at once; what they said, the one that was done first."""
    begins = [start(scene, *arguments(scene, command)) for command in commands]
    return sorted(map(wait, begins), key=lambda said: said.code)


def everything_twice(scene: Scene, folder: Path) -> None:
    """Every command of the story, by two processes at once."""
    told = scene.copied(folder)
    entered = list(story.BEGUN)
    for command in story.COMMANDS:
        first, second = both(told, command, command)
        entered += story.ENTERS[command]
        assert first.code == DONE, first
        if command in TOLD:
            assert second.code == REFUSED, second
            assert TOLD[command] in second.error
        else:
            assert second.code == DONE, second
            assert {first.answer.get("repeated", False), second.answer.get("repeated", False)} == {False, True}
        if command == "receive":
            entered.append("rejected")  # that a package came again is an entry, and no batch
        assert kinds(told) == entered
    assert len(told.outbox) == 1


def two_approvers(scene: Scene, folder: Path) -> None:
    """Two approvers who sign at the same time."""
    told = scene.copied(folder)
    assert [said.code for said in both(told, *story.APPROVERS)] == [DONE, DONE]
    assert kinds(told)[-2:] == ["approval", "approval"]


def kinds(scene: Scene) -> list[str]:
    """The kinds of all entries, in order."""
    return [entry["kind"] for entry in story.entries(scene)]


def two_after_one_was_killed(scene: Scene, folder: Path, *, seed: int, kills: int) -> None:
    """A release that was killed anywhere is finished once by two who come at once."""
    draw = random.Random(seed)
    for number in range(kills):
        told = scene.copied(folder)
        seen = story.look(told)
        step = draw.randint(1, 180)
        killed_at(step, partial(story.go_on, told))
        children = [begun(partial(story.go_on, told)) for _ in range(2)]
        assert [ended(child) for child in children] == [0, 0], (seed, number, step)
        story.look(told, seen)
        story.end(told)


def test_a_batch_that_two_work_at_is_received_determined_approved_and_released_once(
    scene: Scene, elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    elsewhere.submit(everything_twice, scene, tmp_path / "gate").result()


def test_two_approvers_who_sign_at_once_are_both_entered(
    before: dict[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    elsewhere.submit(two_approvers, before["counsel"], tmp_path / "gate").result()


@pytest.mark.parametrize("seed", [5])
def test_what_was_killed_is_finished_once_by_two_who_come_at_once(
    before: dict[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path, seed: int
) -> None:
    elsewhere.submit(
        two_after_one_was_killed, before["release"], tmp_path / "gate", seed=seed, kills=faults(6)
    ).result()
