"""Hard rows: what names, streets and places look like when nobody has tidied them, and requests about them."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from tests.matching.asking import a_request
from tests.register.shelf import Row, a_person, an_address

FIRST = [
    "Ana", "ANA", "ana", "Ána", "A", "Jean-Luc", "Jean Luc", "D'Arcy", "D’Arcy", "İnci", "Zoë", "王", "Mary\tAnn",
    'Bo "Bob"', "Back\\slash", "\\N", "", " ", None,
]  # fmt: skip
LAST = [
    "Smith", "SMITH", "smith", "O'Brien", "OBrien", "O’Brien", "de la Cruz", "De  La Cruz", "Garcia Lopez", "Müller",
    "Mu\u0308ller", "Straße", "Ångström", "Łódź", "Smith-Jones", "St. John", "Line\nBreak", "X", "1st", "'", "", None,
]  # fmt: skip
STREET = [
    "12 Oak St", "12 OAK ST", "12 oak st apt 4", "Apt 4, 12 Oak St", "PO Box 12", "P.O. Box 12", "12-14 Oak St",
    "012 Oak St", "Oak St", "Calle Ñandú 12", "12½ Oak St", "１２ Oak St", '12 "Oak" St', "12 Oak\tSt", "12 Oak\nSt",
    "12 Oak\\St", "\\.", ",", "", None,
]  # fmt: skip
UNIT = [None, None, None, "4", "Apt 4", "#4", "Ste 4", ""]
CITY = [
    "Seattle",
    "SEATTLE",
    "St. Louis",
    "St Louis",
    "San José",
    "San Jose",
    "Winston-Salem",
    "O'Fallon",
    "  ",
    "",
    None,
]
STATE = ["WA", "wa", "W.A.", "MO", "Ñ", None]
ZIP = [
    "98103",
    "98103-1234",
    "981031234",
    "98103-",
    "9810",
    "98103 ",
    "98103\n",
    "９８１０３",
    "02134",
    "ABCDE",
    "",
    None,
]
BORN = [date(1984, 5, 17), date(1984, 5, 18), date(1969, 12, 31), date(1900, 2, 28), date(2024, 2, 29), None]
TIN = ["900700001", "900-70-0001", "900700002", "90070000", "", None]


def somebody(chance: random.Random) -> dict[str, Any]:
    return {
        "first_name": chance.choice(FIRST),
        "middle_name": chance.choice(FIRST),
        "last_name": chance.choice(LAST),
        "name_suffix": chance.choice([None, None, "Jr.", "III", ""]),
        "birth_date": chance.choice(BORN),
        "tin": chance.choice(TIN),
    }


def somewhere(chance: random.Random) -> dict[str, Any]:
    return {
        "street": chance.choice(STREET),
        "unit": chance.choice(UNIT),
        "city": chance.choice(CITY),
        "state": chance.choice(STATE),
        "zip": chance.choice(ZIP),
    }


def a_hard_town(seed: int, people: int = 60) -> tuple[list[Row], list[Row], list[Row]]:
    """People with hard names at hard addresses, and twice as many requests: right, mixed up, or about nobody."""
    chance = random.Random(seed)
    ids = [chance.choice(["p{}", "p,{}", 'p"{}', "p\\.{}", "pé{}", " p{}"]).format(n) for n in range(people)]
    persons = [
        a_person(
            id_,
            **somebody(chance),
            identity_theft=chance.choice([True, False, None]),
            impairment=chance.choice([True, False, None]),
            deceased_on=chance.choice([None] * 8 + [date(1968, 3, 1)]),
        )
        for id_ in ids
    ]
    homes = [
        an_address(
            chance.choice([*ids, None, "nobody"]),
            **somewhere(chance),
            tax_period=chance.choice([2022, 2023, 2024, None]),
            source=chance.choice(["return", "notice", "ncoa", "", None]),
            effective_on=chance.choice([date(2025, 4, 15), date(1969, 12, 31), None]),
        )
        for _ in range(3 * people)
    ]
    requests = [a_request(**_asked(chance, persons, homes)) for _ in range(2 * people)]
    return persons, homes, requests


def _asked(chance: random.Random, persons: list[Row], homes: list[Row]) -> dict[str, Any]:
    """What a request says: of somebody who is there, with another's value here and there."""
    person, anybody = chance.choice(persons), somebody(chance)
    mine = [home for home in homes if home["person_id"] == person["person_id"]] or homes
    asked = {column: person[column] for column in anybody}
    home = chance.choice(mine)
    asked |= {column: home[column] for column in ("street", "unit", "city", "state", "zip")}
    other = {**anybody, **somewhere(chance)}
    asked |= {column: other[column] for column in chance.sample(sorted(other), chance.randrange(4))}
    if asked["tin"] is not None and len(asked["tin"].replace("-", "")) != 9:
        asked["tin"] = None  # intake leaves a number out that is none
    return asked | {"tax_periods": chance.choice(["2023;2024", "2024", ""])}
