"""What is amiss with a register is found before a batch meets it, and said without a word about anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from narrowgate.engine.session import open_session
from narrowgate.register.audit import Audit, audit
from narrowgate.register.parquet import open_parquet
from tests.register.shelf import Row, a_partitioned_register, a_person, a_register, an_address

PEOPLE = [a_person(), a_person("p2", tin="900-70-0002", joint_with="p1"), a_person("p3", tin=None, tin_type=None)]
HOMES = [an_address(), an_address("p2", source="ncoa", tax_period=None), an_address(zip="98103-0001"),
         an_address("p3", zip=None, effective_on=None, source="notice")]  # fmt: skip


def look(folder: Path, people: Iterable[Row], homes: Iterable[Row]) -> Audit:
    return look_at(a_register(folder / "register", people, homes))


def look_at(folder: Path) -> Audit:
    session = open_session(directories=[folder], temp_directory=folder.parent / "spill")
    try:
        return audit(session, open_parquet(folder))
    finally:
        session.close()


def test_of_a_sound_register_only_its_kinds_are_told(tmp_path: Path) -> None:
    found = look(tmp_path, PEOPLE, HOMES)
    assert (found.people, found.addresses, found.findings) == (3, 4, ())
    assert {kind: count for kind, count in found.kinds.items() if count} == {
        "people with ITIN": 2, "people with no type of number": 1, "addresses from return": 2,
        "addresses from ncoa": 1, "addresses from notice": 1, "addresses without a day of effect": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "column", "what"),
    [
        ({"person_id": None}, "person_id", "people without an id"),
        ({"person_id": ""}, "person_id", "people whose id is an empty text"),
        ({"person_id": "p1"}, "person_id", "ids that several people have"),
        ({"tin": ""}, "tin", "empty texts"),
        ({"tin": "90070000"}, "tin", "not nine digits"),
        ({"tin_type": "EIN"}, "tin_type", "neither `SSN` nor `ITIN`"),
        ({"birth_date": date(2025, 8, 2)}, "birth_date", "days after the register's own"),
        ({"deceased_on": date(1984, 5, 16)}, "deceased_on", "days before the birth date"),
        ({"joint_with": "p9"}, "joint_with", "joint with themselves"),
        ({"joint_with": "p8"}, "joint_with", "joint with somebody who is not there"),
        ({"last_name": " Quintero"}, "last_name", "white space around them"),
        ({"first_name": "Alma\n"}, "first_name", "white space around them"),
        ({"first_name": "Alma\u00a0"}, "first_name", "white space around them"),
    ],
)
def test_what_is_amiss_with_a_person_is_found(tmp_path: Path, person: Row, column: str, what: str) -> None:
    (finding,) = look(tmp_path, [*PEOPLE, {**a_person("p9"), **person}], HOMES).findings
    assert (finding.table, finding.column, finding.count) == ("person", column, 1)
    assert what in finding.line


@pytest.mark.parametrize(
    ("home", "column", "what"),
    [
        ({"person_id": None}, "person_id", "addresses without a person"),
        ({"person_id": "nobody"}, "person_id", "addresses of nobody"),
        ({"zip": "9810"}, "zip", "not of five or nine digits"),
        ({"source": "letter"}, "source", "other than `return`"),
        ({"source": None}, "source", "missing values"),
        ({"tax_period": None}, "tax_period", "returns without a tax period"),
        ({"effective_on": date(2026, 1, 1)}, "effective_on", "days after the register's own"),
        ({"street": " 5 Oak"}, "street", "white space around them"),
    ],
)
def test_what_is_amiss_with_an_address_is_found(tmp_path: Path, home: Row, column: str, what: str) -> None:
    (finding,) = look(tmp_path, PEOPLE, [*HOMES, {**an_address(), **home}]).findings
    assert (finding.table, finding.column, finding.count) == ("address", column, 1)
    assert what in finding.line


def test_a_number_that_two_people_use_is_nobodys_fault(tmp_path: Path) -> None:
    assert look(tmp_path, [*PEOPLE, a_person("p4")], HOMES).findings == ()


def test_findings_are_counted_and_name_nobody(tmp_path: Path) -> None:
    people = [*PEOPLE, *(a_person("p1", last_name=" Xanadu", tin="x123") for _ in range(3)), a_person("p2")]
    found = look(tmp_path, people, [*HOMES, an_address("stranger")])
    assert {(one.column, one.count) for one in found.findings} == {("person_id", 2), ("tin", 3), ("last_name", 3),
        ("person_id", 1)}  # fmt: skip
    told = str(asdict(found))
    assert not [value for value in ("Xanadu", "x123", "stranger", "p1", "Quintero") if value in told]


def test_partitions_are_looked_through_like_one_file(tmp_path: Path) -> None:
    people = [*PEOPLE, a_person("p4", tin="1"), a_person("p1", tin_type="SSN")]
    parts = a_partitioned_register(tmp_path / "parts", people, HOMES, person_by="tin_type", address_by="zip")
    assert look_at(parts) == look(tmp_path, people, HOMES)
