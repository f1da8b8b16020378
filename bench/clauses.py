"""Judging by clauses: the full matrix in memory, and the stations that judge as a batch passes them.

Rules:
 * The matrix is every clause on batch and request, for every request, materialised.
 * The stations read and write their hand-overs; with all facts means from the requests as received to the last finding.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date

import duckdb

from bench.figures import Figure
from bench.spine import Measured, session_of
from narrowgate.adjudication.facts import VOCABULARY, batch
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import emit
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import relation
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads

ROUNDS = 5


def measure(judged: Measured, *, seconds: float | None, with_facts: float | None) -> list[Figure]:
    """Requests a second of the matrix; seconds of the stations that find, and of those with the facts before them."""
    stations: Mapping[str, float] = judged.judged["seconds"]
    finding = stations["request findings"] + stations["record findings"]
    what = f"{judged.batch.rows:,} requests judged under one reading"
    return [
        _matrix(judged),
        Figure(f"{what}: clauses", finding, "s", seconds),
        Figure(f"{what}: with all facts", stations["facts"] + finding, "s", with_facts),
    ]


def _matrix(judged: Measured) -> Figure:
    """Requests a second, the median of five rounds over the facts of a case, held in memory as a hand-over is read."""
    agreement = load(shipped("irs-ice-2025"), facts=VOCABULARY, comparisons=COMPARISONS)
    bound = basis(agreement, None, on=date.today())
    clauses = [clause for clause in bound.clauses if clause.reads in (Reads.BATCH, Reads.REQUEST)]
    matrix = ", ".join(f"{emit(one.expression, bound.parameters)} AS {identifier(one.id)}" for one in clauses)
    known = BatchFacts(
        date.today(), date.today(), True, "Secretary of Homeland Security", True, "ICE", True, True, True, True,
        date.today(), date.today(), 0, True, 0,
    )  # fmt: skip
    with session_of(judged.gate, judged.case) as session:
        session.execute(
            f"CREATE TABLE fact AS SELECT * FROM {relation(judged.case.file('facts'))} "
            f"CROSS JOIN (SELECT {batch.columns(known)})"
        )
        rows = session.execute("SELECT count(*) FROM fact").fetchone()
        assert rows is not None
        seconds = sorted(_round(session, matrix) for _ in range(ROUNDS))[ROUNDS // 2]
    return Figure(
        f"clause matrix, {len(clauses)} clauses, {rows[0]:,} requests", rows[0] / seconds, "requests/s", 4_000_000,
        lower=False,
    )  # fmt: skip


def _round(session: duckdb.DuckDBPyConnection, matrix: str) -> float:
    began = time.monotonic()
    session.execute(f"CREATE OR REPLACE TABLE matrix AS SELECT row_no, {matrix} FROM fact")
    return time.monotonic() - began
