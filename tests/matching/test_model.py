"""The station comes to what comparing everybody with everybody comes to, and spelling changes nothing."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from narrowgate.measure.evidence import febrl4
from tests.matching.asking import DAY, a_request, ask, outcome, reading
from tests.matching.model import decide
from tests.register.shelf import Row, a_person, an_address

FIRST = [
    "Maria", "Mario", "Marie", "Ana", "Anna", "Luis", "Luisa", "M", "Jose", "Josefina", "William", "Bill", "Will", None,
]  # fmt: skip
LAST = [
    "Garcia",
    "Garcia Lopez",
    "Lopez Garcia",
    "Lopez",
    "Gracia",
    "Garza",
    "Smith",
    "Smyth",
    "Smithson",
    "O'Brien",
]
STREET = ["12 Oak St", "12 Oaks St", "14 Oak St", "12 N Oak St", "120 Elm Ave", "PO Box 12", None]
BORN = [date(1980, 2, 3), date(1980, 3, 2), date(1981, 2, 3), date(1980, 2, 4), date(1962, 11, 30), None]
TINS = ["900700001", "900700010", "900700002", "123456789", None]


def somebody(chance: random.Random) -> dict[str, Any]:
    return {
        "first_name": chance.choice(FIRST),
        "middle_name": chance.choice([None, None, "Rosa", "R", "T"]),
        "last_name": chance.choice(LAST),
        "name_suffix": chance.choice([None, None, None, "JR", "SR"]),
        "birth_date": chance.choice(BORN),
        "tin": chance.choice(TINS),
    }


def somewhere(chance: random.Random) -> dict[str, Any]:
    return {
        "street": chance.choice(STREET),
        "unit": chance.choice([None, None, "1", "2"]),
        "zip": chance.choice(["98103", "98103", "10001", None]),
        "city": None,
    }


def a_town(seed: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Some dozens of people with few names, numbers and homes among them, and requests about them."""
    chance = random.Random(seed)
    people = [
        a_person(f"p{n}", **somebody(chance), deceased_on=chance.choice([None] * 9 + [date(2020, 1, 1)]))
        for n in range(40)
    ]
    homes = [
        an_address(str(person["person_id"]), **somewhere(chance))
        for person in people
        for _ in range(chance.randrange(3))
    ]
    requests = [a_request(**somebody(chance), **somewhere(chance)) for _ in range(40)]
    for _ in range(160):
        person = chance.choice(people)
        mine = [home for home in homes if home["person_id"] == person["person_id"]]
        copied = {column: person[column] for column in somebody(chance)}
        place = {column: chance.choice(mine)[column] for column in somewhere(chance)} if mine else {}
        other = {**somebody(chance), **somewhere(chance)}
        slips = {column: other[column] for column in chance.sample(sorted(other), chance.randrange(3))}
        requests.append(a_request(**{**copied, **place, **slips}))
    return people, homes, requests


UNDER = {name: reading(name) for name in ("strict", "as-practised-2025-08")} | {"febrl4": febrl4(on=DAY).basis}
"""Under the last, people are searched by the widest keys."""


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", UNDER)
def test_no_key_leaves_out_anybody_who_matters(tmp_path: Path, seed: int, name: str) -> None:
    """A match satisfies an accepting rule and nobody else an accepting or rival one, by another program.

    That program has no second opinion: where it stands behind an outcome, the rules came to a match.
    """
    people, homes, requests = a_town(seed)
    rows = ask(tmp_path, people, homes, requests, under=UNDER[name]).rows
    expected = [decide(request, people, homes, UNDER[name]) for request in requests]
    found = [outcome(row) for row in rows]
    referred = [at for at, one in enumerate(found) if one[2] == "second opinion"]
    assert all(expected[at][0] == "match" for at in referred)
    assert len(referred) < sum(one[0] == "match" for one in expected) / 2
    assert [one for at, one in enumerate(found) if at not in referred] == [
        one for at, one in enumerate(expected) if at not in referred
    ]
    assert len({outcome for outcome, _, _ in expected}) == 3


def retold(row: Row, chance: random.Random, *, accents: bool = True) -> Row:
    """The same, written otherwise."""

    def told(text: str | None) -> str | None:
        if text is None:
            return None
        for plain, marked in (("a", "á"), ("e", "é"), ("o", "o\u0308"), ("u", "ü")) if accents else ():
            if chance.random() < 0.4:
                text = text.replace(plain, marked)
        text = chance.choice([text.upper(), text.lower(), text.title(), text])
        return chance.choice([text, text.replace(" ", "  "), text.replace(" ", "-") if text[0].isalpha() else text])

    street = row["street"]
    if street is not None and chance.random() < 0.8:
        for short, long in (
            (" St", " Street"),
            (" Ave", " Avenue"),
            (" N ", " North "),
            ("PO Box", "P.O. Box"),
        ):
            street = street.replace(short, chance.choice([short, long, short + "."]) if "N" not in short else long)
    unit = row["unit"] and chance.choice(["Apt ", "#", "# ", "apt. ", "Unit ", ""]) + row["unit"]
    names = {column: told(row[column]) for column in ("first_name", "middle_name", "last_name")}
    told_street = street and chance.choice([street.upper(), street.lower(), street])
    return {**row, **names, "street": told_street, "unit": unit}


@pytest.mark.parametrize("seed", range(4))
def test_case_accents_punctuation_and_postal_forms_change_nothing(tmp_path: Path, seed: int) -> None:
    people, homes, requests = a_town(seed)
    chance = random.Random(seed)
    plain = [outcome(row) for row in ask(tmp_path / "plain", people, homes, requests).rows]
    asked = [retold(request, chance) for request in requests]
    assert asked != requests
    assert [outcome(row) for row in ask(tmp_path / "asked", people, homes, asked).rows] == plain
    both = [{**person, **_names(retold({**a_request(), **_names(person)}, chance))} for person in people]
    held = [{**home, **_place(retold({**a_request(), **_place(home)}, chance))} for home in homes]
    assert [outcome(row) for row in ask(tmp_path / "held", both, held, asked).rows] == plain
    assert {result for result, _, _ in plain} == {"match", "possible", "none"}


def _names(row: Row) -> Row:
    return {column: row[column] for column in ("first_name", "middle_name", "last_name")}


def _place(row: Row) -> Row:
    return {column: row[column] for column in ("street", "unit")}


def test_joining_one_person_to_the_register_never_makes_another_match_somebody_else(tmp_path: Path) -> None:
    """More people can only add doubt: whoever is matched in the larger register is matched in the smaller."""
    checked = 0
    for seed in (11, 12, 13):
        people, homes, requests = a_town(seed)
        fewer = [person for person in people if int(str(person["person_id"])[1:]) % 4]
        all_ = [outcome(row) for row in ask(tmp_path / f"all{seed}", people, homes, requests).rows]
        some = [outcome(row) for row in ask(tmp_path / f"some{seed}", fewer, homes, requests).rows]
        there = {person["person_id"] for person in fewer}
        for (result, person, rule), other in zip(all_, some, strict=True):
            if result == "match" and person in there:
                checked += 1
                assert other == ("match", person, rule)
    assert checked > 10
