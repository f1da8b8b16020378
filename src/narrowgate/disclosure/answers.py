"""Write what each recipient is owed: one row per request that names the officer, every row of the same length.

Rules:
 * The only record fields in here are the ones the agreement releases, of the one person who was matched.
 * A confirmed address is answered with `confirmed` and not sent back: the requester holds it already.
 * Denied, referred and withheld requests answer `not_answered`, alike in words and in size (26 USC 6103(b)(2): whether
   a person filed is itself return information). Returned ones name the clauses the requester can see for itself.
 * An answered row goes to the officers of its matter and to nobody else. A row that names no officer who can be
   sealed to goes to the official who signed, and is never an answered one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb

from narrowgate.encrypted import SUFFIX, KeyFor, create_file
from narrowgate.engine.literal import text_list, text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.errors import Fault

FORMAT = "narrowgate-answer/1"
BLOCK = 512
"""Rows are padded to a multiple of this many bytes, and leave at least this much room for an answer."""
LINES_AT_ONCE = 10_000


@dataclass(frozen=True)
class Licence:
    """Conditions of use that travel with every answer."""

    purpose: str
    expires_on: date
    destroy_by: date
    on_recall: str | None
    report_hours: int | None

    def as_json(self) -> dict[str, object]:
        return {
            "purpose": self.purpose,
            "expires_on": self.expires_on.isoformat(),
            "destroy_by": self.destroy_by.isoformat(),
            "onward_sharing": "none",
            "before_acting": "confirm the address by another means",
            "on_recall": self.on_recall,
            "report_incidents_within_hours": self.report_hours,
        }


@dataclass(frozen=True)
class Prepared:
    """Answers ready to be sealed: a private file per recipient id; requests answered, and owed but withheld.

    `beyond_officers` counts answers in a file of somebody whom their request does not name: none may leave so.
    """

    files: Mapping[str, Path]
    answered: int
    withheld: int
    beyond_officers: int


def prepare(
    session: duckdb.DuckDBPyConnection,
    *,
    request: Path,
    determination: Path,
    records: Path | None,
    officers: Sequence[str],
    official: str,
    face: Sequence[str],
    header: Mapping[str, object],
    out: Path,
    answered: Path,
    key_for: KeyFor,
) -> Prepared:
    """Write one encrypted file of JSON Lines per recipient into the private folder `out`, whose keys `key_for` knows.

    `records` holds row_no, is_current and the last known address of every request still owed an answer, None if
    there is none; `answered` takes the row_no of those who get one; `officers` are the roster ids that can be sealed
    to; `official` is the id of the one who signed; `face` are the clause ids that may be told.
    """
    answers = _answers(request, determination, records, officers, official, face)
    session.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {answers}")
    counts = session.execute(_COUNTS.format(determination=relation(determination))).fetchone()
    assert counts is not None
    owed, answers_given, left_out = counts
    if left_out:
        raise Fault(f"{left_out} determinations of `{determination}` have no answer")
    beyond = session.execute(_BEYOND.format(request=relation(request))).fetchone()
    assert beyond is not None
    query = "SELECT row_no FROM answer WHERE answer = 'answered' GROUP BY row_no ORDER BY row_no"
    write(session, query, answered, expect=answers_given)
    return Prepared(_write_all(session, header, out, key_for), answers_given, owed - answers_given, int(beyond[0]))


_COUNTS = """
    SELECT count(*) FILTER (d.disposition = 'disclose'),
           count(*) FILTER (a.answered), count(*) FILTER (a.row_no IS NULL)
    FROM {determination} AS d
    LEFT JOIN (SELECT row_no, bool_or(answer = 'answered') AS answered FROM answer GROUP BY row_no) AS a
    USING (row_no)
"""


_BEYOND = """
    SELECT count(*) FROM answer JOIN {request} AS q USING (row_no)
    WHERE answer = 'answered' AND NOT coalesce(list_contains(
        list_transform(string_split(q.engaged_officers, ';'), lambda officer: trim(officer)), recipient), FALSE)
