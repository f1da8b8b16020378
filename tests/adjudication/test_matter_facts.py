"""Matter, statute, periods and fields are read as written, and only their writing is made even."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.adjudication.deriving import a_request, derived, one


@pytest.mark.parametrize(
    ("opened", "days"),
    [(date(2025, 6, 26), 1), (date(2025, 6, 27), 0), (date(2025, 6, 28), -1), (None, None)],
)
def test_the_age_of_a_matter_is_negative_if_it_was_opened_after_the_request(
    tmp_path: Path, opened: date | None, days: int | None
) -> None:
    assert one(tmp_path, matter_opened_on=opened)["matter_age_days"] == days


@pytest.mark.parametrize(
    ("written", "named"),
    [("M-2025-1", True), ("GRAND JURY A", True), (None, False), ("N/A", False), ("unknown", False), ("000", False)],
)
def test_a_word_for_want_of_a_matter_names_none(tmp_path: Path, written: str | None, named: bool) -> None:
    assert one(tmp_path, matter_id=written)["matter_named"] is named


@pytest.mark.parametrize("kind", ["investigation", "civil removal", None])
def test_the_kind_of_a_matter_stays_as_written(tmp_path: Path, kind: str | None) -> None:
    assert one(tmp_path, matter_kind=kind)["matter_kind"] == kind


@pytest.mark.parametrize(
    ("written", "cite"),
    [
        ("8 USC 1253(a)(1)(A)", "8 USC 1253(a)(1)(A)"),
        ("8 U.S.C. § 1253(a)(1)(A)", "8 USC 1253(a)(1)(A)"),
        ("8 u.s.c. §§ 1253 (a) (1) (A)", "8 USC 1253(a)(1)(A)"),
        ("8USC1253(a)(1)(A)", "8 USC 1253(a)(1)(A)"),
        ("8 USC 1253(a)(1)(a)", "8 USC 1253(a)(1)(a)"),
        (None, None),
    ],
)
def test_a_statute_written_in_any_usual_way_is_the_same_cite(
    tmp_path: Path, written: str | None, cite: str | None
) -> None:
    assert one(tmp_path, statute=written)["statute"] == cite


@pytest.mark.parametrize("written", ["8 USC 1253; 8 USC 1326", "8 USC 1253 and 1326", "not 8 USC 1326", "INA 243(a)"])
def test_what_is_more_or_other_than_one_cite_is_no_accepted_one(tmp_path: Path, written: str) -> None:
    assert one(tmp_path, statute=written)["statute"] not in ("8 USC 1253", "8 USC 1326", "8 USC 1253(a)")


@pytest.mark.parametrize(
    ("written", "count", "wellformed", "earliest", "latest"),
    [
        ("2024", 1, True, 2024, 2024),
        ("2024;2022; 2023", 3, True, 2022, 2024),
        ("2023;", 2, False, None, None),
        ("2020-2024", 1, False, None, None),
        ("all", 1, False, None, None),
        ("20245", 1, False, None, None),
        (None, 0, None, None, None),
    ],
)
def test_periods_are_years_one_by_one_or_not_well_formed(
    tmp_path: Path, written: str | None, count: int, wellformed: bool | None, earliest: int, latest: int
) -> None:
    found = one(tmp_path, tax_periods=written)
    assert found["tax_period_count"] == count
    assert found["tax_periods_wellformed"] is wellformed
    assert (found["earliest_tax_period"], found["latest_tax_period"]) == (earliest, latest)
    assert found["request_year"] == 2025


@pytest.mark.parametrize(
    ("written", "asked", "outside"),
    [
        ("mailing_address", 1, 0),
        ("mailing_address; income", 2, 1),
        ("income", 1, 1),
        ("mailing_address;", 2, 1),
        ("MAILING_ADDRESS", 1, 1),
        (None, 0, 0),
    ],
)
def test_whatever_is_asked_for_beyond_the_agreement_is_counted(
    tmp_path: Path, written: str | None, asked: int, outside: int
) -> None:
    found = one(tmp_path, requested_fields=written)
    assert (found["fields_requested"], found["fields_not_releasable"]) == (asked, outside)


def test_an_agreement_that_releases_nothing_makes_every_field_unreleasable(tmp_path: Path) -> None:
    (found,) = derived(tmp_path, [a_request()], releasable=())
    assert (found["fields_requested"], found["fields_not_releasable"]) == (1, 1)


def copies(folder: Path, *rows: dict[str, Any]) -> list[int]:
    return [found["copies_in_batch"] for found in derived(folder, rows)]


def test_rows_that_differ_in_their_reference_alone_are_copies(tmp_path: Path) -> None:
    rows = [a_request(request_ref=f"R-{n}") for n in range(3)]
    assert copies(tmp_path, *rows, a_request(request_ref="R-9", unit="Apt 2")) == [3, 3, 3, 1]


def test_missing_values_make_copies_as_any_others_do(tmp_path: Path) -> None:
    bare = dict.fromkeys(a_request(), None) | {"layout_errors": 0}
    assert copies(tmp_path, bare, {**bare, "request_ref": "R-2"}, {**bare, "city": "X"}) == [2, 2, 1]


@pytest.mark.parametrize("column", sorted(a_request().keys() - {"request_ref", "layout_errors"}))
def test_a_row_that_differs_in_any_one_column_is_no_copy(tmp_path: Path, column: str) -> None:
    value = a_request()[column]
    other = not value if isinstance(value, bool) else date(2001, 1, 1) if column.endswith(("_on", "_date")) else "other"
    assert copies(tmp_path, a_request(), a_request(**{column: other})) == [1, 1]


def test_layout_errors_are_handed_on(tmp_path: Path) -> None:
    assert one(tmp_path, layout_errors=3)["layout_errors"] == 3
