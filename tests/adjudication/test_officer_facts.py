"""How many matters an officer is engaged in is counted over the whole batch, however the officers are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from narrowgate.terms.batch import Officer
from tests.adjudication.deriving import CERTIFIED, ROSTER, a_request, derived, one


def loads(folder: Path, *named: tuple[str | None, str | None]) -> list[int | None]:
    rows = [a_request(engaged_officers=officers, matter_id=matter) for officers, matter in named]
    return [found["officer_matters"] for found in derived(folder, rows)]


def who(found: dict[str, Any]) -> tuple[int, int, int]:
    return (found["officers_named"], found["officers_not_on_roster"], found["officers_without_certificate"])


def test_one_matter_in_many_requests_is_one_matter(tmp_path: Path) -> None:
    assert loads(tmp_path, ("O-1", "M-1"), ("O-1", "M-1"), ("O-1", "M-1")) == [1, 1, 1]


def test_each_request_without_a_matter_is_a_matter_of_its_own(tmp_path: Path) -> None:
    assert loads(tmp_path, ("O-1", None), ("O-1", None), ("O-1", "M-1")) == [3, 3, 3]


def test_a_matter_named_like_a_row_is_not_taken_for_one(tmp_path: Path) -> None:
    assert loads(tmp_path, ("O-1", None), ("O-1", "0"), ("O-1", "r0")) == [3, 3, 3]


def test_an_officer_named_with_others_carries_the_load_along(tmp_path: Path) -> None:
    found = loads(tmp_path, ("O-1", "M-1"), ("O-1;O-2", "M-2"), ("O-2 ; O-1", "M-3"), ("O-2", "M-2"), ("O-3", "M-9"))
    assert found == [3, 3, 3, 2, 1]


def test_an_officer_named_twice_is_one_officer(tmp_path: Path) -> None:
    assert who(one(tmp_path, engaged_officers="O-1; O-1")) == (1, 0, 0)
    assert loads(tmp_path, ("O-1;O-1", "M-1")) == [1]


def test_where_nobody_is_named_there_is_no_load_and_not_a_load_of_zero(tmp_path: Path) -> None:
    found = one(tmp_path, engaged_officers=None)
    assert who(found) == (0, 0, 0)
    assert found["officer_matters"] is None


def test_whoever_is_not_on_the_roster_is_counted_there_and_as_without_certificate(tmp_path: Path) -> None:
    assert who(one(tmp_path, engaged_officers="O-1;O-77;o-1")) == (3, 2, 2)


def test_an_empty_place_in_the_list_is_an_officer_nobody_knows(tmp_path: Path) -> None:
    assert who(one(tmp_path, engaged_officers="O-1;")) == (2, 1, 1)


def test_a_certificate_counts_only_if_the_custodian_holds_it(tmp_path: Path) -> None:
    assert who(one(tmp_path, engaged_officers="O-1;O-2;O-3;O-4")) == (4, 0, 2)
    (found,) = derived(tmp_path, [a_request()], certificates=())
    assert who(found) == (1, 0, 1)


def test_an_officer_listed_twice_needs_a_known_certificate_both_times(tmp_path: Path) -> None:
    twice = (*ROSTER, Officer("O-1", "Officer O-1", "Unit 2", "special_agent", "c" * 64))
    (found,) = derived(tmp_path, [a_request()], roster=twice, certificates=(CERTIFIED,))
    assert who(found) == (1, 0, 1)


def test_an_empty_roster_knows_nobody(tmp_path: Path) -> None:
    (found,) = derived(tmp_path, [a_request()], roster=())
    assert who(found) == (1, 1, 1)


def described(role: str, unit: str = "HSI-Seattle") -> tuple[Officer, ...]:
    return (Officer("O-1", "Officer one", unit, role, CERTIFIED),)


@pytest.mark.parametrize(
    ("role", "heading"),
    [
        ("assistant_director", 1), ("Deputy Assistant Director", 1), ("special agent in charge", 1),
        ("section chief", 1),
        ("Under Secretary of Homeland Security", 1), ("special_agent", 0), ("assistant chief counsel", 0),
        ("deputy marshal", 0), ("unit secretary", 0), ("headquarters analyst", 0), ("directory clerk", 0),
    ],
)  # fmt: skip
def test_who_heads_an_office_is_told_by_whole_words(tmp_path: Path, role: str, heading: int) -> None:
    (row,) = derived(tmp_path, [a_request()], roster=described(role))
    assert row["officers_heading"] == heading


@pytest.mark.parametrize(
    ("unit", "removing"),
    [("ERO Seattle", 1), ("Enforcement and Removal Operations", 1), ("HSI-Seattle", 0), ("Hero Team", 0)],
)
def test_a_unit_for_removal_is_told_by_whole_words(tmp_path: Path, unit: str, removing: int) -> None:
    (row,) = derived(tmp_path, [a_request()], roster=described("special_agent", unit))
    assert row["officers_in_removal_units"] == removing


@pytest.mark.parametrize(("role", "contracted"), [("contractor", 1), ("contract analyst", 1), ("special_agent", 0)])
def test_a_contractor_is_told_by_whole_words(tmp_path: Path, role: str, contracted: int) -> None:
    (row,) = derived(tmp_path, [a_request()], roster=described(role))
    assert row["officers_contracted"] == contracted


def test_requests_are_counted_apart_from_matters(tmp_path: Path) -> None:
    rows = [a_request(request_ref=f"R-{number}", matter_id="M-1") for number in range(3)]
    assert [
        (row["officer_matters"], row["officer_requests"], row["matter_requests"]) for row in derived(tmp_path, rows)
    ] == [(1, 3, 3)] * 3


def test_where_nobody_is_named_counts_are_nought_and_loads_are_missing(tmp_path: Path) -> None:
    row = one(tmp_path, engaged_officers=None)
    assert (row["officers_heading"], row["officers_contracted"], row["officers_in_removal_units"]) == (0, 0, 0)
    assert (row["officer_requests"], row["officer_matters_recent"]) == (None, None)
