"""Which one person a request is about, under the strict reading: every hard case on its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from narrowgate.errors import Fault
from narrowgate.register import open_register
from tests.matching.asking import NONE, a_request, ask, ask_of, ask_one, asking_for_current, outcome, possible, reading
from tests.register.shelf import a_person, a_register, an_address


def test_one_person_in_whom_everything_agrees_is_a_match(tmp_path: Path) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address()])
    assert outcome(row) == ("match", "p1", "E1")
    assert row["agreeing_identifiers"] == 3
    assert (row["address_confirmed"], row["address_current"]) == (True, True)
    assert (row["impairment"], row["identity_theft"], row["deceased"]) == (False, False, False)
    assert row["last_known_period"] == 2024


def test_somebody_who_is_not_in_the_register_is_nobody(tmp_path: Path) -> None:
    people = [a_person(tin="111223333", first_name="Bo", last_name="Stone", birth_date=date(1950, 1, 2))]
    assert outcome(ask_one(tmp_path, people, [an_address(street="9 Elm St")])) == NONE


def test_number_and_name_without_the_address_are_nobody(tmp_path: Path) -> None:
    """A taxpayer number never stands in for the supplied address."""
    assert outcome(ask_one(tmp_path, [a_person()], [an_address()], street="77 Elm St")) == NONE
    assert outcome(ask_one(tmp_path / "zip", [a_person()], [an_address()], zip="98104")) == NONE
    assert outcome(ask_one(tmp_path / "no", [a_person()], [an_address()], street=None)) == NONE


def test_a_person_of_whom_no_address_is_held_is_nobody(tmp_path: Path) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [])) == NONE


def test_a_zip_code_is_not_an_address(tmp_path: Path) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [an_address(street=None)], street=None)) == NONE
    held = [an_address(street="98103")]
    assert outcome(ask_one(tmp_path / "b", [a_person()], held, street="98103", zip=None, city=None)) == NONE


def test_a_borrowed_number_does_not_find_who_lent_it(tmp_path: Path) -> None:
    lender = a_person("lender", first_name="Ruth", last_name="Abel", birth_date=date(1960, 1, 1))
    assert outcome(ask_one(tmp_path, [lender], [an_address("lender", street="3 Elm St")])) == NONE


def test_a_number_that_several_people_use_finds_the_one_who_is_asked_about(tmp_path: Path) -> None:
    people = [
        a_person(),
        a_person("p2", first_name="Ruth", last_name="Abel", birth_date=date(1960, 1, 1)),
        a_person("p3", first_name="Ivo", last_name="Novak", birth_date=date(1971, 1, 1)),
    ]
    addresses = [an_address(), an_address("p2", street="3 Elm St"), an_address("p3", street="4 Elm St")]
    assert outcome(ask_one(tmp_path, people, addresses)) == ("match", "p1", "E1")


def test_a_number_shared_with_a_namesake_is_for_a_person_to_settle(tmp_path: Path) -> None:
    people = [a_person(), a_person("p2", birth_date=date(1960, 1, 1))]
    addresses = [an_address(), an_address("p2", street="3 Elm St")]
    assert outcome(ask_one(tmp_path, people, addresses)) == possible("rival")


def test_an_itin_is_a_number_like_any_other(tmp_path: Path) -> None:
    people = [a_person(tin="912-34-5678", tin_type="ITIN")]
    assert outcome(ask_one(tmp_path, people, [an_address()], tin="912345678")) == ("match", "p1", "E1")


@pytest.mark.parametrize(("tin", "rule"), [("900700010", "E4"), ("900700021", "E4"), ("900700091", "E4")])
def test_a_number_with_one_slip_does_not_stand_in_the_way(tmp_path: Path, tin: str, rule: str) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address()], tin=tin)
    assert outcome(row) == ("match", "p1", rule)
    assert row["agreeing_identifiers"] == 2


@pytest.mark.parametrize("tin", ["123456789", "900700100", "900077001"])
def test_another_number_contradicts(tmp_path: Path, tin: str) -> None:
    assert outcome(ask_one(tmp_path, [a_person()], [an_address()], tin=tin)) == possible("contradiction")


def test_without_a_number_birth_date_name_and_address_decide(tmp_path: Path) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address()], tin=None)
    assert outcome(row) == ("match", "p1", "E4")
    assert row["agreeing_identifiers"] == 2


def test_without_a_birth_date_number_name_and_address_decide(tmp_path: Path) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address()], birth_date=None)
    assert outcome(row) == ("match", "p1", "E3")
    assert row["agreeing_identifiers"] == 2


def test_a_birth_date_that_the_register_cannot_confirm_is_for_a_person_to_settle(tmp_path: Path) -> None:
    """An unknown son with his father's name, number and home reads just so, and states a birth date of his own."""
    without = [a_person(birth_date=None)]
    assert outcome(ask_one(tmp_path / "a", without, [an_address()])) == possible("contradiction")
    assert outcome(ask_one(tmp_path / "b", without, [an_address()], birth_date=None)) == ("match", "p1", "E3")


