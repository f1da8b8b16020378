"""Stage one ledger entry per determination: payload, salt, commitment and entry, as columns.

Rules:
 * The payload says what the requester may be told of its request, and commits to the rest: the grounds, which are who
   was found and every finding; and what all of the run was determined under. Each can be shown without the other.
 * Payloads and grounds stay with the case, encrypted; the ledger holds a salted commitment, the code and the batch.
 * Every salt is 32 bytes of fresh randomness, two for each request. Without it a commitment cannot be tried against
   guessed names.
 * Entries stand in the order of their salts, so that who sees the ledger and knows the batch cannot tell which entry is
   whose: the code of an entry is in the clear, and whether a person was found is itself confidential.
 * Only whom a determination is about is put in order; what many share is spelled once, and sorted as a number. An
   engine that may write nothing in the clear has its memory alone.
 * Payload and entry are canonical JSON (RFC 8785), built in SQL: keys in order, no white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow

from narrowgate.accounting.book import ENTRY_COLUMN, timestamp
from narrowgate.encrypted import url
from narrowgate.engine.literal import identifier, text_list, text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import SALT_SIZE, VERSION
from narrowgate.store.custody import Random

_SHARED = ("disposition", "match_rule", "not_satisfied", "undetermined", "record")
"""What determinations that are alike share: of a million there are a few hundred kinds."""


def stage(
    session: duckdb.DuckDBPyConnection,
    *,
    determination: Path,
    match: Path | None,
    record: Sequence[str],
    kind: str,
    batch: str,
    at: datetime,
    face: Sequence[str],
    under: str,
    random: Random,
    out: Path,
    rows: int,
) -> None:
    """Write `out`, a row per determination in the order of entry: row_no, salt, payload, grounds_salt, grounds, entry.

    `match` is None if nobody was looked up; `record` are the names of the facts of the record in it. `under` is the hex
    SHA-256 of the document that says what all of them were made under; `face` are the clauses of whose failing
    the requester is told.
    """
    salts = pyarrow.table(
        {
            "row_no": pyarrow.array(range(rows), pyarrow.int64()),
            "salt": _salts(random, rows),
            "grounds_salt": _salts(random, rows),
        }
    )
    determined = _determined(determination, match, record)
    shared: dict[str, str] = {}
    entries = _entries(kind, batch, at, face, under, shared)
    session.register("fresh_salt", salts)
    try:
        _spell_alike(session, determined, shared)
        write(session, _in_order(determined, shared, entries), out, expect=rows)
    finally:
        session.unregister("fresh_salt")


def _salts(random: Random, rows: int) -> pyarrow.Array:
    return pyarrow.Array.from_buffers(
        pyarrow.binary(SALT_SIZE), rows, [None, pyarrow.py_buffer(random(SALT_SIZE * rows))]
    )


def _determined(determination: Path, match: Path | None, record: Sequence[str]) -> str:
    """Every determination, with the record if somebody was looked up, as it stands in a FROM clause."""
    return f"{relation(determination)} AS d LEFT JOIN ({_records(match, record)}) AS m USING (row_no)"


def _spell_alike(session: duckdb.DuckDBPyConnection, determined: str, shared: Mapping[str, str]) -> None:
    """Make `alike`: a row for all determinations that differ in nothing but whom they are about, with what they share.

    Each text is a value of an ENUM, so that what is sorted bears its number.
    """
    texts = ", ".join(f"{text} AS {name}" for name, text in shared.items())
    session.execute(f"""
        CREATE OR REPLACE TEMP TABLE alike AS SELECT *, {texts}
        FROM (SELECT DISTINCT {", ".join(_SHARED)} FROM {determined})""")
    for name in shared:
        session.execute(f"DROP TYPE IF EXISTS {name}")
        session.execute(f"CREATE TEMP TYPE {name} AS ENUM (SELECT DISTINCT {name} FROM alike)")
        session.execute(f"ALTER TABLE alike ALTER {name} TYPE {name}")


def _in_order(determined: str, shared: Iterable[str], entries: str) -> str:
    """`entries` of all determinations in the order of their salts. What is sorted is a twentieth of what is written."""
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM {'m' if name == 'record' else 'd'}.{name}" for name in _SHARED)
    return f"""
        WITH ordered AS MATERIALIZED (
            SELECT row_no, request_ref, person_id, {", ".join(shared)}, salt, grounds_salt
            FROM {determined} JOIN alike AS a ON {same} JOIN fresh_salt USING (row_no) ORDER BY salt)
        {entries}"""


def _entries(kind: str, batch: str, at: datetime, face: Sequence[str], under: str, shared: dict[str, str]) -> str:
    """Grounds, payload, commitment and entry of everything that is `ordered`.

    SQL of the texts that determinations share comes into `shared`, by the columns in which they are expected.
    """
    grounds = _object(
        "grounds",
        {
            **{name: _Shared(name) for name in ("match_rule", "not_satisfied", "record", "undetermined")},
            "person_id": _OfRow("person_id"),
        },
        shared,
    )
    payload = _object(
        "payload",
        {
            "disposition": _Shared("disposition"),
            "grounds": _Text("sha256(grounds_salt || encode(grounds))"),
            "request_ref": _OfRow("request_ref"),
            "row_no": _OfRow("row_no"),
            "told": _Shared(_told(face)),
            "under": under,
        },
        shared,
    )
    entry = _object(
        "entry",
        {
            "at": timestamp(at),
            "batch": batch,
            "code": _Shared("disposition"),
            "commitment": _Text("sha256(salt || encode(payload))"),
            "kind": kind,
            "v": VERSION,
        },
        shared,
    )
    return f"""
        SELECT row_no, salt, payload, grounds_salt, grounds, encode({entry}) AS {ENTRY_COLUMN}
        FROM (SELECT *, {payload} AS payload FROM (SELECT *, {grounds} AS grounds FROM ordered))"""


def _told(face: Sequence[str]) -> str:
    """The clauses that the requester of a returned request is told of, as in its answer."""
    return (
        "CASE WHEN disposition = 'return' THEN list_filter(list_sort(list_concat(not_satisfied, undetermined)), "
        f"lambda clause: list_contains({text_list(face)}, clause)) ELSE [] END"
    )


def _records(match: Path | None, record: Sequence[str]) -> str:
    """What the record said of each request that was looked up: row_no, and the facts by their names in order."""
    if match is None:
        return "SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS INTEGER) AS record WHERE FALSE"
    facts = ", ".join(f"{text_literal(name)}: {identifier(name)}" for name in sorted(record))
    return f"SELECT row_no, {{{facts}}} AS record FROM {relation(match)}"


class _Shared(str):
    """SQL of a value that is the same for determinations that are alike; its JSON is `null` where it is missing."""


class _OfRow(str):
    """SQL of a value of one determination; its JSON is `null` where it is missing."""


class _Text(str):
    """SQL of a text of one determination that needs no escapes in JSON; the engine stops where it is missing."""


def _object(name: str, members: Mapping[str, object], shared: dict[str, str]) -> str:
    """SQL text of a canonical JSON object of constants, `_Shared`, `_OfRow` and `_Text`.

    Between two values of the row stands a column that begins with `name`; its SQL comes into `shared`.
    """
    pieces: list[str] = []
    parts: list[str] = []
    written = "{"
    for member in sorted(members):
        value = members[member]
        written += f'"{member}":'
        if isinstance(value, _Shared):
            parts += [text_literal(written), f"coalesce(to_json({value}), 'null')"]
            written = ","
        elif isinstance(value, _OfRow):
            pieces += [_column(name, [*parts, text_literal(written)], shared), f"coalesce(to_json({value}), 'null')"]
            parts, written = [], ","
        elif isinstance(value, _Text):
            pieces += [_column(name, [*parts, text_literal(written + '"')], shared)]
            pieces += [f"coalesce({value}, error('{member} is missing'))"]
            parts, written = [], '",'
        else:
            written += canonical(value).decode() + ","
    pieces.append(_column(name, [*parts, text_literal(written.removesuffix(",") + "}")], shared))
    # One call for all: each `||` would copy what stands before it once more.
    return f"concat({', '.join(pieces)})"


def _column(name: str, parts: Sequence[str], shared: dict[str, str]) -> str:
    """Where the text of `parts` is found: in a column of its own, unless it is the same for everybody."""
    if len(parts) == 1:
        return parts[0]
    column = f"{name}_{len(shared)}"
    shared[column] = f"concat({', '.join(parts)})"
    return column


def places(entries: Path) -> str:
    """A query for row_no and `place`, how many entries of the same run stand before it."""
    file = text_literal(url(entries))
    return f"SELECT row_no, file_row_number AS place FROM read_parquet({file}, file_row_number = true)"
