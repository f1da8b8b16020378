"""How often and in how many versions a subject is asked about, in the batch and before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from narrowgate.adjudication.facts.earlier import Earlier, within_a_year
from tests.adjudication.deriving import REQUESTED_ON, ROSTER, Row, a_request, another, derived, write_requests


def facts(folder: Path, rows: list[Row], earlier: tuple[Earlier, ...] = ()) -> list[dict[str, Any]]:
    return derived(folder, rows, earlier=earlier)


def before(folder: Path, *rows: Row, on: date = REQUESTED_ON) -> Earlier:
    folder.mkdir()
    return Earlier(write_requests(folder, rows), on, ROSTER)


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[f"subject_{name}"] for name in ("requests", "variants", "earlier_requests", "earlier_variants"))


def test_two_subjects_are_asked_about_once_each(tmp_path: Path) -> None:
    found = facts(tmp_path, [a_request(), a_request(**another(2), birth_date=date(1990, 1, 1))])
    assert [counts(row) for row in found] == [(1, 1, 0, 0)] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"tin": "900-70-0001", "first_name": "Other", "birth_date": date(1950, 1, 1)},
        {"tin": None, "first_name": "ÁLMA", "last_name": "quin-tero"},
        {"tin": "911111111", "street": "2 Elm St"},
    ],
)
def test_one_number_or_one_name_and_birth_date_is_one_subject(tmp_path: Path, change: dict[str, Any]) -> None:
    found = facts(tmp_path, [a_request(), a_request(request_ref="R-2", **change)])
    assert [counts(row)[:2] for row in found] == [(2, 2)] * 2


def test_the_same_said_twice_is_one_version(tmp_path: Path) -> None:
    found = facts(tmp_path, [a_request(), a_request(request_ref="R-2", reason="Another reason altogether for her.")])
    assert [counts(row)[:2] for row in found] == [(2, 1)] * 2


def test_what_was_asked_before_counts_with_its_versions(tmp_path: Path) -> None:
    earlier = before(tmp_path / "b1", a_request(street="2 Elm St"), a_request(street="3 Elm St"))
    (row,) = facts(tmp_path, [a_request()], (earlier,))
    assert counts(row) == (1, 1, 2, 3)


def test_the_same_asked_again_is_one_version(tmp_path: Path) -> None:
    (row,) = facts(tmp_path, [a_request()], (before(tmp_path / "b1", a_request()),))
    assert counts(row) == (1, 1, 1, 1)


def test_only_what_came_within_a_year_counts() -> None:
    days = [REQUESTED_ON - timedelta(days=number) for number in (366, 365, 0, -1)]
    assert [day for day in days if within_a_year(day, of=REQUESTED_ON)] == days[1:3]


def test_an_officer_is_engaged_in_the_matters_of_earlier_batches_by_certificate(tmp_path: Path) -> None:
    rows = [a_request(matter_id=f"M-{number}", engaged_officers="O-2") for number in range(5)]
    earlier = before(tmp_path / "b1", *rows)
    (row,) = facts(tmp_path, [a_request(matter_id="M-1", engaged_officers="O-1")], (earlier,))
    # O-1 and O-2 of the roster have one certificate: they are one person, and M-1 is one matter.
    assert (row["officer_matters"], row["officer_matters_recent"]) == (1, 5)


def test_an_officer_without_a_certificate_is_counted_in_this_batch_alone(tmp_path: Path) -> None:
    earlier = before(tmp_path / "b1", a_request(matter_id="M-9", engaged_officers="O-3"))
    (row,) = facts(tmp_path, [a_request(engaged_officers="O-3")], (earlier,))
    assert row["officer_matters_recent"] == 1
