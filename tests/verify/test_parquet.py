"""Parquet that others write is read alike; whatever does not add up is a finding, and never another error."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate_verify.parquet import read_texts
from narrowgate_verify.parquet.compression import unpacked
from narrowgate_verify.problems import DoesNotVerify, WrongUse

CODECS = ("none", "snappy", "gzip", "zstd", "lz4")
ENCODINGS = ("PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", None)
TEXTS = pyarrow.string()

values = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["MIAMI", "8 USC 1253(a)(1)(A)", "x" * 300]))
tables = st.lists(st.tuples(values, values, st.text(max_size=5)), max_size=60)
how = st.fixed_dictionaries(
    {
        "compression": st.sampled_from(CODECS),
        "encoding": st.sampled_from(ENCODINGS),
        "data_page_version": st.sampled_from(["1.0", "2.0"]),
        "data_page_size": st.sampled_from([1, 64, 1 << 20]),
        "write_batch_size": st.sampled_from([1, 7, 1024]),
        "row_group_size": st.sampled_from([1, 9, 1 << 20]),
    }
)


def a_table(rows: list[tuple[str | None, str | None, str]]) -> pyarrow.Table:
    """Two columns that may lack a value, one that may not, and one of nothing but missing values."""
    first, second, third = zip(*rows, strict=True) if rows else ((), (), ())
    schema = pyarrow.schema([("a", TEXTS), ("b", TEXTS), pyarrow.field("c", TEXTS, nullable=False),
                             ("d", pyarrow.null())])  # fmt: skip
    return pyarrow.table([first, second, third, [None] * len(rows)], schema=schema)


def written(table: pyarrow.Table, *, encoding: str | None = None, **options: Any) -> bytes:
    """`table` as pyarrow writes it; by a dictionary, unless an `encoding` is named."""
    file = io.BytesIO()
    texts = {name: encoding for name in table.column_names if table.schema.field(name).type == TEXTS}
    by = {"use_dictionary": True} if encoding is None else {"use_dictionary": False, "column_encoding": texts}
    pyarrow.parquet.write_table(table, file, **by, **options)
    return file.getvalue()


@given(tables, how)
@settings(max_examples=300, deadline=None)
def test_what_is_written_in_any_common_way_is_read_as_it_was(
    rows: list[tuple[str | None, str | None, str]], options: dict[str, Any]
) -> None:
    table = a_table(rows)
    assert read_texts(written(table, **options)) == (table.column_names, table.to_pylist())


@pytest.mark.parametrize("version", ["V1", "V2"])
@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "zstd", "lz4_raw"])
def test_what_the_engine_writes_is_read_as_it_was(tmp_path: Path, version: str, codec: str) -> None:
    file = tmp_path / "rows.parquet"
    query = (
        "SELECT 'R-' || range AS request_ref, if(range % 7 = 0, NULL, 'city ' || range % 30) AS city, "
        "repeat('reason ', CAST(range % 90 AS INTEGER)) AS reason FROM range(5000)"
    )
    with duckdb.connect() as session:
        session.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet, CODEC '{codec}', PARQUET_VERSION {version})")
        expected = session.sql(query).to_arrow_table().to_pylist()
    assert read_texts(file.read_bytes()) == (["request_ref", "city", "reason"], expected)


SOUND = [
    written(a_table([("one", None, "x"), (None, "two", "y"), ("one", "three", "z")] * 5), compression=codec,
            encoding=encoding, data_page_version=version)
    for codec in ("none", "snappy", "gzip", "lz4") for encoding in ENCODINGS for version in ("1.0", "2.0")
]  # fmt: skip


@given(st.sampled_from(SOUND), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6))
@settings(max_examples=2000, deadline=None)
def test_spoilt_bytes_are_a_finding_and_no_other_error(sound: bytes, changes: list[tuple[float, int]]) -> None:
    spoilt = bytearray(sound)
    for place, byte in changes:
        spoilt[int(place * len(spoilt))] = byte
    try:
        names, rows = read_texts(bytes(spoilt))
    except (DoesNotVerify, WrongUse):
        return
    assert all(set(row) == set(names) for row in rows)


@given(st.sampled_from(SOUND), st.floats(0, 1, exclude_max=True))
def test_a_file_that_is_cut_off_is_a_finding(sound: bytes, place: float) -> None:
    with pytest.raises(DoesNotVerify):
        read_texts(sound[: int(place * len(sound))])


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pyarrow.array([1]), "its column `a` is not text"),
        (pyarrow.array([b"bytes"]), "its column `a` is not text"),
        (pyarrow.array([["x", "y"]]), "its columns are nested"),
        (pyarrow.array([{"x": "y"}]), "its columns are nested"),
    ],
)
def test_a_column_that_is_not_text_is_named(column: pyarrow.Array, words: str) -> None:
    with pytest.raises(DoesNotVerify, match=words):
        read_texts(written(pyarrow.table({"a": column})))


def test_a_codec_that_cannot_be_unpacked_here_is_named() -> None:
    with pytest.raises(WrongUse, match="packed with Brotli"):
        read_texts(written(a_table([("a", "b", "c")]), compression="brotli"))


def test_without_the_program_for_zstd_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(a_table([("a", "b", "c")]), compression="zstd")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(WrongUse, match="install the program `zstd`"):
        read_texts(content)


@pytest.mark.parametrize("codec", [1, 2, 6, 7])
def test_a_page_never_becomes_larger_than_it_says(codec: int) -> None:
    names = {1: "snappy", 2: "gzip", 6: "zstd", 7: "lz4_raw"}
    packed = pyarrow.Codec(names[codec]).compress(bytes(1 << 20), asbytes=True)
    assert unpacked(packed, codec, 1 << 20) == bytes(1 << 20)
    for size in (0, 1000, (1 << 20) - 1, (1 << 20) + 1):
        with pytest.raises(DoesNotVerify):
            unpacked(packed, codec, size)
