"""A stay that arrives at any moment of a release stops what has not left, and the stop is an entry."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from narrowgate.accounting.stays import enter_stay
from narrowgate.agreement.shipped import shipped
from narrowgate.gateway.desk import at_desk
from narrowgate.store.gate import open_gate
from narrowgate.terms.agreement import Stay, StayEffect
from tests.faults import story
from tests.faults.budget import faults
from tests.faults.commands import DONE, REFUSED, give, start, wait
from tests.faults.processes import count_steps, in_child, killed_at
from tests.faults.story import BATCH, Scene

ONE_HOUR = timedelta(hours=1)
LAST = 24
"""More steps than lie between the entry of a release and its end."""
STAY = ["stay", "add", "order-1", "--forum", "a court", "--docket", "1:26-cv-00001", "--source", "the order"]


def ordered(scene: Scene, *, effective: timedelta) -> None:
    """A court's order that nothing be released, entered now and in effect after so long."""
    stay = Stay(
        "order-1", "a court", "1:26-cv-00001", "A v. B", scene.at + effective, None, StayEffect.NO_RELEASE,
        "the whole agreement", "the order", 0,
    )  # fmt: skip
    with at_desk(open_gate(scene.gate), at=scene.at, random=os.urandom) as desk:
        enter_stay(desk.book, stay, code="entered", at=scene.at)


def killed_before(scene: Scene, folder: Path, *, seed: int) -> list[tuple[int, Scene]]:
    """Gates whose release was killed at some step, drawn or one of the last, before anything had been delivered."""
    draw, steps = random.Random(seed), count_steps(lambda: story.give(scene.copied(folder / "counted"), "release"))
    gates = []
    for step in sorted({*draw.sample(range(1, steps), min(steps - 1, faults(5))), *range(steps - LAST, steps + 1, 2)}):
        told = scene.copied(folder / str(step))
        killed_at(step, partial(story.give, told, "release"))
        if not told.outbox:
            gates.append((step, told))
    return gates


def kinds(scene: Scene) -> list[str]:
    """The kinds of all entries, in order."""
    return [entry["kind"] for entry in story.entries(scene)]


def a_stay_stops_it(scene: Scene, folder: Path, *, seed: int) -> set[bool]:
    """A stay that is entered after the kill stops the release, in effect at once or from just before it is taken up.

    Returns whether the release was on the ledger when the stay came: for some it was, for others not.
    """
    found = set()
    for number, (step, told) in enumerate(killed_before(scene, folder, seed=seed)):
        later = ONE_HOUR * (number % 2)
        assert in_child(partial(ordered, told, effective=later)) == 0, step
        said = give(replace(told, at=told.at + later), "release", BATCH)
        assert said.code == REFUSED, (step, said)
        assert "order-1" in said.error, (step, said)
        assert told.outbox == [], step
        assert kinds(told)[-2:] == ["stay", "stopped"], (step, kinds(told))
        assert list(told.gate.rglob("*.cms")) == [], step
        found.add("release" in kinds(told))
    return found


def a_stay_of_the_agreement_stops_it(scene: Scene, folder: Path, *, seed: int) -> set[bool]:
    """The agreement's own stays come into force after the kill: likewise."""
    found = set()
    for step, told in killed_before(scene, folder, seed=seed)[-10:]:
        shutil.copy(shipped("irs-ice-2025") / "stays.toml", told.folder.agreements / "irs-ice-2025" / "stays.toml")
        said = give(told, "release", BATCH, anew=True)
        assert said.code == REFUSED, (step, said)
        assert told.outbox == [], step
        assert kinds(told)[-2:] == ["configuration", "stopped"], (step, kinds(told))
        found.add("release" in kinds(told))
    return found


def at_the_same_time(scene: Scene, folder: Path, times: int) -> None:
    """A release and a stay are asked for at once: whichever came first, nothing leaves after the stay."""
    for _ in range(times):
        told = scene.copied(folder)
        release, stay = start(told, "release", BATCH), start(told, *STAY)
        said = wait(release)
        assert wait(stay).code == DONE
        first = "release" if said.code == DONE else "stay"
        assert kinds(told)[8:] == (["release", "stay"] if first == "release" else ["stay", "stopped"])
        assert bool(told.outbox) == (first == "release")


def test_a_stay_that_comes_after_a_release_was_killed_stops_it_wherever_that_was(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    assert elsewhere.submit(a_stay_stops_it, before["release"], tmp_path, seed=21).result() == {True, False}


def test_a_stay_that_the_agreement_gets_after_a_release_was_killed_stops_it(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    found = elsewhere.submit(a_stay_of_the_agreement_stops_it, before["release"], tmp_path, seed=23).result()
    assert found == {True, False}


def test_a_release_and_a_stay_at_the_same_time_are_one_after_the_other(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    elsewhere.submit(at_the_same_time, before["release"], tmp_path / "gate", faults(4)).result()
