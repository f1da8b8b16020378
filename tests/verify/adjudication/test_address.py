"""The inspector's reading of an address comes to the class that its label, its page and the gate come to."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random

import pytest

from narrowgate.adjudication.facts import address_places
from narrowgate_verify.adjudication.facts.address import Address, address_class, address_facts
from narrowgate_verify.adjudication.facts.address_places import PREFIXES, tidied
from narrowgate_verify.adjudication.facts.address_words import WORDS
from tests.adjudication.test_address_classes import read

VECTORS = Path(__file__).parents[3] / "spec" / "vectors" / "address"
FIELDS = ("street", "unit", "city", "state", "zip")
Written = tuple[str | None, ...]


def labelled(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(row: dict[str, str]) -> Written:
    return tuple(row[field] or None for field in FIELDS)


def found(fields: Written) -> tuple[object, ...]:
    facts = address_facts(Address(*(field or "" for field in fields)))
    return facts["address_class"], facts["address_present"], facts["address_has_zip_token"]


def unlike_the_gate(addresses: Sequence[Written]) -> list[object]:
    return [(one, gate, found(one)) for one, gate in zip(addresses, read(addresses), strict=True) if gate != found(one)]


def test_every_labelled_address_has_the_class_of_its_label() -> None:
    wrong = [row for row in labelled("corpus.csv") if found(written(row))[0] != row["expected_class"]]
    assert wrong == []


@pytest.mark.parametrize("name", ["corpus.csv", "held_out.csv"])
def test_every_labelled_address_has_the_facts_that_the_gate_finds(name: str) -> None:
    assert unlike_the_gate([written(row) for row in labelled(name)]) == []


def test_fields_of_different_addresses_put_together_are_read_as_the_gate_reads_them() -> None:
    rng, rows = Random(1), [written(row) for name in ("corpus.csv", "held_out.csv") for row in labelled(name)]
    mixed = [tuple(rng.choice(rows)[place] for place in range(len(FIELDS))) for _ in range(3_000)]
    assert unlike_the_gate(mixed) == []


def test_streets_made_of_the_words_of_streets_are_read_as_the_gate_reads_them() -> None:
    rng = Random(2)
    lists = (
        "directions",
        "ways_before_number",
        "ways_before",
        "ways",
        "ways_mostly",
        "ways_plainly",
        "units",
        "houses",
    )
    others = ("OAK", "5TH", "9", "OLD", "THE", "BROADWAY", "B", "12A", "#4", "# 4", "2ND FL", "CA-12", "TK", "NO", "&")

    def word() -> str:
        return rng.choice(WORDS[rng.choice(lists)]) if rng.random() < 0.6 else rng.choice(others)

    streets = [
        " ".join([str(rng.randrange(1, 9_999)), *(word() for _ in range(rng.randrange(1, 6)))]) for _ in range(4_000)
    ]
    assert unlike_the_gate([(street, rng.choice([None, "Apt 4"]), "Dallas", "TX", "75201") for street in streets]) == []


def test_phrases_of_every_list_are_read_as_the_gate_reads_them() -> None:
    rng = Random(3)
    phrases = [one.translate({42: "", 43: "X", 63: "3"}) for name in WORDS for one in WORDS[name]]
    said = [(f"{rng.choice(['', '12 '])}{one}{rng.choice(['', ' St', ' 5', '-1'])}", None, "Austin", "TX", "78701")
        for one in rng.sample(phrases, 2_500)]  # fmt: skip
    assert unlike_the_gate(said) == []


def test_cities_states_and_zip_codes_are_read_as_the_gate_reads_them() -> None:
    cities = ("Houston TX", "Rocky MT", "Mexico", "Juarez Mexico", "Travis County", "X", "near Waco", "Dallas")
    codes = ("75201", "75201-1234", "75201 1234", "10001", "00000", "7520", None)
    places = product(cities, ("TX", "tx", "NY", "Texas", "AE", "ſd", None), codes)
    assert unlike_the_gate([("123 Main St", None, *place) for place in places]) == []


def test_letters_of_another_script_and_accents_are_read_as_the_gate_reads_them() -> None:
    streets = [
        "12½ Élm St",
        "123 Straße",
        "123 Мира St",
        "1 ﬁeld Rd",
        "123 ﹟ Oak St",
        "123 Oak\u200b St",
        "12 ſt Ave",
        "１２ Oak St",
    ]
    assert unlike_the_gate([(street, None, "Dallas", "TX", "75201") for street in streets]) == []


def test_both_tables_of_zip_codes_say_the_same_of_every_prefix_and_state() -> None:
    assert {state: set(prefixes) for state, prefixes in PREFIXES.items()} == dict(address_places.PREFIXES)


@pytest.mark.parametrize("street", ["1 OAK ST " + "APT 1 " * 2_000, "1 " + "OAK " * 2_000, "NONE " * 2_000 + "X"])
def test_no_text_takes_time_without_bound(street: str) -> None:
    began = time.monotonic()
    assert address_class(Address(street, "", "Dallas", "TX", "75201"))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("field", "expected"), [("  o'Neil’s  ave., no. 5 ", "ONEILS AVE NO 5"), ("½", "1/2"), ("---", ""), ("", "")]
)
def test_a_tidied_field_is_capitals_with_single_blanks(field: str, expected: str) -> None:
    assert tidied(field) == expected
