"""Kill whoever works at a gate, again and again, and go on each time from where the gate says it is.

Rules:
 * Every kill is followed by what must hold at any moment (`story.look`), every story by what must hold at its end.
 * What is drawn is drawn from a seed, and an error says which.
 * A story that has come to its end begins anew at a fresh copy of the gate, until there were enough kills.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults import story
from tests.faults.processes import count_steps, in_child, killed_at
from tests.faults.story import Ended, Scene

KILLED = -9


@dataclass(frozen=True)
class Known:
    """An undisturbed story: what came of it, and for each command its steps and the seconds that it took."""

    ended: Ended
    steps: dict[str, int]
    seconds: dict[str, float]


Kill = Callable[[random.Random, Known, str, Callable[[], object]], int]
"""Do the work of a command in a child that may be killed on the way; as `in_child`."""


def at_a_step(draw: random.Random, known: Known, command: str, work: Callable[[], object]) -> int:
    """Kill as the child is about to change a file, or has just done so."""
    return killed_at(round(1 + _place(draw, command) * known.steps[command]), work)


def at_a_moment(draw: random.Random, known: Known, command: str, work: Callable[[], object]) -> int:
    """Kill at any time, which may be inside the engine or while openssl runs."""
    return in_child(work, kill_after=_place(draw, command) * known.seconds[command])


def _place(draw: random.Random, command: str) -> float:
    """A place on the way through a command, which is 1 long, or a bit longer after one that was killed.

    A run hands over eight times and goes on from there, so that most places would lie behind its end: the earlier of
    two is taken.
    """
    return min(draw.uniform(0, 1.25) for _ in range(2 if command == "run" else 1))


def killed_again_and_again(scene: Scene, folder: Path, kill: Kill, *, seed: int, kills: int) -> int:
    """Stories at copies of the gate of `scene`, in a clean process, until there were `kills`. Returns how many."""
    known = undisturbed(scene.copied(folder / "undisturbed"))
    draw, killed, stories = random.Random(seed), 0, 0
    while killed < kills:
        told = scene.copied(folder / "gate")
        try:
            killed += _tell(told, known, kill, draw)
        except BaseException as problem:
            problem.add_note(f"seed {seed}, story {stories}, gate {told.gate}")
            raise
        stories += 1
    return killed


def undisturbed(scene: Scene) -> Known:
    """The story without a kill."""
    steps, seconds = {}, {}
    for command in story.COMMANDS:
        began = time.monotonic()
        steps[command] = count_steps(partial(story.give, scene, command))
        seconds[command] = time.monotonic() - began
    return Known(story.end(scene), steps, seconds)


def _tell(scene: Scene, known: Known, kill: Kill, draw: random.Random) -> int:
    """One story to its end; how often it was killed."""
    seen, killed = story.look(scene), 0
    while (command := seen.next) is not None:
        status = kill(draw, known, command, partial(story.go_on, scene))
        assert status in (0, KILLED), f"{command} broke after {killed} kills"
        killed += status == KILLED
        seen = story.look(scene, seen)
    assert story.end(scene) == known.ended
    return killed
