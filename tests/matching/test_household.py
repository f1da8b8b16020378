"""Who of one household a request is about: joint filers, a father and a son of one name, twins."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.matching.asking import a_request, ask, ask_one, outcome, possible
from tests.register.shelf import a_person, an_address


def test_joint_filers_are_told_apart_by_their_first_names(tmp_path: Path) -> None:
    people = [
        a_person(joint_with="p2"),
        a_person("p2", joint_with="p1", tin="900700002", first_name="Tomas", middle_name=None,
                 birth_date=date(1982, 3, 4)),
    ]  # fmt: skip
    rows = ask(
        tmp_path, people, [an_address(), an_address("p2")],
        [a_request(), a_request(first_name="Tomas", middle_name=None, tin="900700002", birth_date=None)],
    ).rows  # fmt: skip
    assert [outcome(row) for row in rows] == [("match", "p1", "E1"), ("match", "p2", "E3")]


FATHER_AND_SON = [
    a_person("father", first_name="Luis", middle_name=None, name_suffix="Sr", birth_date=date(1950, 2, 1)),
    a_person("son", first_name="Luis", middle_name=None, name_suffix="Jr", tin="900700002",
             birth_date=date(1980, 6, 7)),
]  # fmt: skip
THEIR_HOME = [an_address("father"), an_address("son")]


def test_father_and_son_are_told_apart_by_number_and_birth_date(tmp_path: Path) -> None:
    asked = {"first_name": "Luis", "middle_name": None, "birth_date": date(1980, 6, 7)}
    far = [FATHER_AND_SON[0], {**FATHER_AND_SON[1], "tin": "412556318"}]
    assert outcome(ask_one(tmp_path / "a", far, THEIR_HOME, **asked, tin="412556318")) == ("match", "son", "E1")
    # With numbers a digit apart the rules still tell them apart, and the second opinion would have a person look.
    row = ask_one(tmp_path / "b", FATHER_AND_SON, THEIR_HOME, **asked, tin="900700002")
    assert outcome(row) == possible("second opinion")


def test_father_and_son_without_a_birth_date_are_not_told_apart(tmp_path: Path) -> None:
    """The number names one of them, but it is lent in families: the other lives there and has the name."""
    row = ask_one(tmp_path, FATHER_AND_SON, THEIR_HOME, first_name="Luis", middle_name=None, birth_date=None)
    assert outcome(row) == possible("rival")


def test_the_fathers_suffix_with_the_sons_birth_date_is_either_of_them(tmp_path: Path) -> None:
    """The record of the son has no suffix that could contradict; the father, whom the suffix names, is a rival."""
    son = {**FATHER_AND_SON[1], "name_suffix": None, "tin": "412556318"}
    asked = {"first_name": "Luis", "middle_name": None, "birth_date": date(1980, 6, 7), "tin": None}
    people = [FATHER_AND_SON[0], son]
    assert outcome(ask_one(tmp_path / "a", people, THEIR_HOME, **asked, name_suffix="SR")) == possible("rival")
    assert outcome(ask_one(tmp_path / "b", people, THEIR_HOME, **asked)) == ("match", "son", "E4")


def test_the_sons_suffix_contradicts_the_fathers_number(tmp_path: Path) -> None:
    row = ask_one(tmp_path, FATHER_AND_SON[:1], THEIR_HOME[:1], first_name="Luis", middle_name=None,
                  name_suffix="Jr.", birth_date=date(1950, 2, 1))  # fmt: skip
    assert outcome(row) == possible("contradiction")


def test_a_suffix_written_behind_the_name_is_a_suffix(tmp_path: Path) -> None:
    row = ask_one(tmp_path, FATHER_AND_SON[:1], THEIR_HOME[:1], first_name="Luis", middle_name=None,
                  last_name="Quintero JR", birth_date=date(1950, 2, 1))  # fmt: skip
    assert outcome(row) == possible("contradiction")
    row = ask_one(tmp_path / "sr", FATHER_AND_SON[:1], THEIR_HOME[:1], first_name="Luis", middle_name=None,
                  last_name="Quintero, Senior", birth_date=date(1950, 2, 1))  # fmt: skip
    assert outcome(row) == ("match", "father", "E1")


def test_the_fathers_number_with_the_sons_birth_date_is_for_a_person_to_settle(tmp_path: Path) -> None:
    row = ask_one(tmp_path, FATHER_AND_SON, THEIR_HOME, first_name="Luis", middle_name=None,
                  birth_date=date(1980, 6, 7))  # fmt: skip
    assert outcome(row)[0] == "possible"


TWINS = [
    a_person("maria", first_name="Maria", middle_name=None),
    a_person("mario", first_name="Mario", middle_name=None, tin="900700002"),
]
CRIB = [an_address("maria"), an_address("mario")]


def test_twins_of_near_names_are_never_decided_between(tmp_path: Path) -> None:
    """One birth date, one home, one surname, and first names that a slip of the pen turns into each other."""
    row = ask_one(tmp_path, TWINS, CRIB, first_name="Maria", middle_name=None, tin=None)
    assert outcome(row) == possible("rival")
    row = ask_one(tmp_path / "number", TWINS, CRIB, first_name="Maria", middle_name=None)
    assert outcome(row) == possible("rival")


def test_twins_of_different_names_are(tmp_path: Path) -> None:
    twins = [TWINS[0], {**TWINS[1], "first_name": "Joaquin"}]
    row = ask_one(tmp_path, twins, CRIB, first_name="Maria", middle_name=None, tin=None)
    assert outcome(row) == ("match", "maria", "E4")


def test_the_order_of_requests_and_of_the_register_changes_nothing(tmp_path: Path) -> None:
    people = [*FATHER_AND_SON, *TWINS, a_person("p9", first_name="Ines", tin="900700009")]
    addresses = [an_address(str(person["person_id"])) for person in people]
    requests = [
        a_request(first_name=name, middle_name=None, tin=tin, birth_date=born)
        for name in ("Luis", "Maria", "Ines", "Alma")
        for tin in ("900700001", "900700009", None)
        for born in (date(1984, 5, 17), None)
    ]
    forward = ask(tmp_path / "a", people, addresses, requests).rows
    back = ask(tmp_path / "b", people[::-1], addresses[::-1], requests[::-1]).rows
    assert [outcome(row) for row in back[::-1]] == [outcome(row) for row in forward]
    assert {row["match_outcome"] for row in forward} == {"match", "possible", "none"}
