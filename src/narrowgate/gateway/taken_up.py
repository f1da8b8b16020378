"""Take one determined request up again: what it came to, its facts, and its candidates as they were compared.

Rules:
 * The station's own steps, over the one request. What they come to is held against what was determined by whoever asks.
 * All of it is in tables of the session and nowhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.errors import WrongUse
from narrowgate.gateway.runs import Run
from narrowgate.matching.decision import judged
from narrowgate.matching.steps import decide, find
from narrowgate.matching.tables import make
from narrowgate.register import Register
from narrowgate.review.referred import Determined
from narrowgate.terms.agreement import Basis
from narrowgate.terms.determination import Disposition


def determined(session: duckdb.DuckDBPyConnection, run: Run, request_ref: str) -> Determined:
    """What `run` determined of a request, and what its match came to; wrong use if it has no such request."""
    matched = run.case.file("match")
    match = relation(matched) if matched.exists() else f"({_NO_MATCH})"
    row = session.execute(
        f"""SELECT d.request_ref, d.row_no, d.disposition, m.match_outcome, m.match_rule
            FROM {relation(run.case.file("determination"))} AS d
            LEFT JOIN {match} AS m USING (row_no) WHERE d.request_ref = $ref""",
        {"ref": request_ref},
    ).fetchone()
    if row is None:
        raise WrongUse(f"batch `{run.batch.id}` has no request `{request_ref}`")
    return Determined(row[0], row[1], Disposition(row[2]), row[3], row[4])


_NO_MATCH = """
    SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS VARCHAR) AS match_outcome, CAST(NULL AS VARCHAR) AS match_rule
    WHERE FALSE"""


def facts_of_request(session: duckdb.DuckDBPyConnection, run: Run, row_no: int) -> dict[str, Any]:
    """The facts of a request as they were derived for `run`."""
    found = session.execute(
        f"SELECT * EXCLUDE (row_no) FROM {relation(run.case.file('facts'))} WHERE row_no = $row", {"row": row_no}
    )
    names, row = [column[0] for column in found.description], found.fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))


def take_up(
    session: duckdb.DuckDBPyConnection, request: Path, row_no: int, register: Register, basis: Basis
) -> tuple[str, str | None]:
    """Match one request of `request` again: its outcome and rule, or reason.

    Leaves the station's tables in the session: `request`, `candidate`, `pair`, `comparison`, `decision`, and if there
    was a second opinion `opinion`; and `judged`, what the rules say of each pair.
    """
    standing = f"SELECT CAST({int(row_no)} AS BIGINT) AS row_no"
    find(session, register, basis, request=relation(request), standing=standing)
    decide(session, register, basis)
    make(session, "judged", judged("comparison", basis))
    register.unchanged()
    ((outcome, rule),) = session.execute("SELECT match_outcome, match_rule FROM decision").fetchall()
    return outcome, rule
