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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_list, text_literal
from narrowgate.engine.parquet import relation
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
    case: Path,
    records: Path | None,
    officers: Sequence[str],
    official: str,
    face: Sequence[str],
    header: Mapping[str, object],
    out: Path,
) -> Prepared:
    """Write one file of JSON Lines per recipient into the private folder `out`.

    `records` holds row_no, is_current and the last known address of every request still owed an answer, None if
    there is none; `officers` are the roster ids that can be sealed to; `official` is the id of the one who signed;
    `face` are the clause ids that may be told.
    """
    answers = _answers(request, case, records, officers, official, face)
    session.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {answers}")
    counts = session.execute(_COUNTS.format(case=relation(case / "determination.parquet"))).fetchone()
    assert counts is not None
    owed, answered, left_out = counts
    if left_out:
        raise Fault(f"{left_out} determinations of `{case}` have no answer")
    beyond = session.execute(_BEYOND.format(request=relation(request))).fetchone()
    assert beyond is not None
    return Prepared(_write_all(session, header, out), answered, owed - answered, int(beyond[0]))


_COUNTS = """
    SELECT count(*) FILTER (d.disposition = 'disclose'),
           count(*) FILTER (a.answered), count(*) FILTER (a.row_no IS NULL)
    FROM {case} AS d
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
    case: Path,
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
            FROM {relation(case / "determination.parquet")} AS d
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


def _write_all(session: duckdb.DuckDBPyConnection, header: Mapping[str, object], out: Path) -> dict[str, Path]:
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
    while chunk := found.fetchmany(LINES_AT_ONCE):
        for recipient in dict.fromkeys(name for name, _ in chunk):
            path = files.setdefault(recipient, out / f"{len(files)}.jsonl")
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(json.dumps({**header, "format": FORMAT, "recipient": recipient}) + "\n")
            with path.open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for name, line in chunk if name == recipient)
    return files
