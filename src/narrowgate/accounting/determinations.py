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

    `under` are the constants of the run that every payload repeats (texts; keys sort after `row_no`).
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
    columns = {
        "disposition": "to_json(disposition)",
        "match_rule": "coalesce(to_json(match_rule), 'null')",
        "not_satisfied": "to_json(not_satisfied)",
        "person_id": "coalesce(to_json(person_id), 'null')",
        "request_ref": "to_json(request_ref)",
        "row_no": "row_no",
        "undetermined": "to_json(undetermined)",
    }
    constants = {name: text_literal(canonical(value).decode()) for name, value in under.items()}
    payload = _object({**columns, **constants})
    entry = _object(
        {
            "at": _constant(timestamp(at)),
            "batch": _constant(batch),
            "code": "to_json(disposition)",
            "commitment": """'"' || sha256(salt || encode(payload)) || '"'""",
            "kind": _constant(kind),
            "v": str(VERSION),
        }
    )
    return f"""
        WITH determined AS (
            SELECT d.row_no, d.disposition, s.salt, {payload} AS payload
            FROM {relation(determination)} AS d JOIN fresh_salt AS s USING (row_no))
        SELECT row_no, salt, payload, encode({entry}) AS {ENTRY_COLUMN} FROM determined ORDER BY salt
    """


def _constant(value: str) -> str:
    return text_literal(canonical(value).decode())


def _object(members: Mapping[str, str]) -> str:
    """SQL text of a canonical JSON object whose members are SQL texts of JSON values."""
    inside = " || ',' || ".join(f"""{text_literal(f'"{name}":')} || {members[name]}""" for name in sorted(members))
    return "'{' || " + inside + " || '}'"


def places(entries: Path) -> str:
    """A query for row_no and `place`, how many entries of the same run stand before it."""
    file = text_literal(str(entries.resolve()))
    return f"SELECT row_no, file_row_number AS place FROM read_parquet({file}, file_row_number = true)"
