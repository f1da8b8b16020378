"""Every agreement that ships is sound, has a case on both sides of every edge, and cases that notice every change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement import report
from narrowgate.agreement.shipped import shipped, shipped_names
from narrowgate.agreement.skeleton import write_skeleton
from narrowgate.errors import WrongUse
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS


def test_two_agreements_ship() -> None:
    assert shipped_names() == ("driver-records-2026", "irs-ice-2025")


@pytest.mark.parametrize("name", shipped_names())
def test_it_has_no_shortcoming(name: str) -> None:
    found = report.check(shipped(name), facts=FACTS, comparisons=COMPARISONS)
    assert found.shortcomings == ()
    assert found.notices == ()


@pytest.mark.parametrize("name", shipped_names())
def test_its_cases_come_out_and_notice_every_change(name: str) -> None:
    found = report.test(shipped(name), facts=FACTS, comparisons=COMPARISONS)
    assert (found.wrong, found.wrong_wholes, found.score.survivors) == ((), (), ())
    assert found.score.tried > 100


def test_a_skeleton_passes_the_check_and_is_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "another"
    write_skeleton(folder, name="another", today=date(2026, 11, 24))
    assert report.check(folder, facts=FACTS, comparisons=COMPARISONS).shortcomings == ()
    with pytest.raises(WrongUse, match="exists already"):
        write_skeleton(folder, name="another", today=date(2026, 11, 24))


def test_the_cases_of_a_skeleton_notice_every_change(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "another", name="another", today=date(2026, 11, 24))
    found = report.test(tmp_path / "another", facts=FACTS, comparisons=COMPARISONS)
    assert (found.wrong, found.wrong_wholes, found.score.survivors) == ((), (), ())


@pytest.mark.parametrize("name", ["Another", "-x", "a b", "../x", ""])
def test_an_id_that_is_no_word_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="cannot be an agreement's id"):
        write_skeleton(tmp_path / "x", name=name, today=date(2026, 11, 24))
    assert not (tmp_path / "x").exists()


def test_a_case_taken_away_is_a_shortcoming_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "another"
    write_skeleton(folder, name="another", today=date(2026, 11, 24))
    cases = folder / "cases" / "first.toml"
    cases.write_text(
        cases.read_text().replace(
            'name = "nobody"\nfacts = { one_person = false }\nfinding = "not',
            'name = "x"\nfacts = { one_person = true }\nfinding = "not',
        )
    )
    told = report.check(folder, facts=FACTS, comparisons=COMPARISONS).shortcomings
    assert len(told) == 1
    assert told[0].startswith("another/cases/first.toml:")
    assert "satisfied, not not satisfied" in told[0]
