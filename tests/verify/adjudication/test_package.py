"""A package that the gate refuses for what it says is none for an inspector either, and a sound one is read alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.intake import layout
from narrowgate.terms.batch import REQUEST_COLUMNS
from narrowgate_verify.adjudication.package import open_package
from narrowgate_verify.adjudication.request import read_request
from narrowgate_verify.adjudication.rows import read_rows
from narrowgate_verify.problems import DoesNotVerify

VECTORS = Path(__file__).parents[3] / "spec" / "vectors" / "package"
LISTED: list[dict[str, str]] = json.loads((VECTORS / "vectors.json").read_text())["vectors"]
OF_THE_GATE = {"dates-reversed", "created-ahead", "expired", "signer-expired"}
"""Refused at the moment of receiving, which is the gate's to know; the manifest was made in good time."""
OF_THE_ARCHIVE = {"with-comment", "bytes-before", "bzip2"}
"""Refused for how they are packed. What is in them is what was signed, and nothing else is read."""


def anchored(name: str) -> Any:
    return open_package(VECTORS / f"{name}.zip", anchors=VECTORS / "anchors.pem")


@pytest.mark.parametrize("name", [one["vector"] for one in LISTED if one["code"] == "received"])
def test_a_package_that_is_received_is_opened(name: str) -> None:
    package = anchored(name)
    assert len(package.requests) == package.manifest.rows_count


@pytest.mark.parametrize("name", sorted(OF_THE_GATE | OF_THE_ARCHIVE))
def test_what_only_a_gate_can_refuse_is_opened(name: str) -> None:
    assert anchored(name).requests


@pytest.mark.parametrize(
    "name",
    [one["vector"] for one in LISTED
        if one["code"] != "received" and one["vector"] not in OF_THE_GATE | OF_THE_ARCHIVE],
)  # fmt: skip
def test_a_package_that_is_refused_for_what_it_says_does_not_verify(name: str) -> None:
    with pytest.raises(DoesNotVerify):
        anchored(name)


def test_the_same_rows_are_the_same_requests_in_every_file() -> None:
    csv, parquet = anchored("good-csv"), anchored("good-parquet")
    assert csv.requests == parquet.requests


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('request_ref,city\r\nR-1,"a,""b"""\r\n', [{"request_ref": "R-1", "city": 'a,"b"'}]),
        ('request_ref,city\nR-1,"two\nlines"', [{"request_ref": "R-1", "city": "two\nlines"}]),
        ("request_ref,city\nR-1,\n", [{"request_ref": "R-1", "city": ""}]),
        ("\ufeffrequest_ref\nR-1\n", [{"request_ref": "R-1"}]),
    ],
)
def test_csv_is_read_as_rfc_4180_has_it(text: str, rows: list[dict[str, str]]) -> None:
    assert read_rows(text.encode(), "requests.csv") == rows


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_whatever_is_written_in_quotes_is_read_again(rows: list[list[str]]) -> None:
    lines = [["request_ref", "city"], *rows]
    text = "".join(",".join('"' + value.replace('"', '""') + '"' for value in line) + "\r\n" for line in lines)
    assert [list(row.values()) for row in read_rows(text.encode(), "requests.csv")] == rows
    objects = "".join(json.dumps(dict(zip(lines[0], row, strict=True))) + "\n" for row in rows)
    if rows:
        assert [list(row.values()) for row in read_rows(objects.encode(), "requests.jsonl")] == rows


VALUES = (
    "", " ", "\u00a0x\u2003", "2024-02-29", "2025-02-29", "0000-01-01", "2024-2-9", " 2024-01-01 ", "yes", "Yes", "no",
    "900-70-0001", "9007000012", "9--00700001", "WA", "W1", "98103-1234", "981031234", "2023;2024", "2023; 2024",
    "O-1;O-2", "O-1; O-2", "investigation", "Investigation", "mailing_address", "Mailing", "a\x07b", "a\u202eb", "\x7f",
    "R-1", "٣٤", "ab", "a\tb",
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(VALUES), min_size=len(REQUEST_COLUMNS), max_size=len(REQUEST_COLUMNS)),
        min_size=1,
        max_size=20,
    )
)
def test_values_are_read_as_intake_reads_them(rows: list[list[str]]) -> None:
    written = [dict(zip(REQUEST_COLUMNS, row, strict=True)) for row in rows]
    values = ", ".join(f"{layout.value(column)} AS {column}" for column in REQUEST_COLUMNS)
    with duckdb.connect() as session:
        session.register("written", pyarrow.Table.from_pylist([{"row_no": n, **row} for n, row in enumerate(written)]))
        gate = session.execute(
            f"SELECT {values}, {layout.errors()} FROM ({layout.stripped('written')}) ORDER BY row_no"
        ).fetchall()
    mine = [read_request(number, row) for number, row in enumerate(written)]
    assert [(*(one.values[name] for name in REQUEST_COLUMNS), one.layout_errors) for one in mine] == gate
