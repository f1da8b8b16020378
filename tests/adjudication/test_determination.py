"""A request is disclosed only if every clause is satisfied; a ten-line model says what else may become of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.adjudication import determination
from narrowgate.agreement.in_force import basis
from narrowgate.engine.session import open_session
from narrowgate.errors import Fault
from narrowgate.terms.agreement import Clause
from narrowgate.terms.expression import Compare, Constant, FactName
from narrowgate.terms.fact import Reads
from tests.agreement.flagship import agreement

Findings = dict[str, bool | None]
TRUTHS = (True, False, None)
_BASIS = basis(agreement(), None, on=date(2025, 6, 30))
_LIKE = _BASIS.clauses[0]


def clause(id_: str, reads: Reads, *, face: bool = False, stay: bool = False) -> Clause:
    fact = "stays_in_force" if stay else "layout_errors"
    return replace(_LIKE, id=id_, reads=reads, face=face, expression=Compare(FactName(fact), "=", Constant(0)))


STAY = clause("S", Reads.BATCH, stay=True)
BATCH_BAR = clause("B", Reads.BATCH)
BATCH_FACE = clause("BF", Reads.BATCH, face=True)
REQUEST_FACE = clause("RF", Reads.REQUEST, face=True)
RECORD = clause("R1", Reads.RECORD)
RECORD_TOO = clause("R2", Reads.RECORD)
EVERY = (STAY, BATCH_BAR, BATCH_FACE, REQUEST_FACE, RECORD, RECORD_TOO)


def by_the_rules(clauses: Sequence[Clause], found: Findings) -> str:
    """What becomes of a request with these findings: the rule, as plainly as it can be said."""
    if any(found[one.id] is not True for one in clauses if one is STAY):
        return "hold"
    if any(found[one.id] is not True for one in clauses if one.face):
        return "return"
    if any(found[one.id] is False for one in clauses):
        return "deny"
    if not clauses or any(found[one.id] is None for one in clauses):
        return "refer"
    return "disclose"


@dataclass(frozen=True)
class Determined:
    rows: list[dict[str, Any]]
    by_clause: dict[str, dict[str, int]]
    dispositions: dict[str, int]
    digest: str


def stands(clauses: Sequence[Clause], found: Findings) -> bool:
    before = [one for one in clauses if one.reads is not Reads.RECORD]
    return bool(before) and all(found[one.id] is True for one in before)


def determined(
    folder: Path, clauses: Sequence[Clause], batch: Sequence[Findings], *, rows: int | None = None
) -> Determined:
    """Determine a batch of requests by their findings; those that stand have a record, P-<row>."""
    numbered = list(enumerate(batch))
    standing = [(row, found) for row, found in numbered if stands(clauses, found)]
    before = [one for one in clauses if one.reads is not Reads.RECORD]
    after = [one for one in clauses if one.reads is Reads.RECORD]

    def file(name: str, content: list[dict[str, Any]], columns: dict[str, pa.DataType]) -> Path:
        schema = pa.schema([("row_no", pa.int64()), *columns.items()])
        pq.write_table(pa.Table.from_pylist(content, schema=schema), folder / name)
        return folder / name

    request = file(
        "request", [{"row_no": row, "request_ref": f"R-{row}"} for row, _ in numbered], {"request_ref": pa.string()}
    )
    on_request = file(
        "findings_request", [{"row_no": row, **found} for row, found in numbered], {c.id: pa.bool_() for c in before}
    )
    on_record = file(
        "findings_record", [{"row_no": row, **found} for row, found in standing], {c.id: pa.bool_() for c in after}
    )
    match = file(
        "match",
        [{"row_no": row, "person_id": f"P-{row}", "match_rule": "E1"} for row, _ in standing],
        {"person_id": pa.string(), "match_rule": pa.string()},
    )
    out = folder / "determination.parquet"
    with open_session(directories=[folder], temp_directory=folder / "spill", threads=1) as session:
        determination.determine(
            session,
            request=request,
            findings_request=on_request,
            findings_record=on_record if standing else None,
            match=match if standing else None,
            basis=replace(_BASIS, clauses=tuple(clauses)),
            out=out,
            rows=len(batch) if rows is None else rows,
        )
        return Determined(
            pq.read_table(out).to_pylist(),
            determination.by_clause(session, out),
            determination.dispositions(session, out),
            determination.determination_digest(session, out),
        )


def as_known(clauses: Sequence[Clause], found: Findings) -> Findings:
    """The findings that there can be: without a record nothing is found on one."""
    known = stands(clauses, found)
    return {one.id: found[one.id] if known or one.reads is not Reads.RECORD else None for one in clauses}


def check(clauses: Sequence[Clause], batch: Sequence[Findings], result: Determined) -> None:
    assert [row["row_no"] for row in result.rows] == list(range(len(batch)))
    for found, row in zip(batch, result.rows, strict=True):
        known = as_known(clauses, found)
        assert row["disposition"] == by_the_rules(clauses, known)
        assert (row["disposition"] == "disclose") is (bool(clauses) and all(truth is True for truth in known.values()))
        assert row["not_satisfied"] == [one for one, truth in known.items() if truth is False]
        assert row["undetermined"] == [one for one, truth in known.items() if truth is None]
        assert row["person_id"] == (f"P-{row['row_no']}" if stands(clauses, found) else None)


def test_every_combination_of_findings_comes_to_what_the_rules_say(tmp_path: Path) -> None:
    names = [one.id for one in EVERY]
    batch = [dict(zip(names, truths, strict=True)) for truths in itertools.product(TRUTHS, repeat=len(EVERY))]
    result = determined(tmp_path, EVERY, batch)
    check(EVERY, batch, result)
    assert result.dispositions["disclose"] == 1
    assert list(result.dispositions) == ["disclose", "return", "deny", "refer", "hold"]


_CLAUSES = st.lists(st.sampled_from(EVERY), unique_by=lambda one: one.id, max_size=len(EVERY))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_CLAUSES, st.data())
def test_only_a_request_with_every_clause_satisfied_is_disclosed(
    tmp_path: Path, clauses: list[Clause], data: st.DataObject
) -> None:
    findings = st.fixed_dictionaries({one.id: st.sampled_from((True, True, True, False, None)) for one in clauses})
    batch: list[Findings] = data.draw(st.lists(findings, max_size=8))
    check(clauses, batch, determined(tmp_path, clauses, batch))


def test_where_no_clause_binds_nothing_is_disclosed(tmp_path: Path) -> None:
    assert [row["disposition"] for row in determined(tmp_path, (), [{}, {}]).rows] == ["refer", "refer"]


def test_clauses_on_records_alone_disclose_nothing_because_nothing_stands(tmp_path: Path) -> None:
    assert determined(tmp_path, (RECORD,), [{"R1": True}]).dispositions == {"refer": 1}


def test_clauses_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    found = [{"RF": truth, "R1": True} for truth in (True, False, False, None)]
    counted = determined(tmp_path, (REQUEST_FACE, RECORD), found).by_clause
    assert counted == {
        "R1": {"not_satisfied": 0, "undetermined": 3},
        "RF": {"not_satisfied": 2, "undetermined": 1},
    }


def test_a_request_without_a_determination_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"1 rows .* where 2 were received"):
        determined(tmp_path, (REQUEST_FACE,), [{"RF": True}], rows=2)
    assert not (tmp_path / "determination.parquet").exists()


DIGESTED = [
    {"row_no": 0, "request_ref": "R-0", "disposition": "disclose", "person_id": "P-0", "match_rule": "E1",
     "not_satisfied": [], "undetermined": []},
    {"row_no": 1, "request_ref": "R-1", "disposition": "deny", "person_id": None, "match_rule": None,
     "not_satisfied": ["G16"], "undetermined": ["G15", "G17a"]},
]  # fmt: skip


def digest(folder: Path, rows: list[dict[str, Any]], **options: Any) -> str:
    schema = pa.schema(
        [("row_no", pa.int64())]
        + [(name, pa.string()) for name in ("request_ref", "disposition", "person_id", "match_rule")]
        + [(name, pa.list_(pa.string())) for name in ("not_satisfied", "undetermined")]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "determination.parquet", **options)
    return determination.determination_digest(duckdb.connect(), folder / "determination.parquet")


def test_the_digest_is_of_the_determinations_and_not_of_the_file(tmp_path: Path) -> None:
    plain = digest(tmp_path, DIGESTED)
    assert len(plain) == 64
    assert digest(tmp_path, DIGESTED[::-1], compression="gzip", row_group_size=1, use_dictionary=False) == plain


@pytest.mark.parametrize(
    "change",
    [
        {"request_ref": "R-2"}, {"disposition": "refer"}, {"person_id": "P-1"}, {"match_rule": ""},
        {"not_satisfied": []}, {"undetermined": ["G15", "G17a", "G16"]},
        {"not_satisfied": ["G16", "G15"], "undetermined": ["G17a"]},
    ],
)  # fmt: skip
def test_whatever_changes_in_a_determination_changes_the_digest(tmp_path: Path, change: dict[str, Any]) -> None:
    assert digest(tmp_path, [DIGESTED[0], DIGESTED[1] | change]) != digest(tmp_path, DIGESTED)


def test_a_determination_left_out_changes_the_digest(tmp_path: Path) -> None:
    assert digest(tmp_path, DIGESTED[:1]) != digest(tmp_path, DIGESTED)
    assert digest(tmp_path, []) != digest(tmp_path, DIGESTED[:1])


def test_the_digest_of_a_batch_larger_than_a_chunk_is_in_the_order_of_the_batch(tmp_path: Path) -> None:
    many = [DIGESTED[1] | {"row_no": row, "request_ref": f"R-{row}"} for row in range(determination.ROWS_AT_ONCE + 9)]
    swapped = [*many[:-2], many[-2] | {"row_no": many[-1]["row_no"]}, many[-1] | {"row_no": many[-2]["row_no"]}]
    assert digest(tmp_path, many) == digest(tmp_path, many[::-1])
    assert digest(tmp_path, many) != digest(tmp_path, swapped)
