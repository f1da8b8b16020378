"""A clock that was set back: nothing is entered before what was entered last, and later it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from narrowgate.errors import Fault
from tests.faults import story
from tests.faults.commands import content
from tests.faults.story import Scene

ONE_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("command", story.COMMANDS[1:])
def test_a_desk_whose_clock_is_before_the_last_entry_enters_nothing(
    before: Mapping[str, Scene], tmp_path: Path, command: str
) -> None:
    told = before[command].copied(tmp_path / "gate")
    ledger = content(told.folder.ledger)
    with pytest.raises(Fault, match=r"the clock says 2026-03-02T11:59:59Z, and the last entry .* 2026-03-02T12:00:00Z"):
        story.give(replace(told, at=told.at - ONE_SECOND), command)
    assert content(told.folder.ledger) == ledger
    assert told.outbox == []


def test_when_the_clock_is_right_again_the_same_command_is_done(before: Mapping[str, Scene], tmp_path: Path) -> None:
    told = before["release"].copied(tmp_path / "gate")
    with pytest.raises(Fault):
        story.give(replace(told, at=told.at - ONE_SECOND), "release")
    story.give(told, "release")
    assert story.end(told).answers.keys() == {"O-1"}


def test_an_answer_that_waits_is_not_delivered_by_a_clock_that_was_set_back(
    before: Mapping[str, Scene], tmp_path: Path
) -> None:
    told = before["end"].copied(tmp_path / "gate")
    (outbox,) = (told.gate / "outbox" / story.BATCH).iterdir()
    sealed = told.folder.case(story.BATCH, outbox.name) / "sealed"
    outbox.replace(sealed)  # as if it had been killed between the entry and the delivery
    with pytest.raises(Fault, match="the clock says"):
        story.give(replace(told, at=told.at - ONE_SECOND), "release")
    assert told.outbox == []
    story.give(told, "release")
    story.end(told)
