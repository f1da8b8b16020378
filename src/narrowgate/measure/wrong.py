"""Each wrong person whom the station decided upon, in full: the request, whom it took, and who it was.

Rules:
 * Only simulated people are measured on (`data_set`), so they may be shown.
 * The first so many are shown, in the order of the requests; how many there are in all is counted elsewhere.
"""

from __future__ import annotations

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.measure.counts import judged
from narrowgate.measure.data_set import DataSet
from narrowgate.measure.verdict import Verdict

SHOWN = 20
_OF_REQUEST = (
    "first_name", "middle_name", "last_name", "name_suffix", "birth_date", "tin", "street", "unit", "city", "state",
    "zip",
)  # fmt: skip
_OF_PERSON = ("person_id", "tin", "first_name", "middle_name", "last_name", "name_suffix", "birth_date", "deceased_on")
_OF_ADDRESS = ("street", "unit", "city", "state", "zip")


def wrong_persons(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> list[dict[str, object]]:
    """The first wrong decisions of `verdict`: row_no, rule, profile, noise; request, decided and true, each a text."""
    session.execute(f"""CREATE OR REPLACE TEMP TABLE mistaken AS
        SELECT row_no, rule, profile, noise, decided_id, person_id FROM ({judged(data, verdict)})
        WHERE outcome = 'match' AND NOT is_right ORDER BY row_no LIMIT {SHOWN}""")
    session.execute(f"""CREATE OR REPLACE TEMP TABLE described AS {_people(data)}""")
    rows = session.execute(f"""
        SELECT m.row_no, m.rule, m.profile, m.noise, {_told("q", ("request_ref", *_OF_REQUEST))}, d.told, t.told
        FROM mistaken AS m JOIN {relation(data.request)} AS q USING (row_no)
        LEFT JOIN described AS d ON d.person_id = m.decided_id
        LEFT JOIN described AS t ON t.person_id = m.person_id
        ORDER BY m.row_no""").fetchall()
    names = ("row_no", "rule", "profile", "noise", "request", "decided", "true")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _people(data: DataSet) -> str:
    """A query for those who were decided upon and those who were meant: person_id, and what is held of them, told."""
    chosen = "(SELECT decided_id AS person_id FROM mistaken UNION SELECT person_id FROM mistaken)"
    return f"""
        SELECT p.person_id, {_told("p", _OF_PERSON)} || coalesce('; at ' || a.told, '') AS told
        FROM (FROM {data.register.person} SEMI JOIN {chosen} USING (person_id)) AS p
        LEFT JOIN (SELECT person_id, string_agg(told, ' / ' ORDER BY told) AS told
                   FROM (SELECT DISTINCT person_id, {_told("h", _OF_ADDRESS)} AS told
                         FROM (FROM {data.register.address} SEMI JOIN {chosen} USING (person_id)) AS h)
                   GROUP BY person_id) AS a USING (person_id)"""


def _told(table: str, columns: tuple[str, ...]) -> str:
    """What is there of `columns`, with a comma between."""
    return f"concat_ws(', ', {', '.join(f'CAST({table}.{name} AS VARCHAR)' for name in columns)})"
