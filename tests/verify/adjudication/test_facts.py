"""Facts that an inspector derives from rows are those that the gate's stations derive, row by row."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow
import pytest

from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.terms.batch import REQUEST_COLUMNS
from narrowgate.terms.batch import Officer as GateOfficer
from narrowgate_verify.adjudication import letters
from narrowgate_verify.adjudication.facts import LOOKING_BACK, names, request_facts
from narrowgate_verify.adjudication.facts.address_places import is_foreign
from narrowgate_verify.adjudication.facts.name import name_class
from narrowgate_verify.adjudication.facts.officers import Engaged
from narrowgate_verify.adjudication.manifest import Officer
from narrowgate_verify.adjudication.request import COLUMNS, Request
from tests.adjudication.deriving import CERTIFIED, REQUESTED_ON, Row, a_request, derived, write_requests

RELEASABLE = ("mailing_address",)

CHOICES: dict[str, tuple[Any, ...]] = {
    "first_name": ("Alma", "Álma", "ALMA", "José-Luis", "O'Neil", None, "Not", "김", "n.a.", "ſee", "nıl", "Test."),
    "last_name": ("Quintero", "Quintero Vale", "quintero-vale", "Doe", "Available", None, "as above", "Ñandú", "x|y"),
    "middle_name": (None, "R", "file"),
    "name_suffix": (None, "Jr"),
    "tin": ("900700001", "900700002", None),
    "unit": (None, "Apt 3"),
    "street": ("1501 Oak Ave", "oak ave", None, "12 Ä St"),
    "city": ("Seattle", None, "seattle"),
    "state": ("WA", "wa", None),
    "zip": ("98103", "98103-1234", None),
    "tax_periods": ("2023;2024", "2024; 2023", None, "24", "2023;", "1999"),
    "statute": ("8 USC 1253(a)(1)(A)", "8 U.S.C. § 1253(a)(1)(A)", "8usc1253", "8 USCA Section 12", None, "8 uSca 5"),
    "matter_id": ("M-1", "m-1", "M -1", None, "N/A", "tba", "XXX", "0-0", "ß1"),
    "matter_kind": ("investigation", None, "proceeding"),
    "order_case_no": ("A1", "A-000", None),
    "order_ground": ("1227(a)(1)(B)", "8 U.S.C. § 1227(A)", "1182(a)", "237(a)", None, "1227(a) and"),
    "relief_pending": (True, False, None),
    "engaged_officers": ("O-1", "O-2;O-1", "O-3", "O-9", None, "O-4", "O-1;O-1", "O-1; O-2", "O-1;"),
    "requested_fields": ("mailing_address", "mailing_address;ssn", None, "ssn; mailing_address", ";"),
    "layout_errors": (0, 2),
}
DAYS = ("birth_date", "matter_opened_on", "order_final_on", "court_final_on")
TEMPLATE = (
    "the bond obligor reported that this person moved to the address given in the file of the agency and stays there"
)
WORDS = (
    "A-1", "2024", "moved,", "(here)", "bond's", "Émile", "née", "Quintero", "Vale", "Seattle", "M-1", "oak", "ave",
    "1501", "re-entry", "a/b", "ß", "İzmir", "x", "x",
)  # fmt: skip
ROLES = (
    "special_agent", "Deputy Director", "chief counsel", "unit secretary", "secretary", "subunit secretary", "head",
    "in-charge", "Secretary to the chief", "Contractor",
)  # fmt: skip
UNITS = ("Unit 1", "ERO Dallas", "Removal ops", "contract staff")


def a_batch(rng: Random, count: int) -> list[Row]:
    """Requests with every kind of value that facts tell apart, some of them copies."""
    rows = [a_request(request_ref=f"R-{number}", **_values(rng)) for number in range(count)]
    return rows + [{**rng.choice(rows), "request_ref": f"C-{number}"} for number in range(3)]


def _values(rng: Random) -> dict[str, Any]:
    days = (None, date(2024, 1, 9), REQUESTED_ON, date(1984, 5, 17), date(2026, 1, 1))
    chosen = {column: rng.choice(values) for column, values in CHOICES.items()}
    return {**chosen, **{column: rng.choice(days) for column in DAYS}, "reason": a_reason(rng)}


def a_reason(rng: Random) -> str | None:
    words = TEMPLATE.split() if rng.random() < 0.8 else rng.sample(WORDS, 6)
    for _ in range(rng.randrange(4)):
        words[rng.randrange(len(words))] = rng.choice(WORDS)
    return rng.choice([" ", " ", "  "]).join(words) if rng.random() < 0.9 else None


def a_roster(rng: Random) -> tuple[GateOfficer, ...]:
    certificates = (("O-1", CERTIFIED), ("O-2", rng.choice([CERTIFIED, "d" * 64])), ("O-3", None), ("O-4", "b" * 64))
    return tuple(GateOfficer(name, name, rng.choice(UNITS), rng.choice(ROLES), one) for name, one in certificates)


def engaged(roster: Sequence[GateOfficer], rows: Sequence[Row]) -> Engaged:
    """The same batch as an inspector has it."""
    requests = [
        Request(place, {name: row[name] for name in COLUMNS}, row["layout_errors"]) for place, row in enumerate(rows)
    ]
    return Engaged([Officer(one.id, one.unit, one.role, one.certificate_sha256) for one in roster], requests)


def found(batch: Engaged, earlier: Sequence[Engaged] | None) -> list[Row]:
    facts = request_facts(
        batch, rows=range(len(batch.requests)), requested_on=REQUESTED_ON, releasable=RELEASABLE,
        certificates={CERTIFIED}, earlier=earlier,
    )  # fmt: skip
    return [dict(facts[row]) for row in sorted(facts)]


def test_a_request_has_the_columns_that_the_gate_reads() -> None:
    assert COLUMNS == REQUEST_COLUMNS


@pytest.mark.parametrize("seed", range(5))
def test_every_fact_of_every_row_is_the_one_that_the_gate_derives(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    rows, roster = a_batch(rng, 60), a_roster(rng)
    before = [(a_batch(rng, 20), a_roster(rng)) for _ in range(seed % 3)]
    earlier = []
    for number, (asked, listed) in enumerate(before):
        (folder := tmp_path / f"before-{number}").mkdir()
        earlier.append(Earlier(write_requests(folder, asked), REQUESTED_ON, listed))
    gate = derived(tmp_path, rows, roster=roster, earlier=earlier)
    mine = found(engaged(roster, rows), [engaged(listed, asked) for asked, listed in before])
    assert [row.keys() for row in mine] == [row.keys() for row in gate]
    wrong = [
        (place, name, theirs[name], own[name])
        for place, (theirs, own) in enumerate(zip(gate, mine, strict=True))
        for name in theirs
        if theirs[name] != own[name]
    ]
    assert wrong == []


def test_templates_of_which_words_are_exchanged_are_found_near_where_the_gate_finds_them(tmp_path: Path) -> None:
    rng, words = Random(9), [f"word{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(300)]
    rows = []
    for number in range(300):
        said = rng.sample(words[:40], 30) if number % 3 else TEMPLATE.split()
        said[rng.randrange(len(said))] = rng.choice(words)
        rows.append(a_request(request_ref=f"R-{number}", reason=" ".join(said)))
    gate, mine = derived(tmp_path, rows), found(engaged((), rows), None)
    assert [row["reason_near_copies"] for row in mine] == [row["reason_near_copies"] for row in gate]
    assert max(row["reason_near_copies"] for row in gate) > max(row["reason_template_copies"] for row in gate)


def test_without_the_earlier_batches_the_facts_that_look_back_are_absent_and_not_missing() -> None:
    (alone,) = found(engaged((), [a_request()]), None)
    assert alone.keys() == names.REQUEST_FACTS - LOOKING_BACK
    (known,) = found(engaged((), [a_request()]), [])
    assert known.keys() == names.REQUEST_FACTS


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Alma", "Quintero", "structured"), ("Null", "Smith", "structured"), ("Null", "Doe", "placeholder"),
        ("Not", "Available", "placeholder"), ("John", "Doe", "placeholder"), ("Alma", None, "missing"),
        ("Alma2", "Quintero", "placeholder"), ("李", "王", "structured"), ("N/A", "N/A", "placeholder"),
    ],
)  # fmt: skip
def test_a_name_is_one_that_could_be_a_persons(first: str, last: str | None, expected: str) -> None:
    assert name_class(first, last) == expected


def test_letters_are_those_of_the_engine_that_the_gate_uses() -> None:
    points = [point for point in (*range(1, 0x3400), *range(0x3400, 0x110000, 61)) if not 0xD800 <= point <= 0xDFFF]
    every = pyarrow.table({"letter": [chr(point) for point in points]})
    with duckdb.connect() as session:
        session.register("every", every)
        rows = session.execute(
            r"""SELECT letter, upper(letter), lower(letter), strip_accents(letter), regexp_matches(letter, '\pL'),
                regexp_matches(letter, '[\s\pZ]'), regexp_matches(letter, '[^\p{Latin}\p{Common}\p{Inherited}]')
            FROM every"""
        ).fetchall()
    wrong = [
        (one, *expected)
        for one, *expected in rows
        if expected != [letters.upper(one), letters.lower(one), letters.without_accents(one), letters.is_letter(one),
            letters.is_blank(one), is_foreign(one)] and not _is_new(one)]  # fmt: skip
    assert wrong == []


def _is_new(letter: str) -> bool:
    """Whether this Python does not know the character, which the engine may."""
    return unicodedata.category(letter) == "Cn"