def test_a_namesake_of_whom_the_register_knows_less_is_a_rival_still(tmp_path: Path) -> None:
    homes = [an_address(), an_address("p2")]
    for unknown in ({"birth_date": None, "tin": "900700002"}, {"tin": None}):
        people = [a_person(), a_person("p2", **unknown)]
        folder = tmp_path / str(len(unknown))
        assert outcome(ask_one(folder, people, homes, tin=None))[0] == "possible"


def test_a_short_form_of_a_name_is_a_variant_and_makes_a_rival(tmp_path: Path) -> None:
    """Bill and William have neither a first nor a last letter in common."""
    bill, home = a_person(first_name="Bill"), an_address()
    asked = {"first_name": "William", "middle_name": "R"}
    assert outcome(ask_one(tmp_path / "a", [bill], [home], **asked)) == ("match", "p1", "E2")
    assert outcome(ask_one(tmp_path / "b", [bill], [home], first_name="William", middle_name=None)) == possible(
        "contradiction"
    )
    assert outcome(ask_one(tmp_path / "c", [bill], [home], **asked, tin=None)) == NONE
    two = [a_person(first_name="William"), a_person("p2", first_name="Bill", tin="900700002", birth_date=None)]
    rows = ask_one(tmp_path / "d", two, [home, an_address("p2")], first_name="William", birth_date=None)
    assert outcome(rows) == possible("rival")


def test_name_and_address_alone_are_nobody(tmp_path: Path) -> None:
    """What the second path of August 2025 accepted."""
    assert outcome(ask_one(tmp_path, [a_person()], [an_address()], tin=None, birth_date=None)) == NONE
    (row,) = ask(tmp_path / "b", [a_person()], [an_address()], [a_request(tin=None, birth_date=None)],
                 under=reading("as-practised-2025-08")).rows  # fmt: skip
    assert outcome(row) == ("match", "p1", "T2")


def test_the_first_path_of_august_2025_did_not_ask_for_the_address(tmp_path: Path) -> None:
    lender = a_person("lender", first_name="Ruth", last_name="Quintana", birth_date=date(1960, 1, 1))
    asked = [a_request(street="77 Elm St")]
    (row,) = ask(
        tmp_path, [lender], [an_address("lender")], asked, under=asking_for_current("as-practised-2025-08")
    ).rows
    assert outcome(row) == ("match", "lender", "T1")
    assert (row["agreeing_identifiers"], row["address_confirmed"], row["address_current"]) == (
        1,
        False,
        False,
    )
    (row,) = ask(tmp_path / "b", [lender], [an_address("lender")], asked).rows
    assert outcome(row) == NONE


@pytest.mark.parametrize("birth_date", [date(1984, 5, 18), date(1984, 5, 11), date(1985, 5, 17), date(1990, 1, 1)])
def test_another_birth_date_contradicts(tmp_path: Path, birth_date: date) -> None:
    row = ask_one(tmp_path, [a_person()], [an_address()], birth_date=birth_date)
    assert outcome(row) == possible("contradiction")


def test_another_middle_name_contradicts_and_an_initial_does_not(tmp_path: Path) -> None:
    people = [a_person(middle_name="Rosa")]
    assert outcome(ask_one(tmp_path / "a", people, [an_address()], middle_name="r.")) == ("match", "p1", "E1")
    assert outcome(ask_one(tmp_path / "b", people, [an_address()], middle_name=None)) == ("match", "p1", "E1")
    assert outcome(ask_one(tmp_path / "c", people, [an_address()], middle_name="T")) == possible("contradiction")


