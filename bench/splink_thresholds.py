"""How many Splink finds, and whom it takes for another, at any threshold of the weight it gives a pair.

Rules:
 * More than one person from the threshold on is no decision. So a request is decided at the thresholds that the best
   weight reaches and the next person's does not.
 * Right is what the counting of everybody else calls right (`measure.counts`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.engine.parquet import relation, write
from narrowgate.measure.counts import judged
from narrowgate.measure.data_set import DataSet
from narrowgate.measure.verdict import Verdict


@dataclass(frozen=True)
class Outcome:
    """What is decided at one threshold, in bits: the right person, and another one."""

    bits: float
    right: int
    wrong: int


def bits(probability: float) -> float:
    """The weight at which Splink's estimate is `probability`."""
    return math.log2(probability / (1 - probability))


def outcomes(session: duckdb.DuckDBPyConnection, data: DataSet, scores: Path, at: Iterable[float]) -> list[Outcome]:
    """What comes of `scores` (row_no, person_id, weight) at each threshold of `at`, in bits, which are in order."""
    foremost = scores.with_name(f"foremost-{scores.name}")
    write(session, _FOREMOST.format(scores=relation(scores)), foremost)
    rows = session.execute(f"""
        SELECT bits, count(*) FILTER (is_right), count(*) FILTER (is_right = FALSE)
        FROM (SELECT CAST(unnest({list(at)}) AS DOUBLE) AS bits) AS t
        LEFT JOIN (FROM ({judged(data, Verdict("", "", "", foremost))}) JOIN {relation(foremost)} USING (row_no)) AS f
            ON f.weight >= t.bits AND f.next_weight < t.bits
        GROUP BY bits ORDER BY bits""").fetchall()  # fmt: skip
    return [Outcome(*row) for row in rows]


_FOREMOST = """
    SELECT row_no, 'match' AS outcome, max_by(person_id, weight) AS person_id, CAST(NULL AS VARCHAR) AS rule,
           max(weight) AS weight, coalesce(max(weight, 2)[2], CAST('-infinity' AS DOUBLE)) AS next_weight
    FROM {scores} GROUP BY row_no"""
"""Of each request the person of the best weight, as if decided upon, and the weights of that one and of the next."""
