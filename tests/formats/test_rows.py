"""Rows are read as their three forms say and no more kindly: what is unsound is named, nothing is guessed."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from narrowgate.encrypted import no_keys
from narrowgate.engine.session import open_session
from narrowgate.formats import csv_scan
from narrowgate.formats.codes import Halt
from narrowgate.formats.limits import Limits
from narrowgate.formats.rows import TextRows, read_rows
from narrowgate.terms.batch import REQUEST_COLUMNS
from narrowgate.terms.refusal import Refusal

SMALL = Limits(field=20)
HEADER = b"request_ref,tin,reason\n"


@dataclass
class Reader:
    folder: Path
    session: duckdb.DuckDBPyConnection

    def read(self, name: str, content: bytes, limits: Limits = Limits()) -> TextRows | Refusal:  # noqa: B008
        path = self.folder / name
        path.write_bytes(content)
        return read_rows(self.session, path, folder=self.folder, limits=limits, key_for=no_keys)

    def rows(self, name: str, content: bytes, *columns: str) -> list[tuple[Any, ...]]:
        read = self.read(name, content)
        assert isinstance(read, TextRows), read
        listed = ", ".join(columns or ("request_ref", "tin", "reason"))
        found = self.session.execute(f"SELECT {listed} FROM {read.view} ORDER BY row_no").fetchall()
        assert read.count == len(found)
        return found


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("rows")
    return Reader(folder, open_session(directories=[folder], temp_directory=folder / "spill"))


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"1,2,3\n", [("1", "2", "3")]),
        (b"1,2,3", [("1", "2", "3")]),
        (b"1,2,", [("1", "2", None)]),
        (b'1,"",""\n', [("1", None, None)]),
        (b'1,"""x""",3\n', [("1", '"x"', "3")]),
        (b'1,"""",""""""\n', [("1", '"', '""')]),
        (b'1,"a,b","c\nd"\n2,"\n\n",3\n', [("1", "a,b", "c\nd"), ("2", "\n\n", "3")]),
        (b"#1,2,3\n", [("#1", "2", "3")]),
        (b"1,NULL,null\n", [("1", "NULL", "null")]),
        (b"1, 2 ,\t3\n", [("1", " 2 ", "\t3")]),
        (b"007,1e3,2024-01-01\n", [("007", "1e3", "2024-01-01")]),
        ("1,é,李\n".encode(), [("1", "é", "李")]),
    ],
)
def test_csv_is_read_as_it_is_written(body: bytes, rows: list[tuple[str | None, ...]], reader: Reader) -> None:
    assert reader.rows("x.csv", HEADER + body) == rows


def test_csv_may_have_a_byte_order_mark_and_windows_line_ends(reader: Reader) -> None:
    content = b"\xef\xbb\xbf" + (HEADER + b'1,2,3\n4,"5\n5","6\r6"').replace(b"\n", b"\r\n")
    assert reader.rows("x.csv", content) == [("1", "2", "3"), ("4", "5\r\n5", "6\r6")]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'1,a"b,3\n', "row 1, column `tin`: a quote mark inside a value that is not quoted"),
        (b'1,a""b,3\n', "row 1, column `tin`: a quote mark inside a value that is not quoted"),
        (b'1, "a",3\n', "row 1, column `tin`: a quote mark inside a value that is not quoted"),
        (b'1,"a"b,3\n', "row 1, column `tin`: text after the closing quote mark"),
        (b'1,"a" ,3\n', "row 1, column `tin`: text after the closing quote mark"),
        (b'1,""a,3\n', "row 1, column `tin`: text after the closing quote mark"),
        (b'1,"a\\"b",3\n', "row 1, column `tin`: text after the closing quote mark"),
        (b'1,2,3\n1,"a,3\n4,5,6\n', "row 2, column `tin`: a quote mark is opened and never closed"),
        (b"1,2\n", "row 1 has 2 of the 3 values that the header names"),
        (b"1,2,3,\n", "row 1 has more than the 3 values that the header names"),
        (b"1,2,3\n\n4,5,6\n", "row 2 is a blank line"),
        (b"1,2,3\n\n", "row 2 is a blank line"),
        (b"1,2,3\n1,a\x00b,3\n", "row 2, column `tin`: the value holds a NUL"),
        (b"1,\xe9,3\n", "row 1, column `tin`: the value `é` is not UTF-8"),
        (b"1,\xed\xa0\x80,3\n", "row 1, column `tin`"),
        (b"1,\xc0\x80,3\n", "row 1, column `tin`"),
        (b"1,a\rb,3\n", "row 1, column `tin`: the line ends otherwise"),
        (b"1,2,3\r\n", "row 1, column `reason`: the line ends otherwise"),
        (b"1,2,3\r4,5,6\r", "row 1, column `reason`: the line ends otherwise"),
    ],
)
def test_csv_that_is_unsound_is_refused_by_row_and_column(body: bytes, message: str, reader: Reader) -> None:
    found = reader.read("x.csv", HEADER + body)
    assert isinstance(found, Refusal)
    assert found.code == "rows_unreadable"
    assert message in found.message


def test_windows_line_ends_throughout_or_nowhere(reader: Reader) -> None:
    found = reader.read("x.csv", b"request_ref,tin\r\n1,2\r\n3,4\n")
    assert isinstance(found, Refusal)
    assert "row 2, column `tin`: the line ends otherwise" in found.message


@pytest.mark.parametrize(("size", "code"), [(SMALL.field, None), (SMALL.field + 1, "field_too_large")])
@pytest.mark.parametrize("form", ["csv", "quoted", "jsonl", "parquet"])
def test_the_longest_value_is_just_allowed(form: str, size: int, code: str | None, reader: Reader) -> None:
    value = "é" * (size // 2) + "x" * (size % 2)  # bytes are counted, not letters
    rows: list[dict[str, str | None]] = [
        {"request_ref": "R-1", "tin": None},
        {"request_ref": "R-2", "tin": value},
    ]
    content = {
        "csv": f"request_ref,tin\nR-1,\nR-2,{value}\n".encode(),
        "quoted": f'request_ref,tin\nR-1,\nR-2,"{value}"\n'.encode(),
        "jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode(),
        "parquet": parquet({"request_ref": ["R-1", "R-2"], "tin": [None, value]}),
    }[form]
    name = "x." + {"quoted": "csv"}.get(form, form)
    found = reader.read(name, content, limits=SMALL)
    if code is None:
        assert isinstance(found, TextRows), found
    else:
        assert isinstance(found, Refusal)
        assert (found.code, found.message) == (code, "row 2, column `tin`: the value is over 20 bytes")


def parquet(columns: dict[str, object]) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def test_parquet_columns_may_be_missing_throughout(reader: Reader) -> None:
    content = parquet({"request_ref": ["R-1", "R-2"], "tin": pa.nulls(2)})
    assert reader.rows("x.parquet", content, "row_no", "request_ref", "tin", "zip") == [
        (0, "R-1", None, None),
        (1, "R-2", None, None),
    ]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([1]), "BIGINT"),
        (pa.array([1.5]), "DOUBLE"),
        (pa.array([True]), "BOOLEAN"),
        (pa.array([["a"]]), "VARCHAR[]"),
        (pa.array([b"a"]), "BLOB"),
        (pa.array([0], pa.date32()), "DATE"),
        (pa.array([0], pa.timestamp("us")), "TIMESTAMP"),
    ],
)
def test_parquet_that_is_not_text_is_refused_with_its_type(column: pa.Array, kind: str, reader: Reader) -> None:
    found = reader.read("x.parquet", parquet({"request_ref": ["R-1"], "tin": column}))
    assert isinstance(found, Refusal)
    assert (found.code, found.message) == ("rows_types", f"column `tin` of `x.parquet` is {kind}, not text")


def test_parquet_text_that_is_not_utf_8_is_refused(reader: Reader) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\x00\x00\x00\x00\x01\x00\x00\x00"), pa.py_buffer(b"\xe9")]
    )
    found = reader.read("x.parquet", parquet({"request_ref": ["R-1"], "tin": broken}))
    assert isinstance(found, Refusal)
    assert found.code == "rows_unreadable"
    assert "UTF8" in found.message
    assert str(reader.folder) not in found.message


def test_damaged_parquet_is_read_or_refused_and_never_half_read(reader: Reader) -> None:
    whole = parquet({"request_ref": [f"R-{number}" for number in range(300)], "tin": ["123456789"] * 300})
    chance = random.Random(6103)
    outcomes = set()
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3, 20])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        found = reader.read("x.parquet", bytes(damaged))
        outcomes.add(type(found))
        if isinstance(found, TextRows):
            ((count,),) = reader.session.execute(f"SELECT count(request_ref || '') FROM {found.view}").fetchall()
            assert count <= found.count
        else:
            assert found.code.startswith("rows_")
    assert outcomes == {TextRows, Refusal}


@pytest.mark.parametrize("name", ["tin_1", "file_row_number", "TIN", "Request_Ref", ""])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_column_is_known_by_its_very_name(form: str, name: str, reader: Reader) -> None:
    # DuckDB gives Parquet columns whose names it cannot keep apart names of its own, which are unknown too
    shown = {"Request_Ref": "Request_Ref_1", "": "C1"}.get(name, name) if form == "parquet" else name
    content = {
        "csv": f"request_ref,{name}\nR-1,\n".encode(),
        "jsonl": json.dumps({"request_ref": "R-1", name: ""}).encode(),
        "parquet": parquet({"request_ref": ["R-1"], name: ["x"]}),
    }[form]
    found = reader.read(f"x.{form}", content)
    assert isinstance(found, Refusal)
    assert found.code == "rows_columns"
    assert f"`{shown}`" in found.message


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (b"[]", "rows_unreadable", "row 2 is not a JSON object"),
        (
            b'{"request_ref":"1"}{"request_ref":"2"}',
            "rows_unreadable",
            "row 2 is not a JSON object on one line",
        ),
        (b"", "rows_unreadable", "row 2 is not a JSON object on one line"),
        (b'{"request_ref":"1",}', "rows_unreadable", "row 2"),
        (b'\xef\xbb\xbf{"request_ref":"1"}', "rows_unreadable", "row 2"),
        (b'{"request_ref":"\xe9"}', "rows_unreadable", "row 2 is not UTF-8 at byte 17"),
        (b'{"request_ref":"\\ud800"}', "rows_unreadable", "half of a surrogate pair"),
        (b'{"request_ref":"\\u0000"}', "rows_unreadable", "the value holds a NUL"),
        (b'{"request_ref":NaN}', "rows_types", "row 2, column `request_ref` is `NaN`"),
        (b'{"request_ref":true}', "rows_types", "row 2, column `request_ref` is `true`"),
        (b'{"request_ref":{"a":1}}', "rows_types", "row 2, column `request_ref`"),
        (
            b'{"request_ref":"1","request_ref":"2"}',
            "rows_columns",
            "row 2 has the column `request_ref` twice",
        ),
        (b"[" * 100_000, "rows_unreadable", "row 2"),
    ],
)
def test_json_lines_that_are_unsound_are_refused_by_row(line: bytes, code: str, message: str, reader: Reader) -> None:
    found = reader.read("x.jsonl", b'{"request_ref":"R-1"}\n' + line + b"\n")
    assert isinstance(found, Refusal)
    assert found.code == code
    assert message in found.message


def test_json_lines_keep_what_is_escaped(reader: Reader) -> None:
    first = b'{"request_ref":"R-1","tin":"\\u00e9 \\ud83d\\ude00 \\" \\\\ \\n","reason":null}'
    content = first + b'\n{"request_ref":"null"}'
    assert reader.rows("x.jsonl", content) == [("R-1", 'é 😀 " \\ \n', None), ("null", None, None)]


def test_any_other_kind_of_file_is_refused(reader: Reader) -> None:
    found = reader.read("x.xlsx", b"")
    assert isinstance(found, Refusal)
    assert "`x.xlsx` is neither" in found.message


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
VALUE = st.one_of(TEXT, st.text('",\r\n x', max_size=6))
BYTES = [b'"', b",", b"\n", b"\r", b"\r\n", b"a", b"\xc3\xa9", b'""', b"\x00", b"\xe9"]
TABLE = st.lists(st.tuples(VALUE, VALUE, VALUE), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLE, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_pythons_csv_writes_is_read_back(
    reader: Reader, table: list[tuple[str, ...]], line_end: str, quoting: int
) -> None:
    # left to itself it writes a lone line end unquoted if it is not the one in use
    bare = quoting == csv.QUOTE_MINIMAL and any("\r" in value or "\n" in value for row in table for value in row)
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator=line_end, quoting=csv.QUOTE_ALL if bare else quoting)  # type: ignore[arg-type]
    writer.writerows([("request_ref", "tin", "reason"), *table])
    expected = [tuple(value or None for value in row) for row in table]
    assert reader.rows("x.csv", target.getvalue().encode()) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"a", b"\xc3\xa9", b'""', b"\x00", b"\xe9"]),
        max_size=14,
    ),
    st.sampled_from([b"\n", b"\r\n"]),
)
@example([b",", b"\n", b'""'], b"\n")  # a last record of one empty value in quotes, without its line end
def test_the_quick_look_passes_only_what_the_walk_passes(pieces: list[bytes], line_end: bytes) -> None:
    block = b"".join(pieces)
    if not block:
        return
    columns = ("request_ref", "tin")
    quickly = csv_scan._quickly(block, len(columns), line_end)
    try:
        walked = csv_scan._walk(block, columns, line_end, 0, Limits())
    except Halt:
        assert quickly is None
    else:
        assert quickly is None or quickly.count == walked.count


def test_records_are_found_across_blocks(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"R-{number}", "x" * (number % 19), 'a\n"b",c' * (number % 3)) for number in range(200)]
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows([("request_ref", "tin", "reason"), *rows])
    expected = [tuple(value or None for value in row) for row in rows]
    for block in (32, 61, 512):
        monkeypatch.setattr(csv_scan, "BLOCK", block)
        assert reader.rows("x.csv", target.getvalue().encode()) == expected


def test_the_view_has_every_column_of_a_request(reader: Reader) -> None:
    reader.rows("x.csv", b"zip,request_ref\n98103,R-1\n")
    described = reader.session.execute("SELECT * FROM (DESCRIBE request_text)").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("row_no", "BIGINT"),
        *((column, "VARCHAR") for column in REQUEST_COLUMNS),
    ]
