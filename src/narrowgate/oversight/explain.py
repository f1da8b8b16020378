"""Say what was determined of one request and why: its facts, every finding with its citations, and what comes next.

Rules:
 * This is the officer's view. What the requester may know is only what its answer says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from narrowgate.accounting.determinations import places
from narrowgate.engine.parquet import relation
from narrowgate.errors import WrongUse
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.runs import Run
from narrowgate.terms.agreement import Basis, Clause
from narrowgate.terms.determination import Finding


@dataclass(frozen=True)
class Explained:
    """One determination, opened up."""

    request_ref: str
    disposition: str
    match_rule: str | None
    ledger_index: int
    facts: Mapping[str, Any]
    findings: tuple[tuple[Clause, Finding], ...]


def explain(session: duckdb.DuckDBPyConnection, run: Run, basis: Basis, request_ref: str) -> Explained:
    """The determination of `request_ref` in `run`."""
    determined = _row(
        session,
        f"SELECT * FROM {relation(run.case.file('determination'))} WHERE request_ref = $ref",
        {"ref": request_ref},
    )
    if determined is None:
        raise WrongUse(f"batch `{run.batch.id}` has no request `{request_ref}`")
    row_no = determined["row_no"]
    placed = _row(session, f"SELECT place FROM ({places(run.case.file(STAGED))}) WHERE row_no = $row", {"row": row_no})
    assert placed is not None
    facts = _row(
        session,
        f"SELECT * EXCLUDE (row_no) FROM {relation(run.case.file('facts'))} WHERE row_no = $row",
        {"row": row_no},
    )
    return Explained(
        request_ref=request_ref,
        disposition=determined["disposition"],
        match_rule=determined["match_rule"],
        ledger_index=run.first_entry + placed["place"],
        facts=facts or {},
        findings=tuple((clause, _finding(clause, determined)) for clause in basis.judged),
    )


def _finding(clause: Clause, determined: Mapping[str, Any]) -> Finding:
    if clause.id in determined["not_satisfied"]:
        return Finding.NOT_SATISFIED
    return Finding.UNDETERMINED if clause.id in determined["undetermined"] else Finding.SATISFIED


def _row(session: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]) -> dict[str, Any] | None:
    found = session.execute(query, dict(parameters))
    names = [column[0] for column in found.description]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))
