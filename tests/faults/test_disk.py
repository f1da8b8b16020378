"""A disk that is full or cannot be written: a fault, nothing half entered, and later the same command is done."""

from __future__ import annotations

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.faults import story
from tests.faults.commands import DONE, FAULT, Said, arguments, content, give
from tests.faults.disks import NO_MOUNTS, PAGE, read_only, room_for, small_disk, with_own_mounts
from tests.faults.processes import in_child
from tests.faults.story import Scene

SIZE = 16 * 1024 * 1024
SPARE = [0, 1, 2, 3, 5, 8, 12, 20, 40, 80]
"""Pages left free, one after another, until a command has enough of them."""
LONGEST = [0, 1_000, 60_000, 120_000]
"""Bytes that no file may be longer than, likewise."""


def fills_up(scene: Scene, folder: Path) -> None:
    """Every command of the story, with more and more pages left on the disk."""
    with small_disk(folder / "small", SIZE):
        told = scene.copied(folder / "small" / "gate")

        def on_a_full_disk(pages: int) -> Said:
            with room_for(pages * PAGE, folder / "small"):
                return goes_on(told)

        assert stopped(told, SPARE, on_a_full_disk) >= len(story.COMMANDS)


def with_short_files(scene: Scene, folder: Path) -> None:
    """Every command of the story, where files may be longer and longer: the same fault for whoever cannot mount."""
    told = scene.copied(folder / "gate")
    assert stopped(told, LONGEST, lambda longest: goes_on(told, longest=longest)) >= len(story.COMMANDS)


def goes_on(told: Scene, *, longest: int = resource.RLIM_INFINITY) -> Said:
    """Look how far the batch is, with `show`, and give the command that comes next; what was said last."""
    shown, command = give(told, "show", longest=longest), story.look(told).next
    return shown if shown.code != DONE or command is None else give(told, *arguments(told, command), longest=longest)


def stopped(told: Scene, limits: list[int], within: Callable[[int], Said]) -> int:
    """Go on within each of `limits` in turn, and again from the first whenever a command came to its end.

    Where the last of them is not enough, go on without any. After each, everything holds that holds at any moment.
    Returns how often it was stopped: each time by a fault.
    """
    left, seen, times = list(limits), story.look(told), 0
    while seen.next is not None:
        limit = left.pop(0) if left else None
        said = goes_on(told) if limit is None else within(limit)
        assert said.code == DONE or (limit is not None and said.code == FAULT), (seen.next, limit, said)
        times += said.code == FAULT
        before, seen = seen, story.look(told, seen)
        left = left if seen.next == before.next else list(limits)
    story.end(told)
    return times


def cannot_be_written(scene: Scene, folder: Path) -> None:
    """Every command of the story, and others, at a gate on a disk that cannot be written."""
    told = scene.copied(folder / "gate")
    receipt = folder / "receipt.json"
    others = (
        ["receipt", story.BATCH, "-o", str(receipt)],
        ["stay", "add", "order-1", "--forum", "a court", "--docket", "1:26-cv-00001", "--source", "the order"],
    )
    for command in story.COMMANDS:
        before = content(told.gate)
        with read_only(told.gate):
            for typed in (arguments(told, command), *others):
                said = give(told, *typed)
                assert said.code == FAULT, (typed, said)
                assert f"{told.gate.resolve()}/" in said.error, (typed, said)
        assert content(told.gate) == before
        assert not receipt.exists()
        assert give(told, *arguments(told, command)).code == DONE, command
    story.end(told)


def mounting(work: Callable[[Scene, Path], None], scene: Scene, folder: Path) -> int:
    """Do `work` with mounts of its own."""
    return with_own_mounts(lambda: work(scene, folder))


def at_home(work: Callable[[Scene, Path], None], scene: Scene, folder: Path) -> int:
    """Do `work` as the process is."""
    return in_child(lambda: work(scene, folder))


@pytest.mark.parametrize(
    ("how", "work"),
    [(mounting, fills_up), (at_home, with_short_files), (mounting, cannot_be_written)],
)
def test_on_a_bad_disk_every_command_ends_in_a_fault_and_later_it_goes_on(
    scene: Scene,
    elsewhere: ProcessPoolExecutor,
    tmp_path: Path,
    how: Callable[[Callable[[Scene, Path], None], Scene, Path], int],
    work: Callable[[Scene, Path], None],
) -> None:
    ended = elsewhere.submit(how, work, scene, tmp_path).result()
    if ended == NO_MOUNTS:
        pytest.skip("this system lets nobody mount")
    assert ended == 0
