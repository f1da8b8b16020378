"""Every clause is found on for every request, as the model of the language finds."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from narrowgate.adjudication import findings
from narrowgate.adjudication.judges import Judge, in_session
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import evaluate
from narrowgate.engine.session import open_session
from narrowgate.errors import Fault
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads
from tests.adjudication.deriving import a_batch, a_request, another, derived
from tests.agreement.flagship import agreement

STRICT = basis(agreement(), None, on=date(2025, 6, 30))
NOTHING = dataclasses.replace(STRICT, clauses=())
SOME = (
    a_request(),
    a_request(**another(2), reason="The landlord says that she moved away in May.", street="Failed to Provide"),
    a_request(
        **another(3), reason="A letter came back with a new address abroad.", order_final_on=None, relief_pending=None
    ),
    a_request(
        **another(4),
        reason="Two neighbours name different streets for her.",
        engaged_officers=None,
        tax_periods=None,
        statute=None,
    ),
    a_request(
        **another(5),
        reason="Her brother was served at an older address early.",
        statute="8 USC 1326(a)",
        order_ground="1182(a)(6)",
        matter_kind=None,
    ),
    dict.fromkeys(a_request(), None) | {"layout_errors": 25},
)
FOUND = {
    "match_outcome": "match", "person_id": "P-1", "match_rule": "E1", "one_person": True, "agreeing_identifiers": 3,
    "address_confirmed": True, "address_current": True, "impairment": False, "identity_theft": False,
    "deceased": False, "last_known_period": 2023, "last_known_period_stated": True, "last_known_kind": "own",
}  # fmt: skip
_UNLESS_FOUND = dict.fromkeys(FOUND) | {"match_outcome": "possible"}


def judged(
    folder: Path, *, under: Basis = STRICT, batch: BatchFacts | None = None, judge: Judge = in_session
) -> tuple[int, list[dict[str, Any]]]:
    """How many of `SOME` stand, and the findings on each."""
    derived(folder, SOME)
    out = folder / "findings_request.parquet"
    with open_session(directories=[folder], temp_directory=folder / "spill", threads=1) as session:
        stand = findings.judge_requests(
            session, facts=folder / "facts.parquet", batch=batch or a_batch(), basis=under, out=out, rows=len(SOME),
            judge=judge,
        )  # fmt: skip
    found = pq.read_table(out).to_pylist()
    assert [row.pop("row_no") for row in found] == list(range(len(SOME)))
    return stand, found


@pytest.mark.parametrize(
    "batch", [a_batch(), a_batch(stays_in_force=1), a_batch(official_agrees=None, safeguards_reviewed_on=None)]
)
def test_each_finding_is_what_the_model_of_the_language_comes_to(tmp_path: Path, batch: BatchFacts) -> None:
    _, found = judged(tmp_path, batch=batch)
    facts = pq.read_table(tmp_path / "facts.parquet").to_pylist()
    on_face = [one for one in STRICT.clauses if one.reads in (Reads.BATCH, Reads.REQUEST)]
    for row, of_request in zip(found, facts, strict=True):
        known = {**dataclasses.asdict(batch), **of_request}
        expected = {one.id: evaluate(one.expression, known, STRICT.parameters) for one in on_face}
        assert {name: row[name] for name in row if name != "stands"} == expected
        assert row["stands"] is all(truth is True for truth in expected.values())


def test_only_the_request_with_which_nothing_is_wrong_stands(tmp_path: Path) -> None:
    stand, found = judged(tmp_path)
    assert stand == 1
    assert [row["stands"] for row in found] == [True] + [False] * (len(SOME) - 1)
    assert found[2]["G09c"] is None
    assert found[2]["G09d"] is None


def test_a_defect_of_the_batch_lets_no_request_stand(tmp_path: Path) -> None:
    stand, found = judged(tmp_path, batch=a_batch(signature_verified=False))
    assert stand == 0
    assert not any(row["G03b"] or row["stands"] for row in found)
    assert found[0]["G05"] is True


def test_where_no_clause_binds_nothing_stands(tmp_path: Path) -> None:
    stand, found = judged(tmp_path, under=NOTHING)
    assert stand == 0
    assert found == [{"stands": False}] * len(SOME)


def test_a_request_missing_from_the_facts_is_a_fault(tmp_path: Path) -> None:
    derived(tmp_path, SOME)
    out = tmp_path / "findings_request.parquet"
    with (
        open_session(directories=[tmp_path], temp_directory=tmp_path / "spill") as session,
        pytest.raises(Fault, match="where 7 were received"),
    ):
        findings.judge_requests(
            session, facts=tmp_path / "facts.parquet", batch=a_batch(), basis=STRICT, out=out, rows=7
        )
    assert not out.exists()


def on_record(
    folder: Path, matched: list[dict[str, Any]], under: Basis = STRICT, judge: Judge = in_session
) -> list[dict[str, Any]]:
    """The findings on the records of `matched`."""
    derived(folder, SOME)
    schema = pa.schema(
        [
            ("row_no", pa.int64()),
            ("match_outcome", pa.string()),
            ("person_id", pa.string()),
            ("match_rule", pa.string()),
        ]
        + [("agreeing_identifiers", pa.int32()), ("last_known_period", pa.int32())]
        + [(name, pa.bool_()) for name, value in FOUND.items() if isinstance(value, bool)]
        + [("last_known_kind", pa.string())]
    )
    pq.write_table(pa.Table.from_pylist(matched, schema=schema), folder / "match.parquet")
    out = folder / "findings_record.parquet"
    with open_session(directories=[folder], temp_directory=folder / "spill", threads=1) as session:
        findings.judge_records(
            session,
            match=folder / "match.parquet",
            facts=folder / "facts.parquet",
            batch=a_batch(),
            basis=under,
            out=out,
            judge=judge,
        )
    found: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return found


def test_records_are_found_on_for_the_requests_that_were_matched_and_no_others(tmp_path: Path) -> None:
    found = on_record(tmp_path, [FOUND | {"row_no": 4, "impairment": True}, _UNLESS_FOUND | {"row_no": 0}])
    assert found == [
        {"row_no": 0, "G15": None, "G16": None, "G16t": None, "G16m": None, "G17a": None, "G17b": None},
        {"row_no": 4, "G15": True, "G16": True, "G16t": True, "G16m": True, "G17a": False, "G17b": True},
    ]


def test_without_clauses_on_the_record_there_is_still_a_row_for_each_match(tmp_path: Path) -> None:
    assert on_record(tmp_path, [FOUND | {"row_no": 0}], NOTHING) == [{"row_no": 0}]


def test_a_match_of_a_request_that_is_not_in_the_batch_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="1 rows"):
        on_record(tmp_path, [FOUND | {"row_no": 0}, FOUND | {"row_no": 99}])
