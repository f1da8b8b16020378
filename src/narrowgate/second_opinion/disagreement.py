"""Refer a match to a person if the second opinion is another.

Rules:
 * It agrees if it holds the person decided upon likelier to be the one meant than not, and nobody else who was
   compared. One request is about one person: two who are both likely are as much of a doubt as none.
 * The line is even odds, which is where the model itself changes sides. There is no threshold to choose.
 * It acts downwards only: a match becomes possible. Nothing else that was decided is touched; nobody is found by it.
 * Without an opinion there is no agreement.
"""

from __future__ import annotations

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.second_opinion.model import Model
from narrowgate.second_opinion.opinion import EVEN, opinions
from narrowgate.second_opinion.settings import ADDRESS

SECOND_OPINION = "second opinion"
"""Why a match is only possible; stands where the accepting rule of a match would."""

_EXACT, _HOUSE, _ELSEWHERE = (text_literal(level) for level in ADDRESS)
PAIRS = f"""
    SELECT row_no, candidate,
           CASE WHEN address = 'exact' THEN {_EXACT} WHEN address IN ('near', 'building') THEN {_HOUSE}
                WHEN address = 'differs' THEN {_ELSEWHERE} END AS address
    FROM comparison"""
"""All pairs that were compared, as the second opinion is told of them."""
COMPARED = f"{PAIRS} SEMI JOIN (SELECT row_no FROM decision WHERE match_outcome = 'match') USING (row_no)"
"""All pairs of the requests that the rules decided as a match."""


def refer(session: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `decision` anew, with every match possible on which the second opinion does not agree.

    Reads the tables of the matching station: `decision` (row_no, candidate, match_outcome, match_rule and others),
    `comparison` (row_no, candidate, address), `request` and `candidate` in their forms.
    """
    if not session.execute("SELECT row_no FROM decision WHERE match_outcome = 'match' LIMIT 1").fetchall():
        return
    opinions(session, model, COMPARED, requests="request", people="candidate")
    session.execute(f"CREATE OR REPLACE TEMP TABLE decision AS {referred('decision', 'opinion')}")


def referred(decision: str, opinion: str) -> str:
    """A query for the rows of `decision` as the second opinion leaves them."""
    return f"""
    SELECT d.* REPLACE (
        CASE WHEN {_DISAGREES} THEN 'possible' ELSE d.match_outcome END AS match_outcome,
        CASE WHEN {_DISAGREES} THEN {text_literal(SECOND_OPINION)} ELSE d.match_rule END AS match_rule)
    FROM {decision} AS d
    LEFT JOIN (SELECT row_no, count(*) AS likely, max(candidate) AS candidate
               FROM {opinion} WHERE weight > {EVEN} GROUP BY row_no) AS o USING (row_no)"""


_DISAGREES = "(d.match_outcome = 'match' AND NOT coalesce(o.likely = 1 AND o.candidate = d.candidate, FALSE))"
"""Of a decision and of those whom the second opinion holds likely: their number, and who it is if it is one."""
