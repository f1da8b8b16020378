"""Walk a batch along the route: adjudication, matching, adjudication again, determination, accounting.

Rules:
 * This is the only way from received requests to determinations; every request passes every station (promise 2).
 * A station hands on one row per request that it received; a crash resumes after the last complete hand-over.
 * The register is read for the requests that stand; if none stands it is not read at all (promise 5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.adjudication import determination, facts, findings
from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.matching import resolve
from narrowgate.register.parquet import ParquetRegister
from narrowgate.store.case import Case
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts, Officer

Progress = Callable[[str], None]
"""Called with the name of each station as the batch enters it."""


@dataclass(frozen=True)
class Matter:
    """Everything that judging one batch needs: the requests, the facts of the batch, and what binds."""

    request: Path
    rows: int
    batch: BatchFacts
    roster: tuple[Officer, ...]
    certificates: Collection[str]
    basis: Basis
    register: ParquetRegister
    earlier: tuple[Earlier, ...] = ()


def walk(session: duckdb.DuckDBPyConnection, case: Case, matter: Matter, progress: Progress) -> int:
    """Determine every request of `matter` into `case`. Returns for how many the register was opened."""
    rows, batch, basis, file = matter.rows, matter.batch, matter.basis, case.file

    progress("facts")
    case.station("facts", ("facts",), lambda: facts.derive(
        session, request=matter.request, out=file("facts"), rows=rows, batch=batch, roster=matter.roster,
        certificates=matter.certificates, releasable=basis.releasable, earlier=matter.earlier))  # fmt: skip
    progress("findings on batch and request")
    standing = _count(case.station("request findings", ("findings_request",), lambda: findings.judge_requests(
        session, facts=file("facts"), batch=batch, basis=basis, out=file("findings_request"), rows=rows)))  # fmt: skip
    if standing:
        progress("matching")
        case.station("matching", ("match",), lambda: resolve(
            session, request=matter.request, findings=file("findings_request"), register=matter.register,
            basis=basis, out=file("match")).looked_up)  # fmt: skip
        progress("findings on the record")
        case.station("record findings", ("findings_record",), lambda: findings.judge_records(
            session, match=file("match"), facts=file("facts"), batch=batch, basis=basis,
            out=file("findings_record")))  # fmt: skip
    progress("determination")
    case.station("determination", ("determination",), lambda: determination.determine(
        session, request=matter.request, findings_request=file("findings_request"),
        findings_record=file("findings_record") if standing else None,
        match=file("match") if standing else None, basis=basis, out=file("determination"), rows=rows))  # fmt: skip
    return standing


def _count(said: object) -> int:
    """What a station said, which is a number of requests."""
    assert isinstance(said, int)
    return said
