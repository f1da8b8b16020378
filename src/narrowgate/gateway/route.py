"""Walk a batch along the route: adjudication, matching, adjudication again, determination, accounting.

Rules:
 * This is the only way from received requests to determinations; every request passes every station (promise 2).
 * A station hands on one row per request that it received; a crash resumes after the last complete hand-over.
 * The register is read for the requests that stand; if none stands it is not read at all (promise 5).
 * A replay takes over from the run it is compared with what was made from the same: facts, and the matches of requests
   that stand under both readings. Nobody is looked up twice to see what a reading changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.adjudication import determination, facts, findings
from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.adjudication.judges import Judge
from narrowgate.gateway import made_from
from narrowgate.matching import resolve
from narrowgate.register import Register
from narrowgate.store.case import Case
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts, Officer

Progress = Callable[[str], None]
"""Called with the name of each station as the batch enters it."""


@dataclass(frozen=True)
class Matter:
    """Everything that judging one batch needs: the requests, the facts of the batch, and what binds.

    `judge` finds on clauses, in the engine of that name. `known` is the case of an earlier run of the batch, for a
    replay to take over from.
    """

    request: Path
    rows: int
    batch: BatchFacts
    roster: tuple[Officer, ...]
    certificates: Collection[str]
    basis: Basis
    register: Register
    judge: Judge
    engine: str
    earlier: tuple[Earlier, ...] = ()
    known: Case | None = None


def walk(session: duckdb.DuckDBPyConnection, case: Case, matter: Matter, progress: Progress) -> int:
    """Determine every request of `matter` into `case`. Returns for how many the register was opened."""
    rows, batch, basis, file = matter.rows, matter.batch, matter.basis, case.file
    known = matter.known
    facts_from = made_from.facts(requested_on=batch.requested_on, roster=matter.roster, earlier=matter.earlier,
        certificates=matter.certificates, releasable=basis.releasable)  # fmt: skip
    matches_from = made_from.matches(register_digest=matter.register.digest, engine=matter.engine, basis=basis)
    matched = known.file("match") if known and known.has("matching", matches_from) else None
    looked_up = 0

    progress("facts")
    case.station("facts", ("facts",), lambda: facts.derive(
        session, request=matter.request, out=file("facts"), rows=rows, batch=batch, roster=matter.roster,
        certificates=matter.certificates, releasable=basis.releasable, earlier=matter.earlier),
        made_from=facts_from, known=known)  # fmt: skip
    progress("findings on batch and request")
    standing = _count(case.station("request findings", ("findings_request",), lambda: findings.judge_requests(
        session, facts=file("facts"), batch=batch, basis=basis, out=file("findings_request"), rows=rows,
        judge=matter.judge)))  # fmt: skip
    if standing:
        progress("matching")
        looked_up = _count(case.station("matching", ("match",), lambda: resolve(
            session, request=matter.request, findings=file("findings_request"), register=matter.register,
            basis=basis, out=file("match"), known=matched).looked_up, made_from=matches_from))  # fmt: skip
        progress("findings on the record")
        case.station("record findings", ("findings_record",), lambda: findings.judge_records(
            session, match=file("match"), facts=file("facts"), batch=batch, basis=basis,
            out=file("findings_record"), judge=matter.judge))  # fmt: skip
    progress("determination")
    case.station("determination", ("determination",), lambda: determination.determine(
        session, request=matter.request, findings_request=file("findings_request"),
        findings_record=file("findings_record") if standing else None,
        match=file("match") if standing else None, basis=basis, out=file("determination"), rows=rows))  # fmt: skip
    return looked_up


def _count(said: object) -> int:
    """What a station said, which is a number of requests."""
    assert isinstance(said, int)
    return said
