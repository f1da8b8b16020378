"""Judge a batch again under another reading, and compare it with what was determined (promise 11).

Rules:
 * The route is the same program; only the reading is another. Nothing can come of a replay: it has no approvals.
 * What does not depend on the reading is taken over from the run that it is compared with (`gateway.route`).
 * One entry says that a replay was made, of what and with which result; requests get no entries of their own.
 * A comparison counts, per clause, the requests that one side disclosed and the other does not. Clauses on the record
   are counted only where the record was read: elsewhere nothing is known about them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.accounting.book import Event
from narrowgate.engine.parquet import relation
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.determine import judge, judgement
from narrowgate.gateway.route import Progress
from narrowgate.gateway.runs import Run
from narrowgate.oversight.listing import check_kind, write_list
from narrowgate.store.case import Case
from narrowgate.terms.agreement import Basis
from narrowgate.terms.determination import Mode
from narrowgate.terms.fact import Reads


@dataclass(frozen=True)
class Comparison:
    """Two judgements of the same batch. `flips` counts clauses over the requests disclosed before and not now."""

    disclosed_before: int
    disclosed_now: int
    disclosed_in_both: int
    determined_otherwise: int
    flips: Mapping[str, int]
    by_rule: Mapping[str, int]


def replay(
    desk: Desk, run: Run, *, reading: str, progress: Progress, out: Path | None = None
) -> tuple[dict[str, object], Comparison]:
    """The summary of `run`'s batch judged under `reading`, and its comparison with `run`.

    `out` gets a row for each request that is determined otherwise.
    """
    folders = [check_kind(out).resolve().parent] if out else []
    judged = judgement(desk, run.batch, Mode.REPLAY, reading)
    case = Case(desk.gate.folder.make(desk.gate.folder.case(run.batch.id, judged.run)))
    summary = judge(desk, judged, case, progress, known=run.case)
    with desk.session(run.case.folder, case.folder, *folders) as session:
        found = compare(session, before=run.case, now=case, on_record=record_clauses(judged.basis))
        if out is not None:
            _list(session, before=run.case, now=case, out=out)
    desk.book.enter(
        Event(
            "replay",
            case.folder.name,
            run.batch.id,
            "replay",
            payload={"of": run.name, "summary": summary, "flips": dict(found.flips)},
            detail={"reading": reading},
        ),
        at=desk.at,
    )
    return summary, found


def record_clauses(basis: Basis) -> tuple[str, ...]:
    """Ids of the clauses that read the record."""
    return tuple(clause.id for clause in basis.that_read(Reads.RECORD))


def compare(session: duckdb.DuckDBPyConnection, *, before: Case, now: Case, on_record: Collection[str]) -> Comparison:
    """How the determinations in the case `now` differ from those in `before`, which judged the same requests.

    `on_record` are the ids of the clauses of `now` that read the record.
    """
    earlier, later = relation(before.file("determination")), relation(now.file("determination"))
    findings = relation(now.file("findings_request"))
    counts = session.execute(
        f"""
        SELECT count(*) FILTER (b.disposition = 'disclose'), count(*) FILTER (n.disposition = 'disclose'),
               count(*) FILTER (b.disposition = 'disclose' AND n.disposition = 'disclose'),
               count(*) FILTER (b.disposition <> n.disposition)
        FROM {earlier} AS b JOIN {later} AS n USING (row_no)
        """
    ).fetchone()
    assert counts is not None
    flips = session.execute(
        f"""
        SELECT clause, count(*) FROM (
            SELECT unnest(list_concat(n.not_satisfied, list_filter(
                       n.undetermined, lambda c: f.stands OR NOT list_contains($on_record, c)))) AS clause
            FROM {earlier} AS b JOIN {later} AS n USING (row_no) JOIN {findings} AS f USING (row_no)
            WHERE b.disposition = 'disclose' AND n.disposition <> 'disclose')
        GROUP BY clause ORDER BY clause
        """,
        {"on_record": list(on_record)},
    ).fetchall()
    rules = session.execute(
        f"SELECT match_rule, count(*) FROM {earlier} WHERE disposition = 'disclose' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    disclosed_before, disclosed_now, in_both, otherwise = counts
    return Comparison(disclosed_before, disclosed_now, in_both, otherwise, dict(flips), dict(rules))


def _list(session: duckdb.DuckDBPyConnection, *, before: Case, now: Case, out: Path) -> None:
    """Write what the requests that are determined otherwise came to before and come to now, and why."""
    query = f"""
        SELECT request_ref, b.disposition AS before, n.disposition AS after, n.not_satisfied, n.undetermined
        FROM {relation(before.file("determination"))} AS b
        JOIN {relation(now.file("determination"))} AS n USING (row_no, request_ref)
        WHERE b.disposition <> n.disposition ORDER BY row_no"""
    write_list(session, query, out, texts=("request_ref", "before", "after"), lists=("not_satisfied", "undetermined"))
