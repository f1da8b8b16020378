"""What is staged for the ledger: canonical payloads, commitments that open, and an order that tells nothing."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import rfc8785

from narrowgate.accounting.determinations import stage
from narrowgate.engine.session import open_session

UNDER = "0" * 64
RECORD = ("one_person", "match_outcome", "last_known_period")
ROWS = 3_000


def staged(folder: Path, *, looked_up: bool = True) -> list[dict[str, Any]]:
    """The staged entries of a run of `ROWS`, of every shape that a determination has."""
    determination, entries = folder / "determination.parquet", folder / "entries.parquet"
    texts, lists = pyarrow.string(), pyarrow.list_(pyarrow.string())
    shapes: list[dict[str, Any]] = [
        {"disposition": "disclose", "person_id": "p-1", "match_rule": "M1", "not_satisfied": [], "undetermined": []},
        {"disposition": "return", "person_id": None, "match_rule": None, "not_satisfied": ["G04", "G06"],
         "undetermined": []},
        {"disposition": "refer", "person_id": 'p-"2"', "match_rule": None, "not_satisfied": [],
         "undetermined": ["G16"]},
    ]  # fmt: skip
    table = pyarrow.Table.from_pylist(
        [{"row_no": number, "request_ref": f"R/{number}", **shapes[number % 3]} for number in range(ROWS)],
        schema=pyarrow.schema({
            "row_no": pyarrow.int64(), "request_ref": texts, "disposition": texts, "person_id": texts,
            "match_rule": texts, "not_satisfied": lists, "undetermined": lists,
        }),
    )  # fmt: skip
    pyarrow.parquet.write_table(table, determination)
    match = folder / "match.parquet"
    found = [
        {"row_no": number, "match_outcome": "match", "one_person": True, "last_known_period": None}
        for number in range(0, ROWS, 3)
    ]
    kinds = {"row_no": pyarrow.int64(), "match_outcome": texts, "one_person": pyarrow.bool_()}
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist(found, schema=pyarrow.schema({**kinds, "last_known_period": pyarrow.int32()})),
        match,
    )
    with open_session(directories=[folder], temp_directory=folder / "spill") as session:
        stage(
            session, determination=determination, match=match if looked_up else None, record=RECORD,
            kind="determination", batch="B-1",
            at=datetime(2026, 3, 2, 12, tzinfo=UTC), face=("G04",), under=UNDER, random=os.urandom, out=entries,
            rows=ROWS,
        )  # fmt: skip
    return pyarrow.parquet.read_table(entries).to_pylist()


def test_where_nobody_was_looked_up_the_record_is_missing_and_everything_else_is_said(tmp_path: Path) -> None:
    rows = staged(tmp_path, looked_up=False)
    assert sorted(row["row_no"] for row in rows) == list(range(ROWS))
    assert {json.loads(row["grounds"])["record"] for row in rows} == {None}
    assert {json.loads(row["entry"])["code"] for row in rows} == {"disclose", "return", "refer"}


def test_payload_grounds_and_entry_are_canonical_and_the_commitments_open(tmp_path: Path) -> None:
    for row in staged(tmp_path):
        payload, grounds, entry = (json.loads(row[name]) for name in ("payload", "grounds", "entry"))
        assert rfc8785.dumps(payload) == row["payload"].encode()
        assert rfc8785.dumps(grounds) == row["grounds"].encode()
        assert rfc8785.dumps(entry) == row["entry"]
        assert entry["commitment"] == hashlib.sha256(row["salt"] + row["payload"].encode()).hexdigest()
        assert payload["grounds"] == hashlib.sha256(row["grounds_salt"] + row["grounds"].encode()).hexdigest()
        assert entry["code"] == payload["disposition"]
        assert (payload["row_no"], payload["under"]) == (row["row_no"], UNDER)


def test_the_payload_says_no_more_than_the_requester_is_told(tmp_path: Path) -> None:
    for row in staged(tmp_path):
        payload, grounds = json.loads(row["payload"]), json.loads(row["grounds"])
        assert set(payload) == {"disposition", "grounds", "request_ref", "row_no", "told", "under"}
        assert payload["told"] == (["G04"] if payload["disposition"] == "return" else [])
        assert set(grounds) == {"match_rule", "not_satisfied", "person_id", "record", "undetermined"}


def test_the_grounds_have_what_the_record_said_of_those_who_were_looked_up(tmp_path: Path) -> None:
    for row in staged(tmp_path):
        record = json.loads(row["grounds"])["record"]
        expected = {"last_known_period": None, "match_outcome": "match", "one_person": True}
        assert record == (expected if row["row_no"] % 3 == 0 else None)


def test_entries_stand_in_the_order_of_their_salts_and_not_of_the_requests(tmp_path: Path) -> None:
    rows = staged(tmp_path)
    salts, numbers = [row["salt"] for row in rows], [row["row_no"] for row in rows]
    assert salts == sorted(salts)
    assert len(set(salts)) == len({row["grounds_salt"] for row in rows}) == ROWS
    assert not set(salts) & {row["grounds_salt"] for row in rows}
    assert sorted(numbers) == list(range(ROWS))
    assert numbers != sorted(numbers)