"""


def _answers(
    request: Path,
    determination: Path,
    records: Path | None,
    officers: Sequence[str],
    official: str,
    face: Sequence[str],
) -> str:
    """Every request once per recipient: recipient, row_no, answer, and the JSON text of the row."""
    record = _NO_RECORDS if records is None else relation(records)
    return f"""
        WITH named AS (
            SELECT row_no, trim(unnest(string_split(engaged_officers, ';'))) AS officer
            FROM {relation(request)}),
        reachable AS (
            SELECT DISTINCT row_no, officer FROM named WHERE list_contains({text_list(officers)}, officer)),
        said AS (
            SELECT d.row_no, coalesce(o.officer, {text_literal(official)}) AS recipient,
                   d.request_ref, q.matter_id,
                   CASE WHEN d.disposition = 'return' THEN 'returned'
                        WHEN d.disposition = 'disclose' AND r.row_no IS NOT NULL AND o.officer IS NOT NULL
                        THEN 'answered' ELSE 'not_answered' END AS answer,
                   list_filter(list_sort(list_concat(d.not_satisfied, d.undetermined)),
                               lambda clause: list_contains({text_list(face)}, clause)) AS face_defects,
                   r.is_current, r.as_of,
                   {{'street': r.street, 'unit': r.unit, 'city': r.city, 'state': r.state, 'zip': r.zip}} AS address
            FROM {relation(determination)} AS d
            JOIN {relation(request)} AS q USING (row_no)
            LEFT JOIN reachable AS o USING (row_no)
            LEFT JOIN {record} AS r USING (row_no))
        SELECT recipient, row_no, answer, to_json({{
            'request_ref': request_ref, 'matter_id': matter_id, 'answer': answer,
            'clauses': CASE WHEN answer = 'returned' THEN face_defects ELSE [] END,
            'confirmed': CASE WHEN answer = 'answered' THEN is_current END,
            'as_of': CASE WHEN answer = 'answered' THEN as_of END,
            'mailing_address': CASE WHEN answer = 'answered' AND NOT is_current THEN address END}}) AS line,
            strlen(to_json([request_ref, matter_id])) + strlen(to_json(face_defects)) AS known_to_requester
        FROM said
    """


_NO_RECORDS = (
    "(SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS BOOLEAN) AS is_current, CAST(NULL AS VARCHAR) AS street,"
    " CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS VARCHAR) AS city, CAST(NULL AS VARCHAR) AS state,"
    " CAST(NULL AS VARCHAR) AS zip, CAST(NULL AS DATE) AS as_of WHERE FALSE)"
)


def _write_all(
    session: duckdb.DuckDBPyConnection, header: Mapping[str, object], out: Path, key_for: KeyFor
) -> dict[str, Path]:
    """One file per recipient: a header line, then the recipient's rows, all with the same number of bytes.

    The width follows from what the requester knows itself and leaves room for an answer in every row, so that it does
    not tell whether any of them is one.
    """
    found = session.execute(
        f"""
        WITH wide AS (
            SELECT recipient, row_no, line,
                   ceil(greatest(max(known_to_requester) OVER own + {BLOCK}, max(strlen(line)) OVER own) / {BLOCK})
                       * {BLOCK} AS width
            FROM answer WINDOW own AS (PARTITION BY recipient))
        SELECT recipient, line || repeat(' ', CAST(width AS BIGINT) - strlen(line))
        FROM wide ORDER BY recipient, row_no
        """
    )
    files: dict[str, Path] = {}
    for recipient, lines in groupby(
        _rows(found), key=itemgetter(0)
    ):  # ordered by recipient: one file is open at a time
        path = files[recipient] = out / f"{len(files)}.jsonl{SUFFIX}"
        with create_file(path, key_for) as file:
            file.write(json.dumps({**header, "format": FORMAT, "recipient": recipient}).encode() + b"\n")
            for _, line in lines:
                file.write(line.encode() + b"\n")
    return files


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    while chunk := found.fetchmany(LINES_AT_ONCE):
        yield from chunk
