"""An inspector reads from an agreement's folder what the gate reads from it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from narrowgate.adjudication.facts import REQUEST_FACTS, VOCABULARY
from narrowgate.adjudication.facts import batch as gate_batch
from narrowgate.adjudication.facts import record as gate_record
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.load import load
from narrowgate.agreement.stays import stays_in_force
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.terms.agreement import Agreement as GateAgreement
from narrowgate_verify.adjudication.agreement import read_agreement
from narrowgate_verify.adjudication.facts import names
from narrowgate_verify.adjudication.reading import binding
from narrowgate_verify.adjudication.stated import BATCH_FACTS, RECORD_FACTS
from narrowgate_verify.adjudication.verdict import ALL_FACTS
from narrowgate_verify.problems import DoesNotVerify

AGREEMENTS = Path(__file__).parents[3] / "agreements"
NAMES = ("irs-ice-2025", "driver-records-2026")
DAYS = (date(2024, 1, 1), date(2025, 4, 7), date(2025, 6, 30), date(2026, 3, 2), date(2026, 11, 30), date(2031, 1, 1))


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def gate(name: str) -> GateAgreement:
    return load(AGREEMENTS / name, facts=VOCABULARY, comparisons=COMPARISONS)


def test_the_digest_is_the_one_that_determinations_name(name: str, gate: GateAgreement) -> None:
    assert read_agreement(AGREEMENTS / name).digest == gate.digest


def test_under_every_reading_and_on_every_day_the_same_clauses_and_values_bind(name: str, gate: GateAgreement) -> None:
    agreement = read_agreement(AGREEMENTS / name)
    for reading in gate.readings:
        for day in DAYS:
            bound, expected = binding(agreement, reading, on=day, facts=ALL_FACTS), basis(gate, reading, on=day)
            assert [one.id for one in bound.clauses] == [one.id for one in expected.judged], (reading, day)
            assert bound.parameters == expected.parameters, (reading, day)
            assert bound.releasable == expected.releasable


def test_the_same_stays_are_in_force(name: str, gate: GateAgreement) -> None:
    agreement = read_agreement(AGREEMENTS / name)
    for day in DAYS:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert agreement.stays_at(moment) == {stay.id for stay in stays_in_force(gate.stays, at=moment)}


def test_facts_are_those_that_the_gate_derives_each_of_its_type() -> None:
    kinds = {"text": str, "integer": int, "boolean": bool, "date": date}
    assert frozenset(fact.name for fact in REQUEST_FACTS) == names.REQUEST_FACTS
    assert {fact.name: kinds[fact.type.value] for fact in gate_batch.FACTS} == BATCH_FACTS
    assert {fact.name: kinds[fact.type.value] for fact in gate_record.FACTS} == RECORD_FACTS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("```toml clause\n", "```toml claus\n"), "neither opens a block"),
        (("```toml clause\n", "``` toml clause\n"), "neither opens a block"),
        (('id = "G08"', 'id = "g07"'), "two of clause"),
        (("layout_errors = 0", "layout_errors == 0"), "is no value of the language"),
    ],
)
def test_a_clause_that_would_fall_away_unnoticed_is_an_error(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    folder = shutil.copytree(AGREEMENTS / NAMES[0], tmp_path / "agreement")
    text = (folder / "agreement.md").read_text()
    assert change[0] in text
    (folder / "agreement.md").write_text(text.replace(*change))
    with pytest.raises(DoesNotVerify, match=message):
        binding(read_agreement(folder), "strict", on=DAYS[2], facts=ALL_FACTS)


def test_another_byte_in_any_file_is_another_digest_but_what_was_measured(tmp_path: Path) -> None:
    folder = shutil.copytree(AGREEMENTS / NAMES[0], tmp_path / "agreement")
    before = read_agreement(folder).digest
    with (folder / "measured.toml").open("a") as file:
        file.write("# more\n")
    assert read_agreement(folder).digest == before
    (folder / "cases" / "note.txt").write_text("a note")
    assert read_agreement(folder).digest != before


def test_a_link_is_no_file_of_an_agreement(tmp_path: Path) -> None:
    folder = shutil.copytree(AGREEMENTS / NAMES[0], tmp_path / "agreement")
    (folder / "more.md").symlink_to(folder / "agreement.md")
    with pytest.raises(DoesNotVerify, match="is a link"):
        read_agreement(folder)