def test_one_name_may_be_near_and_not_both(tmp_path: Path) -> None:
    rows = [
        a_request(last_name="Quinterro"),
        a_request(first_name="Allma"),
        a_request(first_name="Allma", last_name="Quinterro"),
        a_request(last_name="Quinterro", birth_date=None),
    ]
    asked = ask(tmp_path, [a_person()], [an_address()], rows).rows
    assert [outcome(row) for row in asked] == [("match", "p1", "E2"), ("match", "p1", "E2"), NONE, NONE]


@pytest.mark.parametrize(
    ("held", "asked", "rule"),
    [
        ("Garcia Lopez", "Garcia", "E2"),
        ("Garcia Lopez", "Lopez", "E2"),
        ("Garcia", "García-López", "E2"),
        ("Garcia Lopez", "Lopez Garcia", "E2"),
        ("Garcia Lopez", "GARCIA-LOPEZ", "E1"),
        ("De la Cruz", "Delacruz", "E1"),
        ("De la Cruz", "Cruz", "E2"),
    ],
)
def test_two_surnames_in_any_order_are_near(tmp_path: Path, held: str, asked: str, rule: str) -> None:
    people = [a_person(last_name=held)]
    assert outcome(ask_one(tmp_path, people, [an_address()], last_name=asked)) == ("match", "p1", rule)


@pytest.mark.parametrize(
    ("held", "asked"), [("De la Cruz", "De la Torre"), ("De la Cruz", "De la"), ("Garcia Lopez", "Lopera")]
)
def test_a_particle_or_a_beginning_is_no_surname(tmp_path: Path, held: str, asked: str) -> None:
    assert outcome(ask_one(tmp_path, [a_person(last_name=held)], [an_address()], last_name=asked)) == NONE


def test_two_people_who_tie_are_possible(tmp_path: Path) -> None:
    people = [a_person(), a_person("p2", tin="900700002")]
    row = ask_one(tmp_path, people, [an_address(), an_address("p2")], tin=None)
    assert outcome(row) == possible("two people")


def test_an_id_that_two_persons_have_stops_the_batch(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"has `2` persons with the id `p1`") as stopped:
        ask_one(tmp_path, [a_person(), a_person(tin="900700002")], [an_address()])
    assert stopped.value.hint == "records were looked up; nothing was disclosed"
    assert not list(tmp_path.rglob("match.parquet"))


def test_a_register_that_changes_while_it_is_read_stops_the_batch(tmp_path: Path) -> None:
    register = open_register(a_register(tmp_path / "register", [a_person()], [an_address()]))
    a_register(tmp_path / "register", [a_person()], [an_address(), an_address(tax_period=2023)])
    with pytest.raises(Fault, match="changed while it was read"):
        ask_of(register, tmp_path, [a_request()])
    assert not list(tmp_path.rglob("match.parquet"))


def test_somebody_without_an_id_is_possible_at_most(tmp_path: Path) -> None:
    row = ask_one(tmp_path, [a_person(None)], [an_address(None)])
    assert outcome(row)[0] != "match"
    row = ask_one(tmp_path / "b", [a_person(), a_person(None)], [an_address()])
    assert outcome(row) == possible("rival")


def test_a_namesake_of_one_birth_date_elsewhere_needs_the_number(tmp_path: Path) -> None:
    people = [a_person(), a_person("p2", tin="412556318")]
    addresses = [an_address(), an_address("p2", street="3 Elm St", zip="10001")]
    assert outcome(ask_one(tmp_path / "a", people, addresses)) == ("match", "p1", "E1")
    assert outcome(ask_one(tmp_path / "b", people, addresses, tin=None)) == possible("rival")


def test_whoever_has_died_is_possible_at_most(tmp_path: Path) -> None:
    people = [a_person(deceased_on=date(2020, 1, 1))]
    assert outcome(ask_one(tmp_path, people, [an_address()])) == possible("contradiction")
    (row,) = ask(tmp_path / "b", people, [an_address()], [a_request()],
                 under=reading("as-practised-2025-08")).rows  # fmt: skip
    assert outcome(row) == possible("deceased")


@pytest.mark.parametrize(("impairment", "identity_theft"), [(True, False), (False, True), (None, None)])
def test_marks_are_handed_on_as_the_register_has_them(
    tmp_path: Path, impairment: bool | None, identity_theft: bool | None
) -> None:
    people = [a_person(impairment=impairment, identity_theft=identity_theft)]
    row = ask_one(tmp_path, people, [an_address()])
    assert outcome(row) == ("match", "p1", "E1")
    assert (row["impairment"], row["identity_theft"]) == (impairment, identity_theft)
