"""The flagship agreement: its cases, and what must be true of its default reading whatever the cases say."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import product

import duckdb
import pytest

from narrowgate.agreement.cases import Outcome, Whole, cases, condition, judge_whole, parameters_of_case, run_cases
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import emit, evaluate, facts_of
from narrowgate.agreement.language.literal import literal
from narrowgate.agreement.mutation import score
from narrowgate.agreement.stays import stays_in_force
from narrowgate.terms.agreement import EvidenceKind, StayEffect
from narrowgate.terms.determination import Finding
from narrowgate.terms.expression import Value
from narrowgate.terms.fact import Reads, Type
from tests.agreement.flagship import COMPARISONS, FACTS, FOLDER, agreement

SQL_TYPES = {Type.TEXT: "VARCHAR", Type.INTEGER: "BIGINT", Type.DATE: "DATE", Type.BOOLEAN: "BOOLEAN"}
FOUND = cases(FOLDER, facts=FACTS, comparisons=COMPARISONS)
ALL_CASES = FOUND.cases
STRICT = basis(agreement(), "strict", on=date(2025, 6, 30))
PRACTISED = basis(agreement(), "as-practised-2025-08", on=date(2025, 8, 7))


def outcomes() -> tuple[Outcome, ...]:
    return run_cases(agreement(), ALL_CASES)


def test_the_cases_notice_every_small_change_and_every_clause_that_falls_away() -> None:
    found = score(agreement(), FOUND.cases, FOUND.wholes, facts=FACTS, comparisons=COMPARISONS)
    assert found.survivors == ()
    assert found.tried > 300


@pytest.mark.parametrize("whole", FOUND.wholes, ids=lambda each: each.name)
def test_a_whole_request_comes_to_its_disposition(whole: Whole) -> None:
    assert judge_whole(agreement(), whole) is whole.disposition, f"{whole.file}:{whole.line}"


@pytest.mark.parametrize("outcome", outcomes(), ids=lambda each: f"{each.case.condition}: {each.case.name}")
def test_a_case_comes_to_its_finding_by_the_model(outcome: Outcome) -> None:
    assert outcome.as_expected, f"{outcome.case.file}:{outcome.case.line}: {outcome.finding.value}"


def test_every_case_comes_to_its_finding_by_duckdb() -> None:
    vocabulary = {**FACTS, **COMPARISONS}
    queries = []
    for case in ALL_CASES:
        expression = condition(agreement(), case).expression
        columns = ", ".join(
            f'{_cast(case.row[name], vocabulary[name].type)} AS "{name}"' for name in sorted(facts_of(expression))
        )
        test = emit(expression, parameters_of_case(agreement(), case, None))
        queries.append(f"(SELECT {test} FROM (SELECT {columns}))")
    found = duckdb.connect(":memory:").execute(f"SELECT [{', '.join(queries)}]").fetchone()
    assert found is not None
    assert [Finding.of(truth) for truth in found[0]] == [case.finding for case in ALL_CASES]


def _cast(value: Value | None, kind: Type) -> str:
    return f"CAST({'NULL' if value is None else literal(value)} AS {SQL_TYPES[kind]})"


def test_every_clause_and_rule_has_a_case_on_each_side_of_its_edge() -> None:
    sides: dict[str, set[Finding]] = defaultdict(set)
    for case in ALL_CASES:
        sides[case.condition].add(case.finding)
    for name in (*agreement().clauses, *agreement().evidence):
        assert {Finding.SATISFIED, Finding.NOT_SATISFIED} <= sides[name], name


def test_the_baseline_satisfies_every_clause_of_the_default_reading() -> None:
    sound = next(case.row for case in ALL_CASES if case.condition == "G00" and case.row["stays_in_force"] == 0)
    for clause in STRICT.clauses:
        assert evaluate(clause.expression, sound, STRICT.parameters) is True, clause.id


def test_a_request_of_which_nothing_is_known_satisfies_no_clause() -> None:
    nothing = dict.fromkeys(FACTS)
    for clause in STRICT.clauses:
        assert evaluate(clause.expression, nothing, STRICT.parameters) is not True, clause.id


UNCONTESTED = [
    "G01",
    "G03a",
    "G03b",
    "G13",
    "G04",
    "G04b",
    "G05",
    "G07",
    "G08",
    "G09a",
    "G09f",
    "G10",
    "G11a",
    "G12a",
    "G12d",
    "G14",
    "G15",
    "G17a",
    "G17b",
    "G18",
    "G19",
    "G20",
]


def bound(name: str) -> set[str]:
    return set(agreement().readings[name].binds)


def test_the_readings_bind_the_clauses_they_are_known_by() -> None:
    strict = {
        *UNCONTESTED,
        *[
            "G00",
            "G02a",
            "G02b",
            "G06",
            "G09b",
            "G09c",
            "G09d",
            "G09e",
            "G09m",
            "G10b",
            "G11b",
            "G12b",
            "G12c",
            "G12e",
            "G16",
            "G16t",
            "G16m",
            "G21a",
            "G21b",
        ],
    }
    assert bound("strict") == strict
    assert bound("dcc-2026-02-24") == strict - {"G09m"}
    for court in ("ddc-2025-11-21", "ddc-2026-02-26", "dmass-2026-02-05"):
        assert bound(court) == strict
    gone = ["G09b", "G09d", "G09e", "G09m", "G10b", "G12b", "G12c"]
    assert bound("government-2026") == strict - set(gone)
    assert bound("as-practised-2025-08") == {"G01", "G03b", "G06p", "G15p"}


def test_what_a_court_left_open_stays_marked_and_the_default_stands_in() -> None:
    readings, questions = agreement().readings, agreement().questions
    assert readings["strict"].left_open == frozenset()
    assert readings["ddc-2026-02-26"].left_open == questions.keys() - {"P2", "P3", "P8"}
    for name in ("ddc-2025-11-21", "ddc-2026-02-26", "dmass-2026-02-05", "dcc-2026-02-24", "government-2026"):
        for question in readings[name].left_open:
            assert readings[name].positions[question] == readings["strict"].positions[question]
    assert "P11" in readings["as-practised-2025-08"].left_open
    assert "P11" not in readings["as-practised-2025-08"].positions


def test_there_are_twenty_questions_and_every_position_says_who_holds_it() -> None:
    assert list(agreement().questions) == [f"P{number}" for number in range(1, 21)]
    for question in agreement().questions.values():
        assert all(position.held_by for position in question.positions.values())


def test_only_defects_in_the_requesters_own_file_may_be_told() -> None:
    for clause in agreement().clauses.values():
        if clause.reads in (Reads.RECORD, Reads.RELEASE):
            assert not clause.face, clause.id
        if clause.reads is Reads.REQUEST:
            assert clause.face, clause.id
            assert clause.told, clause.id


def test_the_practice_is_a_record_and_never_a_basis_for_release() -> None:
    assert PRACTISED.reading.historical
    assert agreement().readings["government-2026"].historical
    assert not STRICT.reading.historical
    assert agreement().default_reading == "strict"


def test_the_agreement_ships_stayed() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert [stay.docket for stay in stays_in_force(agreement().stays, at=now)] == [
        "1:25-cv-00457",
        "1:25-cv-12822",
    ]
    frozen = stays_in_force(agreement().stays, at=now, effect=StayEffect.FREEZE_USE)
    assert [stay.docket for stay in frozen] == ["1:25-cv-12822"]


def test_no_stay_was_in_force_when_the_addresses_of_august_2025_left() -> None:
    assert stays_in_force(agreement().stays, at=datetime(2025, 8, 7, tzinfo=UTC)) == ()


def _comparisons() -> list[dict[str, Value | None]]:
    """Every comparison there can be of a request with a person, as far as the default reading looks."""
    read = sorted({name for rule in STRICT.evidence for name in facts_of(rule.expression)})
    values: list[tuple[Value, ...]] = [
        COMPARISONS[name].values or (True, False)  # classes, or a boolean
        for name in read
    ]
    return [dict(zip(read, row, strict=True)) for row in product(*values)]


def _applies(kind: EvidenceKind, row: dict[str, Value | None]) -> bool:
    return any(
        evaluate(rule.expression, row, STRICT.parameters) is True for rule in STRICT.evidence if rule.kind is kind
    )


def test_nobody_is_decided_on_without_the_supplied_address_both_names_and_a_number_or_birth_date() -> None:
    decided = 0
    for row in _comparisons():
        if not _applies(EvidenceKind.ACCEPT, row) or _applies(EvidenceKind.CONTRADICT, row):
            continue
        decided += 1
        assert row["address"] == "exact"
        assert {row["first_name"], row["last_name"]} <= {"exact", "near"}
        assert "exact" in (row["first_name"], row["last_name"])
        assert "exact" in (row["tin"], row["birth_date"])
        assert row["tin"] != "differs"
        assert row["birth_date"] in ("exact", "missing")
        assert row["name_suffix"] != "differs"
        assert row["middle_name"] != "differs"
        assert row["deceased"] is False
        if row["first_name"] == "near":
            assert row["middle_name"] in ("exact", "initial")
        if "near" in (row["first_name"], row["last_name"]):
            assert (row["tin"], row["birth_date"]) == ("exact", "exact")
    assert decided > 0


def test_whoever_would_be_accepted_is_a_rival_of_anybody_else() -> None:
    """Two people who both fit are never told apart, whichever of them the rules would have named."""
    for row in _comparisons():
        if _applies(EvidenceKind.ACCEPT, row):
            assert _applies(EvidenceKind.RIVAL, row), row


def test_the_practice_found_people_whose_address_was_never_compared() -> None:
    row = dict.fromkeys(COMPARISONS) | {"tin": "exact", "last_name_control": True, "address": "differs"}
    assert any(evaluate(rule.expression, row, PRACTISED.parameters) is True for rule in PRACTISED.evidence)
    assert not _applies(EvidenceKind.ACCEPT, row)
