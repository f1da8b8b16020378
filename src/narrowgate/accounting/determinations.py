"""Stage one ledger entry per determination: payload, salt, commitment and entry, as columns.

Rules:
 * The payload says what the requester may be told of its request, and commits to the rest: the grounds, which are who
   was found and every finding; and what all of the run was determined under. Each can be shown without the other.
 * Payloads and grounds stay with the case, encrypted; the ledger holds a salted commitment, the code and the batch.
 * Every salt is 32 bytes of fresh randomness, two for each request. Without it a commitment cannot be tried against
   guessed names.
 * Entries stand in the order of their salts, so that who sees the ledger and knows the batch cannot tell which entry is
   whose: the code of an entry is in the clear, and whether a person was found is itself confidential.
 * A batch too large for the memory is put in order in parts, by how their salts begin; nothing shows which they were.
 * Payload and entry are canonical JSON (RFC 8785), built in SQL: keys in order, no white space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow

from narrowgate.accounting.book import ENTRY_COLUMN, timestamp
from narrowgate.encrypted import url
from narrowgate.engine.literal import identifier, text_list, text_literal
from narrowgate.engine.parquet import relation, write_in_turn
from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import SALT_SIZE, VERSION
from narrowgate.store.custody import Random

AT_ONCE = 1_500_000
"""Determinations put in order at a time: an engine that may write nothing in the clear has its memory alone."""


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
    joined, entries = _joined(determination, match, record), _entries(kind, batch, at, face, under)
    session.register("fresh_salt", salts)
    try:
        # The narrow rows are sorted before the payloads are made, which are twenty times as wide.
        write_in_turn(
            session,
            [f"WITH determined AS MATERIALIZED ({joined} WHERE {part} ORDER BY s.salt) {entries}"
                for part in _parts(rows)],
            out,
            expect=rows,
        )  # fmt: skip
    finally:
        session.unregister("fresh_salt")


def _salts(random: Random, rows: int) -> pyarrow.Array:
    return pyarrow.Array.from_buffers(
        pyarrow.binary(SALT_SIZE), rows, [None, pyarrow.py_buffer(random(SALT_SIZE * rows))]
    )


def _parts(rows: int) -> list[str]:
    """Conditions on a salt, in order, that part so many rows into parts of about `AT_ONCE` at most."""
    parts = max(1, -(-rows // AT_ONCE))
    begins = [f"'\\x{256 * part // parts:02X}'::BLOB" for part in range(parts)]
    ends = [f" AND s.salt < {begin}" for begin in begins[1:]] + [""]
    return [f"s.salt >= {begin}{end}" for begin, end in zip(begins, ends, strict=True)]


def _joined(determination: Path, match: Path | None, record: Sequence[str]) -> str:
    """Every determination with its salts, and with the record if somebody was looked up."""
    columns = ("disposition", "match_rule", "not_satisfied", "person_id", "request_ref", "row_no", "undetermined")
    return f"""
        SELECT {", ".join(f"d.{name}" for name in columns)}, m.record, s.salt, s.grounds_salt
        FROM {relation(determination)} AS d JOIN fresh_salt AS s USING (row_no)
        LEFT JOIN ({_records(match, record)}) AS m USING (row_no)"""


def _entries(kind: str, batch: str, at: datetime, face: Sequence[str], under: str) -> str:
    """Grounds, payload, commitment and entry of everything that was `determined`."""
    grounds = _object(
        {name: _Value(name) for name in ("match_rule", "not_satisfied", "person_id", "record", "undetermined")}
    )
    payload = _object(
        {
            **{name: _Value(name) for name in ("disposition", "request_ref", "row_no")},
            "grounds": _Text("sha256(grounds_salt || encode(grounds))"),
            "told": _Value(_told(face)),
            "under": under,
        }
    )
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
    return f"""
        SELECT row_no, salt, payload, grounds_salt, grounds, encode({entry}) AS {ENTRY_COLUMN}
        FROM (SELECT *, {payload} AS payload FROM (SELECT *, {grounds} AS grounds FROM determined))
    """


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
    file = text_literal(url(entries))
    return f"SELECT row_no, file_row_number AS place FROM read_parquet({file}, file_row_number = true)"
