"""The clocks of a removal order run from the dates that each statute names, to the day of the request."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.adjudication.deriving import REQUESTED_ON, one


def before(days: int) -> date:
    return REQUESTED_ON - timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, 1, 89, 90, 91, 4000])
def test_both_clocks_count_whole_days_from_an_order_that_no_court_reviewed(tmp_path: Path, days: int) -> None:
    found = one(tmp_path, order_final_on=before(days))
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (days, days)


@pytest.mark.parametrize("days", [89, 90, 91])
def test_a_courts_order_after_the_administrative_one_restarts_both_clocks(tmp_path: Path, days: int) -> None:
    found = one(tmp_path, order_final_on=before(2000), court_final_on=before(days))
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (days, days)


def test_a_courts_order_dated_before_the_administrative_one_starts_only_the_1253_clock(tmp_path: Path) -> None:
    found = one(tmp_path, order_final_on=before(30), court_final_on=before(2000))
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (2000, 30)


def test_an_order_in_the_future_makes_a_clock_negative(tmp_path: Path) -> None:
    found = one(tmp_path, order_final_on=before(-10), court_final_on=before(400))
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (400, -10)


def test_a_courts_order_alone_starts_both_clocks(tmp_path: Path) -> None:
    found = one(tmp_path, order_final_on=None, court_final_on=before(100))
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (100, 100)


def test_a_clock_without_a_start_is_missing_and_not_zero(tmp_path: Path) -> None:
    found = one(tmp_path, order_final_on=None, court_final_on=None)
    assert (found["days_by_1253_clock"], found["days_by_1231_clock"]) == (None, None)


@pytest.mark.parametrize(
    ("written", "named"),
    [("A123456789", True), ("0-1", True), (None, False), ("NONE", False), ("pending", False), ("000000000", False)],
)
def test_an_order_is_named_by_a_case_number_and_by_no_word_for_want_of_one(
    tmp_path: Path, written: str | None, named: bool
) -> None:
    assert one(tmp_path, order_case_no=written)["order_named"] is named


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1227(a)(1)(B)", "1227(a)"),
        ("8 U.S.C. § 1227(a)(2)(A)(iii)", "1227(a)"),
        ("8 USC 1227 (a)", "1227(a)"),
        ("1182(a)(6)(A)(i)", "1182(a)"),
        ("1227(b)", "other"),
        ("12270(a)", "other"),
        ("1227(a)(1)(B); 1182(a)(6)", "other"),
        ("not 1227(a)", "other"),
        ("INA 237(a)", "other"),
        ("unknown", "other"),
        (None, None),
    ],
)
def test_a_ground_is_of_the_section_that_it_cites_and_of_no_other(
    tmp_path: Path, written: str | None, expected: str | None
) -> None:
    assert one(tmp_path, order_ground=written)["order_ground_class"] == expected


@pytest.mark.parametrize("relief", [True, False, None])
def test_what_is_not_said_of_relief_is_missing_and_not_no(tmp_path: Path, relief: bool | None) -> None:
    assert one(tmp_path, relief_pending=relief)["relief_pending"] is relief


@pytest.mark.parametrize(
    ("change", "conflicts"),
    [
        ({}, 0),
        ({"court_final_on": date(2024, 1, 15)}, 0),
        ({"court_final_on": date(2024, 1, 14)}, 1),
        ({"birth_date": date(2024, 1, 16)}, 1),
        ({"birth_date": date(2025, 5, 2)}, 2),
        ({"birth_date": date(2025, 6, 28)}, 3),
        ({"birth_date": None, "order_final_on": None}, 0),
    ],
)
def test_dates_that_cannot_both_be_true_are_counted(tmp_path: Path, change: dict[str, Any], conflicts: int) -> None:
    assert one(tmp_path, **change)["date_conflicts"] == conflicts
