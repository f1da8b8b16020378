"""Read the rows of a batch, in any of the three forms, into one view of text columns (`spec/requests.md`).

Rules:
 * Every known column is there, absent ones as missing; an unknown column, or one twice, is refused by name.
 * Everything is text as the requester wrote it. No type, date form or encoding is guessed.
 * `row_no` counts from 0 in the order of the file. What a person reads counts from 1.
 * CSV and JSON Lines are checked strictly first and counted; the engine must then count the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.encrypted import KeyFor, beside, clear_name, url
from narrowgate.errors import Fault
from narrowgate.formats.codes import Code, Halt, answering
from narrowgate.formats.columns import check_columns
from narrowgate.formats.csv_scan import Scanned, longest_record, scan_csv
from narrowgate.formats.json_lines import scan_json_lines
from narrowgate.formats.limits import Limits
from narrowgate.terms.batch import REQUEST_COLUMNS

PARSED_VIEW, FILE_VIEW, TEXT_VIEW = "request_parsed", "request_file", "request_text"
LINE_ENDS = {
    "\n": duckdb.CSVLineTerminator.LINE_FEED,
    "\r\n": duckdb.CSVLineTerminator.CARRIAGE_RETURN_LINE_FEED,
}
UNREADABLE = (duckdb.Error, RuntimeError)
"""What comes of a file that is broken; the second of a column name that is not UTF-8."""
MISSING_TYPE = '"NULL"'
"""What a Parquet column in which every value is missing may have for a type."""


@dataclass(frozen=True)
class TextRows:
    """The rows as text: a temporary view with `row_no` BIGINT and every column of a request, VARCHAR."""

    view: str
    columns: tuple[str, ...]
    count: int


@answering
def read_rows(
    session: duckdb.DuckDBPyConnection, path: Path, *, folder: Path, limits: Limits, key_for: KeyFor
) -> TextRows:
    """The rows file at `path` as text rows, or why it is refused.

    `folder` takes a working copy if one is needed, encrypted if the file is. The view reads the file or the copy: both
    must stay. `key_for` knows the key of the file if it is encrypted, and so does the session.
    """
    readers = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}
    name = clear_name(path)
    suffix = Path(name).suffix
    if suffix not in readers:
        raise Halt(Code.ROWS_UNREADABLE, f"`{name}` is neither `.csv`, `.jsonl` nor `.parquet`")
    columns, count = readers[suffix](session, path, folder / beside(path, "rows.landed"), limits, key_for)
    _view(session, columns)
    _check_values(session, path, columns, count, limits)
    return TextRows(TEXT_VIEW, columns, count)


def _csv(
    session: duckdb.DuckDBPyConnection, path: Path, landed: Path, limits: Limits, key_for: KeyFor
) -> tuple[tuple[str, ...], int]:
    scanned = scan_csv(path, limits=limits, key_for=key_for)
    relation = session.read_csv(
        url(path),
        header=True,
        delimiter=",",
        quotechar='"',
        escapechar='"',
        lineterminator=LINE_ENDS[scanned.line_end],
        auto_detect=False,
        strict_mode=False,  # with it, DuckDB 2.0.0 reads no row of a CRLF file, and says nothing
        parallel=not scanned.breaks_in_values,
        max_line_size=longest_record(limits),
        columns=dict.fromkeys(scanned.columns, "VARCHAR"),
    )
    return _land(session, relation, scanned, landed)


def _json_lines(
    session: duckdb.DuckDBPyConnection, path: Path, landed: Path, limits: Limits, key_for: KeyFor
) -> tuple[tuple[str, ...], int]:
    scanned = scan_json_lines(path, limits=limits, key_for=key_for)
    relation = session.read_json(
        url(path),
        format="newline_delimited",
        columns=dict.fromkeys(scanned.columns, "VARCHAR"),
        maximum_object_size=longest_record(limits),
    )
    return _land(session, relation, scanned, landed)


def _land(
    session: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, scanned: Scanned, landed: Path
) -> tuple[tuple[str, ...], int]:
    """Write text rows as Parquet, which keeps their order and can say the number of each row in parallel."""
    relation.create_view(PARSED_VIEW)
    listed = ", ".join(f'"{column}"' for column in scanned.columns)
    try:
        session.execute(
            f"COPY (SELECT {listed} FROM {PARSED_VIEW}) TO $1"
            " (FORMAT parquet, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 1)",  # read once or twice, then removed
            [url(landed)],
        ).fetchall()
    except duckdb.Error as error:
        raise Fault(f"the engine cannot read rows that were found sound: {_first_line(error)}") from error
    session.from_parquet(url(landed), file_row_number=True).create_view(FILE_VIEW)
    count = _count(session)
    if count != scanned.count:
        raise Fault(f"reading found {scanned.count} rows and the engine {count}")
    return scanned.columns, count


def _parquet(
    session: duckdb.DuckDBPyConnection, path: Path, landed: Path, limits: Limits, key_for: KeyFor
) -> tuple[tuple[str, ...], int]:
    try:
        file = session.from_parquet(url(path))
        columns, types = tuple(file.columns), [str(kind) for kind in file.types]
        check_columns(clear_name(path), columns)
        for column, kind in zip(columns, types, strict=True):
            if kind not in ("VARCHAR", MISSING_TYPE):
                raise Halt(Code.ROWS_TYPES, f"column `{column}` of `{clear_name(path)}` is {kind}, not text")
        session.from_parquet(url(path), file_row_number=True).create_view(FILE_VIEW)
        count = _count(session)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    if count > limits.rows:
        raise Halt(Code.ROWS_TOO_MANY, f"`{clear_name(path)}` has {count:,} rows; {limits.rows:,} are allowed")
    return columns, count


def _view(session: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
    """The file's columns under the names of a request's, absent ones missing."""
    present = set(columns)
    listed = ", ".join(
        f'CAST("{column}" AS VARCHAR) AS "{column}"' if column in present else f'CAST(NULL AS VARCHAR) AS "{column}"'
        for column in REQUEST_COLUMNS
    )
    session.execute(
        f"CREATE OR REPLACE TEMP VIEW {TEXT_VIEW} AS SELECT file_row_number AS row_no, {listed} FROM {FILE_VIEW}"
    ).fetchall()


def _check_values(
    session: duckdb.DuckDBPyConnection, path: Path, columns: tuple[str, ...], count: int, limits: Limits
) -> None:
    """Read every value once: what cannot be read to its end, or is over the limit, is refused."""
    longest = ", ".join(f'max(strlen("{column}"))' for column in columns)
    try:
        ((read, *lengths),) = session.execute(f"SELECT count(*), {longest} FROM {TEXT_VIEW}").fetchall()
        if read != count:
            raise Halt(Code.ROWS_UNREADABLE, f"`{clear_name(path)}` says it has {count:,} rows, and has {read:,}")
        for column, length in zip(columns, lengths, strict=True):
            if length is not None and length > limits.field:
                ((row_no,),) = session.execute(
                    f'SELECT min(row_no) FROM {TEXT_VIEW} WHERE strlen("{column}") > $1', [limits.field]
                ).fetchall()
                raise Halt(
                    Code.FIELD_TOO_LARGE,
                    f"row {row_no + 1:,}, column `{column}`: the value is over {limits.field:,} bytes",
                )
    except UNREADABLE as error:
        raise _unreadable(path, error) from error


def _count(session: duckdb.DuckDBPyConnection) -> int:
    ((count,),) = session.execute(f"SELECT count(*) FROM {FILE_VIEW}").fetchall()
    return int(count)


def _unreadable(path: Path, error: Exception) -> Halt:
    address, name = url(path), clear_name(path)
    reason = _first_line(error).replace(f'"{address}"', "").replace(f"'{address}'", "").replace(address, name)
    return Halt(Code.ROWS_UNREADABLE, f"`{name}` cannot be read: {' '.join(reason.split())}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
