"""Say which requests of a batch come to something else under another reading, from what was established already.

Rules:
 * No record is read and nothing is entered: facts, and the matches of requests that were looked up, are those of a run.
 * A request that stands under a reading and was never looked up, or was matched by other evidence, comes to
   `look up`: what its record would say is not known here. `replay` finds out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from narrowgate.adjudication.batch import establish
from narrowgate.adjudication.facts import batch as batch_facts
from narrowgate.agreement.disposition import LEFT, dispositions
from narrowgate.agreement.language import emit
from narrowgate.engine.literal import identifier, text_literal
from narrowgate.engine.parquet import relation
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.runs import Run, basis_of
from narrowgate.oversight.listing import check_kind, write_list
from narrowgate.store.case import Case
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads

LOOK_UP = "look up"


@dataclass(frozen=True)
class Flips:
    """How many of how many requests flip, from what to what, and by how many findings per clause."""

    requests: int
    flipped: int
    moves: Mapping[tuple[str, str], int]
    by_clause: Mapping[str, int]

    def as_json(self) -> dict[str, object]:
        return {
            "requests": self.requests,
            "flipped": self.flipped,
            "moves": [{"before": one, "after": other, "requests": count} for (one, other), count in self.moves.items()],
            "by_clause": dict(self.by_clause),
        }


def flips(desk: Desk, run: Run, before: Basis, after: Basis, *, out: Path | None = None) -> Flips:
    """Compare `before` and `after` over the batch of `run`; `out` gets a row per request that flips."""
    counted = run.stays_that_count(desk.stays())
    batch = establish(run.batch.manifest, run.batch.signer, desk.gate.trust, counted, at=desk.at)
    folders = [run.case.folder, *([check_kind(out).resolve().parent] if out else [])]
    with desk.session(*folders) as session:
        compare(session, run.case, batch, before, after, matched_under=basis_of(desk, run))
        if out is not None:
            _list(session, run, out)
        return _counted(session, before, after)


def compare(
    session: duckdb.DuckDBPyConnection,
    case: Case,
    batch: BatchFacts,
    before: Basis,
    after: Basis,
    *,
    matched_under: Basis,
) -> None:
    """Make the table `flipped`: row_no, what the request comes to on either side, and each side's findings."""
    match = case.file("match")
    known = f"""(SELECT f.*, {batch_facts.columns(batch)}, m.* EXCLUDE (row_no), m.row_no IS NOT NULL AS looked_up
        FROM {relation(case.file("facts"))} AS f LEFT JOIN {relation(match)} AS m USING (row_no))"""
    if not match.exists():
        known = f"""(SELECT *, {batch_facts.columns(batch)}, FALSE AS looked_up
            FROM {relation(case.file("facts"))})"""
    sides = {"b": before, "a": after}
    found = ", ".join(
        f"{emit(clause.expression, bound.parameters)} AS {identifier(f'{side}_{clause.id}')}"
        for side, bound in sides.items()
        for clause in bound.judged
        if clause.reads is not Reads.RECORD or match.exists()
    )
    outcomes = ", ".join(
        f"{_outcome(side, bound, same=match.exists() and bound.evidence == matched_under.evidence)} AS {side}_outcome"
        for side, bound in sides.items()
    )
    session.execute(
        f"""CREATE OR REPLACE TEMP TABLE flipped AS
        SELECT *, b_outcome IS DISTINCT FROM a_outcome AS flips
        FROM (SELECT *, {outcomes} FROM (SELECT row_no, looked_up, {found} FROM {known}))"""
    )


def _outcome(side: str, bound: Basis, *, same: bool) -> str:
    """What a request comes to on one side; `same` says that its matches were made by the same evidence."""
    clauses = tuple(replace(clause, id=f"{side}_{clause.id}") for clause in bound.judged)
    first = tuple(clause for clause in clauses if clause.reads is not Reads.RECORD)
    stands = " AND ".join(f"coalesce({identifier(one.id)}, FALSE)" for one in first) or "FALSE"
    cases = " ".join(
        f"WHEN {emit(rule, {})} THEN {text_literal(found.value)}"
        for found, rule in dispositions(clauses if same else first)
    )
    unknown = "NOT looked_up" if same else "TRUE"
    return (
        f"CASE WHEN ({stands}) AND {unknown} THEN {text_literal(LOOK_UP)} {cases} ELSE {text_literal(LEFT.value)} END"
    )


def _counted(session: duckdb.DuckDBPyConnection, before: Basis, after: Basis) -> Flips:
    moves = session.execute(
        """SELECT b_outcome, a_outcome, count(*) AS n FROM flipped WHERE flips GROUP BY ALL
        ORDER BY n DESC, b_outcome, a_outcome"""
    ).fetchall()
    total = session.execute("SELECT count(*), count(*) FILTER (flips) FROM flipped").fetchone()
    assert total is not None
    return Flips(total[0], total[1], {(one, other): n for one, other, n in moves}, _by_clause(session, before, after))


def _by_clause(session: duckdb.DuckDBPyConnection, before: Basis, after: Basis) -> dict[str, int]:
    """Per clause: the requests that flip for which it is satisfied on one side and not on the other.

    A clause that does not bind on a side counts as satisfied there. Of the record only what was looked up counts.
    """
    columns = {row[0] for row in session.execute("DESCRIBE flipped").fetchall()}
    clauses = {clause.id: clause for bound in (before, after) for clause in bound.judged}
    differs = {}
    for name, clause in clauses.items():
        one, other = (
            f"coalesce({identifier(column)}, FALSE)" if column in columns else "TRUE"
            for column in (f"b_{name}", f"a_{name}")
        )
        differs[name] = f"{one} <> {other}" + (" AND looked_up" if clause.reads is Reads.RECORD else "")
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition in differs.values()) or "0"
    found = session.execute(f"SELECT {counts} FROM flipped WHERE flips").fetchone()
    assert found is not None
    pairs = [(name, count) for name, count in zip(differs, found, strict=False) if count]
    return dict(sorted(pairs, key=lambda pair: -pair[1]))


def _list(session: duckdb.DuckDBPyConnection, run: Run, out: Path) -> None:
    """Write request_ref, before and after of every request that flips."""
    query = f"""SELECT request_ref, b_outcome AS before, a_outcome AS after
        FROM flipped JOIN {relation(run.case.file("determination"))} USING (row_no) WHERE flips ORDER BY row_no"""
    write_list(session, query, out, texts=("request_ref", "before", "after"))
