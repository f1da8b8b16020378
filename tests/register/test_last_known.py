"""The last known address follows 26 CFR 301.6212-2, and where two tie there is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from narrowgate.errors import Fault
from narrowgate.register import last_known_addresses, open_register
from tests.register.shelf import Row, a_person, a_register, an_address


def last_known(folder: Path, addresses: list[Row]) -> tuple[Any, ...]:
    """street, as_of and tax_period of what is last known of p1."""
    register = open_register(a_register(folder / "register", [a_person(), a_person("p2")], addresses))
    session = duckdb.connect()
    people = "(SELECT 7 AS row_no, 'p1' AS person_id)"
    query = last_known_addresses(session, register, people)
    (found,) = session.execute(f"SELECT row_no, person_id, street, as_of, tax_period FROM ({query})").fetchall()
    assert found[:2] == (7, "p1")
    return tuple(found[2:])


def a_return(street: str | None, year: int, **changed: Any) -> Row:
    row = {"street": street, "tax_period": year, "effective_on": date(year + 1, 4, 15), **changed}
    return an_address(**row)


NOBODYS = (None, None, None)


def test_it_is_on_the_return_processed_last(tmp_path: Path) -> None:
    rows = [a_return("1 First St", 2022), a_return("3 Third St", 2024), a_return("2 Second St", 2023)]
    assert last_known(tmp_path, rows) == ("3 Third St", date(2025, 4, 15), 2024)


def test_an_older_period_processed_later_counts(tmp_path: Path) -> None:
    rows = [a_return("3 Third St", 2024), a_return("2 Second St", 2021, effective_on=date(2025, 6, 1))]
    assert last_known(tmp_path, rows) == ("2 Second St", date(2025, 6, 1), 2021)


def test_of_returns_of_one_day_the_later_period_counts(tmp_path: Path) -> None:
    day = date(2025, 4, 15)
    rows = [a_return("3 Third St", 2024, effective_on=day), a_return("2 Second St", 2023, effective_on=day)]
    assert last_known(tmp_path, rows) == ("3 Third St", day, 2024)


@pytest.mark.parametrize("source", ["notice", "ncoa"])
@pytest.mark.parametrize(("day", "moved"), [(date(2025, 4, 14), False), (date(2025, 4, 16), True)])
def test_only_a_later_notice_or_change_of_address_moves_it(tmp_path: Path, source: str, day: date, moved: bool) -> None:
    rows = [
        a_return("3 Third St", 2024),
        a_return("9 Ninth St", 2024, source=source, effective_on=day),
        a_return("2 Second St", 2023),
    ]
    assert last_known(tmp_path, rows)[0] == ("9 Ninth St" if moved else "3 Third St")


def test_a_return_after_a_notice_moves_it_back(tmp_path: Path) -> None:
    rows = [
        a_return("3 Third St", 2024),
        a_return("9 Ninth St", 2024, source="notice", effective_on=date(2025, 1, 1)),
    ]
    assert last_known(tmp_path, rows)[0] == "3 Third St"


def test_two_different_addresses_that_tie_leave_none(tmp_path: Path) -> None:
    assert last_known(tmp_path, [a_return("3 Third St", 2024), a_return("4 Fourth St", 2024)]) == NOBODYS
    rows = [a_return("3 Third St", 2024), a_return("9 Ninth St", 2024, source="ncoa")]
    assert last_known(tmp_path / "ncoa", rows) == NOBODYS


def test_a_tie_is_not_broken_by_an_older_address(tmp_path: Path) -> None:
    rows = [a_return("3 Third St", 2024), a_return("4 Fourth St", 2024), a_return("3 Third St", 2023)]
    assert last_known(tmp_path, rows) == NOBODYS


def test_one_address_spelled_in_two_ways_is_no_tie(tmp_path: Path) -> None:
    rows = [a_return("3 Third St.", 2024), a_return("3  THIRD ST", 2024)]
    assert last_known(tmp_path, rows)[1:] == (date(2025, 4, 15), 2024)


def test_one_unit_against_another_is_a_tie(tmp_path: Path) -> None:
    assert last_known(tmp_path, [a_return("3 A St", 2024, unit="1"), a_return("3 A St", 2024, unit="2")]) == NOBODYS


def test_the_change_of_address_file_alone_makes_none_known(tmp_path: Path) -> None:
    assert last_known(tmp_path, [a_return("9 Ninth St", 2024, source="ncoa")]) == NOBODYS
    noticed = [a_return("8 Eighth St", 2023, source="notice"), a_return("9 Ninth St", 2024, source="ncoa")]
    assert last_known(tmp_path / "noticed", noticed)[0] == "9 Ninth St"


def test_what_has_no_day_or_no_known_source_was_not_processed(tmp_path: Path) -> None:
    rows = [
        a_return("3 Third St", 2023),
        a_return("4 Fourth St", 2024, effective_on=None),
        a_return("5 Fifth St", 2024, source="broker"),
    ]
    assert last_known(tmp_path, rows)[0] == "3 Third St"


@pytest.mark.parametrize("street", [None, "", "  "])
def test_a_latest_return_without_a_street_leaves_none(tmp_path: Path, street: str | None) -> None:
    rows = [a_return("3 Third St", 2023), a_return(street, 2024)]
    assert last_known(tmp_path, rows) == NOBODYS


def test_nobody_elses_address_is_read(tmp_path: Path) -> None:
    later = an_address("p2", street="2 Other St", effective_on=date(2025, 7, 1))
    assert last_known(tmp_path, [a_return("3 Third St", 2024), later])[0] == "3 Third St"
    assert last_known(tmp_path / "none", [later]) == NOBODYS


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [a_return("3 Third St", 2024), a_return("3 THIRD ST", 2024, unit=""), a_return("1 First St", 2020)]
    assert last_known(tmp_path / "a", rows) == last_known(tmp_path / "b", rows[::-1])


def test_marks_of_the_person_come_with_it(tmp_path: Path) -> None:
    people = [a_person(impairment=True, identity_theft=True, deceased_on=date(2025, 2, 3)), a_person("p2")]
    register = open_register(a_register(tmp_path, people, [an_address()]))
    session = duckdb.connect()
    session.execute("CREATE TABLE asked AS VALUES (0, 'p2'), (1, 'p1'), (2, 'p1')")
    session.execute("ALTER TABLE asked RENAME col0 TO row_no")
    session.execute("ALTER TABLE asked RENAME col1 TO person_id")
    query = last_known_addresses(session, register, "asked")
    found = session.execute(
        f"SELECT row_no, street, impairment, identity_theft, deceased_on FROM ({query}) ORDER BY row_no"
    ).fetchall()
    assert found == [
        (0, None, False, False, None),
        (1, "1501 Oak Ave", True, True, date(2025, 2, 3)),
        (2, "1501 Oak Ave", True, True, date(2025, 2, 3)),
    ]


@pytest.mark.parametrize("people", [[a_person("p2")], [a_person(), a_person()]])
def test_somebody_who_is_not_in_the_register_exactly_once_is_a_fault(tmp_path: Path, people: list[Row]) -> None:
    register = open_register(a_register(tmp_path, people, [an_address()]))
    with pytest.raises(Fault, match="1 persons"):
        last_known_addresses(duckdb.connect(), register, "(SELECT 0 AS row_no, 'p1' AS person_id)")
