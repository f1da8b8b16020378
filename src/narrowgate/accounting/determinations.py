"""Stage one ledger entry per determination: payload, salt, commitment and entry, as columns.

Rules:
 * The payload says what was determined and under what: agreement, reading, register, engine, rows. It stays with
   the case; the ledger holds the salted commitment, the code and the batch.
 * Every salt is 32 bytes of fresh randomness. Without it a commitment cannot be tried against guessed names.
 * Entries stand in the order of their salts, so that who sees the ledger and knows the batch cannot tell which entry is
   whose: the code of an entry is in the clear, and whether a person was found is itself confidential.
 * Payload and entry are canonical JSON (RFC 8785), built in SQL: keys in order, no white space.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow

from narrowgate.accounting.book import ENTRY_COLUMN, timestamp
from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import VERSION

SALT_BYTES = 32


def stage(
    session: duckdb.DuckDBPyConnection,
    *,
    determination: Path,
    kind: str,
    batch: str,
    at: datetime,
    under: Mapping[str, str],
    random: Callable[[int], bytes],
    out: Path,
    rows: int,
) -> None:
    """Write `out`: row_no, salt, payload and entry, one row per determination, in the order of entry.

    `under` are the constants of the run that every payload repeats.
    """
    salts = pyarrow.table(
        {
            "row_no": pyarrow.array(range(rows), pyarrow.int64()),
            "salt": pyarrow.Array.from_buffers(
                pyarrow.binary(SALT_BYTES), rows, [None, pyarrow.py_buffer(random(SALT_BYTES * rows))]
            ),
        }
    )
    session.register("fresh_salt", salts)
    try:
        write(session, _query(determination, kind, batch, at, under), out, expect=rows)
    finally:
        session.unregister("fresh_salt")


def _query(determination: Path, kind: str, batch: str, at: datetime, under: Mapping[str, str]) -> str:
    """Payload, commitment and entry of every determination."""
    columns = ("disposition", "match_rule", "not_satisfied", "person_id", "request_ref", "row_no", "undetermined")
    payload = _object({**{name: _Value(name) for name in columns}, **under})
    entry = _object(
        {
            "at": timestamp(at),
            "batch": batch,
            "code": _Value("disposition"),
            "commitment": _Text("sha256(salt || encode(payload))"),
            "kind": kind,
            "v": VERSION,
        }
    )
    listed = ", ".join(f"d.{name}" for name in columns)
    # The narrow rows are sorted before the payloads are made, which are twenty times as wide.
    return f"""
        WITH determined AS MATERIALIZED (
            SELECT {listed}, s.salt FROM {relation(determination)} AS d JOIN fresh_salt AS s USING (row_no)
            ORDER BY s.salt)
        SELECT row_no, salt, payload, encode({entry}) AS {ENTRY_COLUMN}
        FROM (SELECT row_no, salt, disposition, {payload} AS payload FROM determined)
    """


class _Value(str):
    """SQL of a value that the row has; its JSON is `null` where it is missing."""


class _Text(str):
    """SQL of a text that needs no escapes in JSON; the engine stops where it is missing."""


def _object(members: Mapping[str, object]) -> str:
    """SQL text of a canonical JSON object of constants, `_Value` and `_Text`."""
    parts: list[str] = []
    written = "{"
    for name in sorted(members):
        member = members[name]
        written += f'"{name}":'
        if isinstance(member, _Value):
            parts += [text_literal(written), f"coalesce(to_json({member}), 'null')"]
            written = ","
        elif isinstance(member, _Text):
            parts += [text_literal(written + '"'), f"coalesce({member}, error('{name} is missing'))"]
            written = '",'
        else:
            written += canonical(member).decode() + ","
    # One call for all: each `||` would copy what stands before it once more.
    return f"concat({', '.join(parts)}, {text_literal(written.removesuffix(',') + '}')})"


def places(entries: Path) -> str:
    """A query for row_no and `place`, how many entries of the same run stand before it."""
    file = text_literal(str(entries.resolve()))
    return f"SELECT row_no, file_row_number AS place FROM read_parquet({file}, file_row_number = true)"
