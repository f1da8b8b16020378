"""Move rows into and out of PostgreSQL by COPY, as columns.

Rules:
 * No row is looked at in Python: what passes is the text of many rows, which Arrow reads and writes.
 * A missing value is nothing between two commas, an empty text two quotation marks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pc

if TYPE_CHECKING:
    import psycopg

_ARROW = {"VARCHAR": pa.string(), "DATE": pa.date32(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_()}
_BLOCK = 1 << 20


def copy_in(connection: psycopg.Connection, table: str, rows: pa.RecordBatchReader) -> None:
    """Put `rows` into `table` of the server, whose columns are theirs."""
    options = pc.WriteOptions(include_header=False, quoting_style="all_valid")
    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as copy:
        for batch in rows:
            text = io.BytesIO()
            pc.write_csv(batch, text, options)
            copy.write(text.getbuffer())


@contextmanager
def copied_out(
    connection: psycopg.Connection, query: str, columns: Mapping[str, str]
) -> Iterator[pa.RecordBatchReader]:
    """The rows of `query` on the server, as they arrive; its columns are `columns`, of these types of DuckDB."""
    with connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv)".encode()) as copy:
        text = _Text(copy)
        try:
            yield _read(text, columns)
        except Exception as problem:
            # An engine that reads an Arrow stream says of a fault in it only that there was one.
            if text.problem is None:
                raise
            raise text.problem from problem


def _read(text: _Text, columns: Mapping[str, str]) -> pa.RecordBatchReader:
    """The text of rows as columns."""
    types = {name: _ARROW[type_] for name, type_ in columns.items()}
    if not text.any_left():
        return pa.RecordBatchReader.from_batches(pa.schema(list(types.items())), [])
    return pc.open_csv(
        text,
        read_options=pc.ReadOptions(column_names=list(columns), block_size=_BLOCK, use_threads=False),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


class _Text(io.RawIOBase):
    """The text that a COPY sends, as a file that can be read once."""

    def __init__(self, copy: psycopg.Copy) -> None:
        super().__init__()
        self._copy = copy
        self._held = b""
        self.problem: Exception | None = None

    def readable(self) -> bool:
        return True

    def any_left(self) -> bool:
        """Whether there is text to come."""
        self._held = self._held or self._next()
        return bool(self._held)

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._held], len(self._held)
        while (size < 0 or have < size) and (part := self._next()):
            parts.append(part)
            have += len(part)
        text = b"".join(parts)
        cut = len(text) if size < 0 else size
        self._held = text[cut:]
        return text[:cut]

    def _next(self) -> bytes:
        try:
            return bytes(self._copy.read())
        except Exception as problem:
            self.problem = problem
            raise
