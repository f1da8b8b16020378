"""Cases: a case that states nothing, or something impossible, is refused rather than passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.agreement.cases import cases, run_cases
from narrowgate.errors import AgreementError
from narrowgate.terms.determination import Finding
from tests.agreement.small import load_small, write
from tests.agreement.vocabulary import COMPARISONS, FACTS

BASELINE = """on = 2025-05-01

[facts]
copies = 1
pending = false
colour = "red"

[comparisons]
tin = "exact"
"""
CASE = """[[case]]
clause = "C2"
name = "two copies"
facts = { copies = 2 }
finding = "not satisfied"

[[case]]
clause = "C2"
name = "two copies, later in the year"
on = 2025-08-01
facts = { copies = 2 }
finding = "satisfied"

[[case]]
clause = "C2"
name = "nothing said of what is pending"
missing = ["pending"]
finding = "undetermined"

[[case]]
evidence = "E1"
name = "another address"
facts = { address = "differs" }
finding = "satisfied"
"""


def folder_with(tmp_path: Path, *, baseline: str = BASELINE, case: str = CASE) -> Path:
    folder = write(tmp_path)
    (folder / "cases").mkdir()
    (folder / "cases" / "baseline.toml").write_text(baseline)
    (folder / "cases" / "some.toml").write_text(case)
    return folder


def test_a_case_starts_from_the_baseline_and_is_judged_with_the_values_of_its_day(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    outcomes = run_cases(load_small(folder), cases(folder, facts=FACTS, comparisons=COMPARISONS).cases)
    assert [outcome.finding for outcome in outcomes] == [
        Finding.NOT_SATISFIED,
        Finding.SATISFIED,
        Finding.UNDETERMINED,
        Finding.NOT_SATISFIED,
    ]
    assert [outcome.as_expected for outcome in outcomes] == [True, True, True, False]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("copies = 2 }", "copys = 2 }", "`copys` is no fact"),
        ("copies = 2 }", "copies = true }", "`copies` is integer"),
        ("copies = 2 }", "copies = [2] }", "`copies` is integer"),
        ("copies = 2 }", 'colour = "blue" }', "`colour` is never `blue`"),
        ('finding = "not satisfied"', 'finding = "false"', "`false` is no `finding`"),
        ('missing = ["pending"]', 'missing = ["pendig"]', "`pendig` is no fact"),
        ('clause = "C2"', 'claus = "C2"', "`claus` is not a key"),
        ("[[case]]", "[[cases]]", "`cases` is not a key"),
        ('name = "two copies"\n', "", "has no `name`"),
    ],
)
def test_an_unsound_case_is_refused_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = folder_with(tmp_path, case=CASE.replace(old, new, 1))
    with pytest.raises(AgreementError, match=r"small/cases/some\.toml:\d+: ") as refused:
        cases(folder, facts=FACTS, comparisons=COMPARISONS)
    assert words in refused.value.message


def test_a_case_about_nothing_and_a_fact_that_is_just_forgotten_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, case=CASE.replace('"C2"', '"C9"', 1))
    with pytest.raises(AgreementError, match="no clause or evidence rule `C9`"):
        run_cases(load_small(folder), cases(folder, facts=FACTS, comparisons=COMPARISONS).cases)
    (folder / "cases" / "some.toml").write_text(CASE)
    (folder / "cases" / "baseline.toml").write_text(BASELINE.replace("pending = false\n", ""))
    with pytest.raises(AgreementError, match="`C2` reads `pending`, which the case neither gives nor names"):
        run_cases(load_small(folder), cases(folder, facts=FACTS, comparisons=COMPARISONS).cases)


def test_cases_without_a_baseline_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "cases" / "baseline.toml").unlink()
    with pytest.raises(AgreementError, match=r"no `cases/baseline\.toml`"):
        cases(folder, facts=FACTS, comparisons=COMPARISONS)
