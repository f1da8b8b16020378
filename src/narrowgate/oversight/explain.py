"""Say what was determined of one request and why: its facts, every finding with its citations, and what would mend it.

Rules:
 * One object serves everybody; who looks decides what is shown of it. The officer sees all of it.
 * The requester sees its answer and, for a request returned, the clauses that fail on the face of its own file: what
   an answer file would tell it, and nothing else (promise 6). A request that is denied, referred, held or not yet
   released looks like any other that is not answered.
 * What the record says is shown as findings, never as a record: no address and no other person's data are in here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from narrowgate.accounting.determinations import places
from narrowgate.accounting.stays import known
from narrowgate.adjudication.batch import establish
from narrowgate.agreement.language import facts_of, shortfalls
from narrowgate.agreement.language.words import Shortfall
from narrowgate.agreement.stays import stays_in_force
from narrowgate.engine.parquet import relation
from narrowgate.errors import WrongUse
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.runs import Run
from narrowgate.terms.agreement import Agreement, Basis, Clause
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.determination import Answer, Disposition, Finding
from narrowgate.terms.expression import Value

RECORD_FACTS_KEPT = ("person_id",)
"""Columns of a match that are no facts of the vocabulary and are not shown."""


@dataclass(frozen=True)
class Judged:
    """One clause with its finding; `short` is what keeps it from being satisfied, `remark` what is known of a value."""

    clause: Clause
    finding: Finding
    short: tuple[Shortfall, ...]
    remark: str | None


@dataclass(frozen=True)
class Explained:
    """One determination, opened up."""

    request_ref: str
    run: str
    reading: str
    left_open: tuple[str, ...]
    disposition: Disposition
    match_rule: str | None
    ledger_index: int
    released: bool
    facts: Mapping[str, Any]
    judged: tuple[Judged, ...]

    @property
    def answer(self) -> Answer:
        """What the requester is told, or would be: before a release nothing is answered."""
        if self.disposition is Disposition.RETURN:
            return Answer.RETURNED
        released = self.disposition is Disposition.DISCLOSE and self.released
        return Answer.ANSWERED if released else Answer.NOT_ANSWERED

    @property
    def on_the_face(self) -> tuple[Judged, ...]:
        """The findings that the requester is told of."""
        if self.answer is not Answer.RETURNED:
            return ()
        return tuple(one for one in self.judged if one.clause.face and one.finding is not Finding.SATISFIED)


def explain(
    session: duckdb.DuckDBPyConnection,
    run: Run,
    basis: Basis,
    agreement: Agreement,
    batch: BatchFacts,
    request_ref: str,
    *,
    released: bool,
) -> Explained:
    """The determination of `request_ref` in `run`; `batch` are the facts of its batch."""
    determined = _row(
        session,
        f"SELECT * FROM {relation(run.case.file('determination'))} WHERE request_ref = $ref",
        {"ref": request_ref},
    )
    if determined is None:
        raise WrongUse(f"batch `{run.batch.id}` has no request `{request_ref}`")
    row = {"row": determined["row_no"]}
    placed = _row(session, f"SELECT place FROM ({places(run.case.file(STAGED))}) WHERE row_no = $row", row)
    assert placed is not None
    found = {**_facts(session, run, row), **dataclasses.asdict(batch)}
    return Explained(
        request_ref=request_ref,
        run=run.name,
        reading=basis.reading.id,
        left_open=tuple(sorted(basis.reading.left_open, key=lambda name: (len(name), name))),
        disposition=Disposition(determined["disposition"]),
        match_rule=determined["match_rule"],
        ledger_index=run.first_entry + placed["place"],
        released=released,
        facts=found,
        judged=tuple(_judged(clause, determined, found, basis, agreement) for clause in basis.judged),
    )


def facts_of_batch(desk: Desk, run: Run) -> BatchFacts:
    """The facts of a run's batch as of the moment at which it was determined, by what is known of its signer today."""
    then = datetime.fromisoformat(str(run.summary["determined_at"]))
    stays = stays_in_force(known(desk.book, desk.agreement.stays), at=then)
    return establish(run.batch.manifest, run.batch.signer, desk.gate.trust, run.stays_that_count(stays), at=then)


def _facts(session: duckdb.DuckDBPyConnection, run: Run, row: Mapping[str, object]) -> dict[str, Any]:
    """The facts of one request, and of its record where it was looked up."""
    facts = _row(session, f"SELECT * EXCLUDE (row_no) FROM {relation(run.case.file('facts'))} WHERE row_no = $row", row)
    match = run.case.file("match")
    if not match.exists():
        return facts or {}
    found = _row(session, f"SELECT * EXCLUDE (row_no) FROM {relation(match)} WHERE row_no = $row", row) or {}
    return {**(facts or {}), **{name: value for name, value in found.items() if name not in RECORD_FACTS_KEPT}}


def _judged(
    clause: Clause, determined: Mapping[str, Any], known: Mapping[str, Any], basis: Basis, agreement: Agreement
) -> Judged:
    finding = _finding(clause, determined)
    if finding is Finding.SATISFIED:
        return Judged(clause, finding, (), None)
    read = facts_of(clause.expression)
    row: dict[str, Value | None] = {name: known.get(name) for name in read}
    remark = _remark(row.get("statute"), agreement) if "statute" in read else None
    return Judged(clause, finding, shortfalls(clause.expression, row, basis.parameters), remark)


def _remark(statute: Value | None, agreement: Agreement) -> str | None:
    """What the registry says of the statute that a request cites."""
    if statute is None:
        return None
    found = agreement.statutes.get(str(statute))
    if found is None:
        return f"`{statute}` is not in the registry of statutes" if agreement.statutes else None
    return None if found.accepted else f"{found.cite} is refused, {found.kind.value}: {found.why}"


def _finding(clause: Clause, determined: Mapping[str, Any]) -> Finding:
    if clause.id in determined["not_satisfied"]:
        return Finding.NOT_SATISFIED
    return Finding.UNDETERMINED if clause.id in determined["undetermined"] else Finding.SATISFIED


def _row(session: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]) -> dict[str, Any] | None:
    found = session.execute(query, dict(parameters))
    names = [column[0] for column in found.description]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))
