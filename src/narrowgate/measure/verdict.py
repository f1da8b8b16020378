"""What a contender says of every request, in one form for all of them: `verdict.parquet`.

Rules:
 * One row for each request, whoever judged it: row_no, outcome (`match`, `possible`, `none`), person_id of a match, and
   rule, by which rule or for which reason it is so, where the contender has such a thing.
 * More than one person for a request is no decision: it is `possible`, for a person to settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.engine.parquet import relation, write
from narrowgate.measure.data_set import DataSet


@dataclass(frozen=True)
class Verdict:
    """Whose verdict it is, how it came about in a sentence, and the file. `ours`: by rules of evidence.

    `sample` is the number of requests that were judged, if it is not all of them.
    """

    id: str
    title: str
    how: str
    file: Path
    ours: bool = False
    sample: int | None = None


def one_person_each(requests: str, pairs: str) -> str:
    """A query for a verdict on each of `requests` (row_no) from the `pairs` (row_no, person_id) that somebody links."""
    return f"""
    SELECT r.row_no,
           CASE WHEN p.people = 1 THEN 'match' WHEN p.people > 1 THEN 'possible' ELSE 'none' END AS outcome,
           CASE WHEN p.people = 1 THEN p.person_id END AS person_id, CAST(NULL AS VARCHAR) AS rule
    FROM {requests} AS r
    LEFT JOIN (SELECT row_no, count(DISTINCT person_id) AS people, min(person_id) AS person_id
               FROM {pairs} GROUP BY row_no) AS p USING (row_no)
    ORDER BY r.row_no"""


def write_verdict(session: duckdb.DuckDBPyConnection, data: DataSet, name: str, query: str, *, rows: int) -> Path:
    """Write the verdict of the contender `name` on `rows` requests of `data`."""
    file = data.folder / f"verdict-{name}.parquet"
    write(session, query, file, expect=rows)
    return file


def all_requests(data: DataSet) -> str:
    """The requests of `data`, as they stand in a FROM clause."""
    return f"(SELECT row_no FROM {relation(data.request)})"
