"""The supplied address is confirmed by any address held, and by nothing less than the whole of it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest

from tests.matching.asking import NONE, a_request, ask, ask_one, asking_for_no_address, outcome
from tests.register.shelf import a_person, an_address

MATCH = ("match", "p1", "E1")


def test_a_stale_address_is_confirmed_and_not_current(tmp_path: Path) -> None:
    held = [
        an_address(street="3 Elm St"),
        an_address(tax_period=2022, effective_on=date(2023, 4, 15)),
    ]
    row = ask_one(tmp_path, [a_person()], held)
    assert outcome(row) == MATCH
    assert (row["address_confirmed"], row["address_current"]) == (True, False)
    assert row["last_known_period"] == 2024


def test_the_last_known_address_is_not_looked_up_unless_a_clause_asks_for_it(tmp_path: Path) -> None:
    (row,) = ask(tmp_path, [a_person()], [an_address()], [a_request()], under=asking_for_no_address()).rows
    assert outcome(row) == MATCH
    assert (row["address_confirmed"], row["address_current"], row["last_known_period"]) == (True, None, None)


def test_an_address_moved_into_by_a_change_of_address_is_current(tmp_path: Path) -> None:
    held = [an_address(street="3 Elm St"), an_address(source="ncoa", effective_on=date(2025, 6, 1))]
    assert ask_one(tmp_path, [a_person()], held)["address_current"] is True


def test_an_address_not_yet_held_after_a_move_is_nobodys(tmp_path: Path) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [an_address(street="3 Elm St")])) == NONE


def test_where_no_address_is_known_whether_it_is_current_is_missing(tmp_path: Path) -> None:
    held = [an_address(), an_address(street="3 Elm St")]
    row = ask_one(tmp_path, [a_person()], held)
    assert outcome(row) == MATCH
    assert (row["address_confirmed"], row["address_current"], row["last_known_period"]) == (True, None, None)


def test_somebody_elses_address_confirms_nothing(tmp_path: Path) -> None:
    people = [a_person(), a_person("p2", tin="111223333", first_name="Bo", birth_date=date(1950, 1, 2))]
    assert outcome(ask_one(tmp_path, people, [an_address(street="3 Elm St"), an_address("p2")])) == NONE


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("12", None),
        (None, "12"),
        ("12", "14"),
        ("12", "Ste 12"),
        ("Bldg 3 Apt 4", "Bldg 34"),
        ("12", "Fl 12"),
    ],
)
def test_another_or_a_missing_unit_does_not_confirm(tmp_path: Path, held: str | None, asked: str | None) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address(unit=held)], unit=asked)
    assert outcome(row) == NONE


def test_in_an_apartment_block_only_the_unit_asked_about_is_found(tmp_path: Path) -> None:
    """Two people of one name in one house are never told apart by the unit alone."""
    people = [
        a_person(f"p{number}", tin=f"90070{number:04}", first_name=first, birth_date=date(1970, 1, 1 + number))
        for number, first in enumerate(["Alma", "Berta", "Carla", "Dora", "Elsa", "Flora"])
    ]
    homes = [an_address(str(person["person_id"]), unit=f"Apt {number}") for number, person in enumerate(people)]
    requests = [
        a_request(first_name=p["first_name"], tin=p["tin"], birth_date=p["birth_date"], unit=f"#{n}")
        for n, p in enumerate(people)
    ]
    assert [outcome(row) for row in ask(tmp_path, people, homes, requests).rows] == [
        ("match", f"p{number}", "E1") for number in range(6)
    ]
    namesake = [*people, a_person("p9", tin="900709999", birth_date=None)]
    rows = ask(tmp_path / "b", namesake, [*homes, an_address("p9", unit="Apt 9")], requests[:2]).rows
    assert [outcome(row) for row in rows] == [("possible", None, "rival"), ("match", "p1", "E1")]


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("1501 Oak Ave", "1501 oak avenue"),
        ("1501 Oak Ave", "1501  Oak, Ave. "),
        ("1501 N Oak Ave", "1501 North Oak Avenue"),
        ("1501 Oak Ave N", "1501 Oak Ave. North"),
        ("1501 1st Ave", "1501 First Avenue"),
        ("1501 Saint Anne Ct", "1501 St. Anne Court"),
        ("1501 Peña Blvd", "1501 PENA BOULEVARD"),
        ("45-12 30th Ave", "45 - 12 30TH AVENUE"),
        ("PO Box 77", "P.O. Box 77"),
        ("Post Office Box 77", "p o box #77"),
        ("RR 2 Box 15", "Rural Route 2, Box 15"),
        ("1501 1/2 Oak Ave", "1501 1/2 OAK AVENUE"),
        ("C/O Law Office of Ana Roe 1501 Oak Ave", "1501 Oak Avenue"),
        ("1501 Oak Ave", "c/o Ana Roe, 1501 Oak Ave"),
        ("C/O Ana Roe 1501 Oak Ave", "Care of Ben Poe 1501 Oak Ave."),
        ("Attn: Ana Roe PO Box 77", "P.O. Box 77"),
        ("PSC 1234 Box 5678", "PSC 1234, BOX #5678"),
        ("Unit 2050 Box 4190", "UNIT 2050 BOX 4190"),
        ("CMR 450 Box 100", "CMR 450 BOX NO 100"),
    ],
)
def test_one_address_written_in_two_ways_is_confirmed(tmp_path: Path, held: str, asked: str) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [an_address(street=held)], street=asked)) == MATCH


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("1501 Oak Ave", "1501 Oak St"),
        ("1501 Oak Ave", "1503 Oak Ave"),
        ("1501 N Oak Ave", "1501 S Oak Ave"),
        ("1501 N Oak Ave", "1501 Oak Ave"),
        ("1501 Oak Ave", "Oak Ave"),
        ("1501 N St", "1501 North St"),
        ("1501 N St NW", "1501 North St NW"),
        ("45-12 30th Ave", "4512 30th Ave"),
        ("PO Box 77", "PO Box 78"),
        ("PO Box 77", "77 Box St"),
        ("RR 2 Box 15", "RR 3 Box 15"),
        ("1501 Oaks Ave", "1501 Oak Ave"),
        ("C/O Ana Roe 1501 Oak Ave", "C/O Ana Roe 1503 Oak Ave"),
        ("C/O Ana Roe", "C/O Ben Poe"),
        ("C/O Law Office of Ana Roe 1501 Oak Ave", "C/O Law Office of Ana Roe"),
        ("PSC 1234 Box 5678", "PSC 1234 Box 5679"),
        ("PSC 1234 Box 5678", "CMR 1234 Box 5678"),
        ("Unit 2050 Box 4190", "Unit 2051 Box 4190"),
    ],
)
def test_another_address_is_never_confirmed(tmp_path: Path, held: str, asked: str) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [an_address(street=held)], street=asked)) == NONE


@pytest.mark.parametrize(
    ("street", "unit"),
    [("1501 Oak Ave Apt 4B", None), ("1501 Oak Ave, #4-B", None), ("1501 Oak Ave", "apartment 4 b"),
     ("1501 Oak Ave Unit 4B", "4B"), ("1501 Oak Ave", "No. 4B")],
)  # fmt: skip
def test_a_unit_is_one_unit_wherever_it_is_written(tmp_path: Path, street: str, unit: str | None) -> None:
    held = [an_address(unit="Apt. 4B")]
    assert outcome(ask_one(tmp_path, [a_person()], held, street=street, unit=unit)) == MATCH


@pytest.mark.parametrize(
    ("held", "asked", "found"),
    [
        ({"zip": "98103-1234"}, {"zip": "98103"}, True),
        ({"zip": "981031234"}, {"zip": "98103-9999"}, True),
        ({"zip": None}, {}, True),
        ({}, {"zip": None}, True),
        ({"zip": None}, {"zip": None}, True),
        ({"zip": None, "city": "SEATTLE"}, {}, True),
        ({"zip": "981"}, {}, True),
        ({"zip": None}, {"city": "Tacoma"}, False),
        ({"zip": None, "state": "OR"}, {}, False),
        ({"zip": None}, {"city": None}, False),
        ({}, {"zip": None, "state": None}, False),
        ({"zip": "98104"}, {}, False),
        ({"city": "Tacoma"}, {}, True),
        ({"zip": "2134"}, {"zip": "02134", "city": None}, False),
    ],
)
def test_the_place_is_the_zip_code_and_where_one_is_missing_city_and_state(
    tmp_path: Path, held: dict[str, Any], asked: dict[str, Any], found: bool
) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address(**held)], **asked)
    assert outcome(row) == (MATCH if found else NONE)


def test_a_facility_where_many_live_is_searched_by_name(tmp_path: Path) -> None:
    letters = random.Random(1)
    people = [
        a_person(
            f"p{n}", tin=f"{800000000 + n * 1009}", birth_date=date.fromordinal(715000 + n * 37),
            first_name="".join(letters.choices(ascii_uppercase, k=8)),
            last_name="".join(letters.choices(ascii_uppercase, k=9)),
        )
        for n in range(300)
    ]  # fmt: skip
    homes = [an_address(str(person["person_id"])) for person in people]
    requests = [
        a_request(first_name=p["first_name"], last_name=p["last_name"], tin=p["tin"], birth_date=p["birth_date"])
        for p in people[::7]
    ]
    rows = ask(tmp_path, people, homes, requests).rows
    assert [row["person_id"] for row in rows] == [person["person_id"] for person in people[::7]]
