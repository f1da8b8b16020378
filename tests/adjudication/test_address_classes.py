"""An address has exactly one class, and only five classes name a place that mail can be delivered to."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.adjudication.facts import address, address_told, address_ways, address_words
from narrowgate.adjudication.facts.address_places import PREFIXES

FIELDS = ("street", "unit", "city", "state", "zip")
CORPUS = Path(__file__).parents[2] / "spec" / "vectors" / "address" / "corpus.csv"
Written = tuple[str | None, ...]
Facts = tuple[str, bool, bool]


def labelled() -> list[dict[str, str]]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(addresses: Sequence[Written], *, all_closely: bool = False) -> list[Facts]:
    """Class, presence and ZIP token of each address."""
    columns = dict(zip(FIELDS, zip(*addresses, strict=True), strict=True))
    request = pa.table(
        {"row_no": pa.array(range(len(addresses)))} | {k: pa.array(v, pa.string()) for k, v in columns.items()}
    )
    session = duckdb.connect(config={"threads": 1})
    session.register("request", request)
    names = ", ".join(fact.name for fact in address.FACTS)
    table = address.prepare(session, "request", all_closely=all_closely)
    return [row[1:] for row in session.execute(f"SELECT row_no, {names} FROM {table} ORDER BY row_no").fetchall()]


def class_of(*fields: str | None) -> str:
    return read([fields])[0][0]


@pytest.mark.parametrize("all_closely", [False, True], ids=["as judged", "each read closely"])
def test_every_labelled_address_has_the_class_of_its_label(all_closely: bool) -> None:
    rows = labelled()
    found = read([tuple(row[field] or None for field in FIELDS) for row in rows], all_closely=all_closely)
    wrong = [(one[0], row) for one, row in zip(found, rows, strict=True) if one[0] != row["expected_class"]]
    assert not wrong


def test_the_labelled_addresses_are_many_and_of_every_class() -> None:
    labels = Counter(row["expected_class"] for row in labelled())
    assert labels.keys() == {*address.POSTAL, *address.NOT_POSTAL}
    assert labels.total() >= 400
    assert labels["placeholder"] >= 100
    assert labels["street"] >= 100
    written = [tuple(row[field] for field in FIELDS) for row in labelled()]
    assert len(set(written)) == len(written)


def test_writing_in_capitals_or_small_letters_changes_no_class() -> None:
    rows = labelled()
    for change in (str.upper, str.lower):
        found = read([tuple(change(row[field]) or None for field in FIELDS) for row in rows])
        wrong = [(one[0], row) for one, row in zip(found, rows, strict=True) if one[0] != row["expected_class"]]
        assert not wrong


@pytest.mark.parametrize("field", range(3))
@pytest.mark.parametrize("word", ["Failed to Provide", "UNKNOWN", "not available", "Don't Care", "homeless"])
def test_a_placeholder_is_one_in_whatever_field_it_stands(word: str, field: int) -> None:
    fields: list[str | None] = [None, None, None, "TX", "75201"]
    fields[field] = word
    assert class_of(*fields) == "placeholder"


@pytest.mark.parametrize("left_out", range(5))
def test_without_a_street_a_city_a_state_or_a_zip_code_no_address_is_postal(left_out: int) -> None:
    fields: list[str | None] = ["123 Main St", None, "Dallas", "TX", "75201"]
    assert class_of(*fields) == "street"
    fields[left_out] = None
    assert (class_of(*fields) in address.POSTAL) == (left_out == 1)


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [
        ("10001", "NY"), ("00501", "NY"), ("90210", "CA"), ("02134", "MA"), ("20500", "DC"), ("33101", "FL"),
        ("60601", "IL"), ("75201", "TX"), ("88510", "TX"), ("99501", "AK"), ("96701", "HI"), ("00901", "PR"),
        ("00802", "VI"), ("96910", "GU"), ("96799", "AS"), ("96950", "MP"), ("09001", "AE"), ("34001", "AA"),
        ("96201", "AP"), ("05501", "MA"), ("06390", "NY"), ("83414", "WY"), ("84101", "UT"), ("59901", "MT"),
        ("03901", "ME"), ("39901", "GA"), ("73301", "TX"), ("56901", "DC"), ("20101", "VA"), ("68101", "NE"),
    ],
)  # fmt: skip
def test_well_known_zip_codes_lie_in_their_states(zip_code: str, state: str) -> None:
    assert zip_code[:3] in PREFIXES[state]
    assert class_of("123 Main St", None, "Smalltown", "WY" if state != "WY" else "TX", zip_code) == (
        "zip_state_disagree"
    )


def test_no_prefix_is_in_use_that_the_postal_service_has_not_assigned() -> None:
    used = set().union(*PREFIXES.values())
    assert not used & {"000", "001", "002", "003", "004", "213", "269", "343", "345", "348", "353", "419", "529", "987"}
    assert len(PREFIXES) == 50 + 1 + 5 + 3 + 3  # states, DC, territories, the military, freely associated states


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        (("75201", None, None, None, None), True),
        ((None, None, None, None, "752011234"), True),
        ((None, None, "x75201y", None, None), True),
        (("7520", "1", None, None, None), False),
        (("752011", None, None, None, None), False),
        ((None, None, None, None, None), False),
        (("123 Main St", None, "Dallas", "TX", "75201"), True),
    ],
)
def test_a_zip_token_is_a_run_of_five_or_nine_digits_in_one_field(fields: Written, token: bool) -> None:
    (found,) = read([fields])
    assert found[2] is token


def test_punctuation_is_text_but_no_address() -> None:
    assert read([("-", None, None, None, None), (None,) * 5]) == [
        ("placeholder", True, False),
        ("missing", False, False),
    ]


def test_the_short_way_and_the_close_reading_come_to_the_same() -> None:
    patterns = " ".join(
        value
        for module in (address_words, address_told, address_ways)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    )
    of_corpus = " ".join(" ".join(row[field] for field in FIELDS[:3]) for row in labelled())
    words = sorted(set(re.findall("[A-Z]{2,}", patterns)) | set(re.findall("[A-Za-z']+", of_corpus)))
    chance = Random(2025)  # every run draws the same addresses
    addresses: list[Written] = []
    for _ in range(12_000):
        name = " ".join(chance.choice([*words, "N", "12", "St", "Rd"]) for _ in range(chance.choice([1, 1, 2, 3])))
        lead = chance.choice(["", "", "", "N ", "SW. ", "5 "])
        end = chance.choice(["", "St", "St", "Ave", "Rd.", "Dr N", "Apt 3", "Plaza", "12", "St E", "Ct South", "Ct"])
        city = chance.choice(
            ["Dallas", "St. Louis", "Winston-Salem", "Apo", chance.choice(words), f"{name} {chance.choice(words)}"]
        )
        unit = chance.choice([None, None, "Apt 3", "# 4", "unit B", "5", chance.choice(words)])
        state, zip_code = chance.choice(
            [("TX", "75201"), ("mo", "63103"), ("AE", "09021"), ("NY", "10001"), ("CT", "06001")]
        )
        number = chance.choice([chance.randint(1, 9999), chance.randint(1, 9999), 99999, 75201, "12A", ""])
        street = chance.choice([f"{number} {lead}{name} {end}".strip(), f"PO Box {chance.randint(0, 99999)}"])
        addresses.append((street, unit, city, state, zip_code))
    quick, close = read(addresses), read(addresses, all_closely=True)
    differ = [
        (one, other, written) for one, other, written in zip(quick, close, addresses, strict=True) if one != other
    ]
    assert not differ
    assert Counter(one[0] for one in quick)["street"] > 1000


_FIELD = st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[_FIELD] * 5), min_size=1, max_size=20))
def test_whatever_is_written_has_one_class_and_none_is_postal_without_a_digit(addresses: list[Written]) -> None:
    for fields, (found, present, _) in zip(addresses, read(addresses), strict=True):
        assert found in (*address.POSTAL, *address.NOT_POSTAL)
        assert present is bool("".join(field or "" for field in fields))
        if found in address.POSTAL:
            assert re.search("[0-9]", fields[4] or "")
