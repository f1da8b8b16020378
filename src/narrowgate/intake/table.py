"""Write the table of requests and the list of what is wrong in it: the hand-over of intake.

Rules:
 * One row for each row that came, in its order; a row with layout errors stays, with the errors counted.
 * Every error is listed with its row, column and value, clipped; what steers a display is replaced in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.engine.literal import identifier, text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import needs_memory
from narrowgate.errors import Fault
from narrowgate.formats.codes import shown
from narrowgate.formats.rows import TextRows
from narrowgate.intake import layout
from narrowgate.terms.batch import REQUEST_COLUMNS

CLIP = 80
FIRST = 20


@dataclass(frozen=True)
class LayoutError:
    """One value that does not have its column's form. `row` counts from 1."""

    row: int
    request_ref: str
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        return f"row {self.row:,}, column `{self.column}`: {shown(self.value, at_most=CLIP)} {self.problem}"


@dataclass(frozen=True)
class RequestTable:
    """The two files and what they hold."""

    request: Path
    layout_error: Path
    requests: int
    layout_errors: int
    first_errors: tuple[LayoutError, ...]


def write_tables(session: duckdb.DuckDBPyConnection, rows: TextRows, folder: Path, *, suffix: str = "") -> RequestTable:
    """Write `request.parquet` and `layout_error.parquet` into `folder`, with a `suffix`; a Fault if the engine cannot.

    That it has too little memory is for whoever gave it some to say.
    """
    try:
        return _written(session, rows, folder / f"request.parquet{suffix}", folder / f"layout_error.parquet{suffix}")
    except duckdb.Error as error:  # a full disk, or a file that reads well once and not twice
        if needs_memory(error):
            raise
        reason = str(error).partition("\n")[0]
        raise Fault(f"the engine could not write the requests: {reason}") from error


def _written(session: duckdb.DuckDBPyConnection, rows: TextRows, request: Path, layout_error: Path) -> RequestTable:
    requests = write(session, _request_query(rows.view), request, expect=rows.count)
    ((expected,),) = session.execute(f"SELECT CAST(sum(layout_errors) AS BIGINT) FROM {relation(request)}").fetchall()
    errors = write(session, _error_query(rows.view, anything=expected > 0), layout_error, expect=expected)
    return RequestTable(request, layout_error, requests, errors, _first(session, layout_error))


def _request_query(view: str) -> str:
    values = ", ".join(f"{layout.value(column)} AS {identifier(column)}" for column in REQUEST_COLUMNS)
    return (
        f"SELECT row_no, {values}, CAST({layout.errors()} AS INTEGER) AS layout_errors FROM ({layout.stripped(view)})"
    )


def _error_query(view: str, *, anything: bool) -> str:
    """One row for each problem, in the order of the rows and, within a row, of the columns."""
    listed = ", ".join(
        f"{{column_name: {text_literal(column)}, value: {identifier(column)}, problem: {layout.problem(column)}}}"
        for column in REQUEST_COLUMNS
    )
    clipped = f"regexp_replace(left(wrong.value, {CLIP}), {text_literal(layout.CONTROL)}, chr(65533), 'g')"
    return (
        f"SELECT row_no, request_ref, wrong.column_name AS column_name, {clipped} AS value, "
        "wrong.problem AS problem "
        f"FROM (SELECT row_no, request_ref, unnest([{listed}]) AS wrong FROM ({layout.stripped(view)}) "
        f"WHERE {anything} AND {layout.errors()} > 0) WHERE wrong.problem IS NOT NULL"
    )


def _first(session: duckdb.DuckDBPyConnection, layout_error: Path) -> tuple[LayoutError, ...]:
    found = session.execute(
        f"SELECT row_no + 1, request_ref, column_name, value, problem FROM {relation(layout_error)} LIMIT {FIRST}"
    ).fetchall()
    return tuple(LayoutError(*error) for error in found)
