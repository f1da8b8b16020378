"""Find on every clause in force: satisfied, not satisfied or undetermined, as one boolean column per clause.

Rules:
 * Every request gets a finding on every clause, whatever the others came to (promises 1 and 2).
 * A request stands if every clause that reads the batch or the request is satisfied. If no clause binds, none
   stands.
 * Clauses on the record are found on for requests that stand, and for no other.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.adjudication.facts import batch as batch_facts
from narrowgate.adjudication.judges import Judge, in_session
from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import relation, write
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads


def judge_requests(
    session: duckdb.DuckDBPyConnection,
    *,
    facts: Path,
    batch: BatchFacts,
    basis: Basis,
    out: Path,
    rows: int,
    judge: Judge = in_session,
) -> int:
    """Write `out`: row_no, a column per clause on batch or request, and `stands`. Returns how many stand."""
    clauses = basis.that_read(Reads.BATCH, Reads.REQUEST)
    stands = " AND ".join(f"coalesce({identifier(clause.id)}, FALSE)" for clause in clauses) or "FALSE"
    # The facts of the batch are columns of constants, not a joined row: a join would lose the order of the
    # rows.
    known = f"SELECT *, {batch_facts.columns(batch)} FROM {relation(facts)}"
    found = judge(session, known, clauses, basis.parameters)
    write(session, f"SELECT *, {stands} AS stands FROM ({found})", out, expect=rows)
    counted = session.execute(f"SELECT count(*) FROM {relation(out)} WHERE stands").fetchone()
    assert counted is not None
    return int(counted[0])


def judge_records(
    session: duckdb.DuckDBPyConnection,
    *,
    match: Path,
    facts: Path,
    batch: BatchFacts,
    basis: Basis,
    out: Path,
    judge: Judge = in_session,
) -> None:
    """Write `out`: row_no and a column per clause on the record, one row per request that stands."""
    clauses = basis.that_read(Reads.RECORD)
    counted = session.execute(f"SELECT count(*) FROM {relation(match)}").fetchone()
    assert counted is not None
    known = f"""SELECT *, {batch_facts.columns(batch)}
        FROM {relation(match)} AS m JOIN {relation(facts)} AS f USING (row_no)"""
    found = judge(session, known, clauses, basis.parameters)
    write(session, f"FROM ({found}) ORDER BY row_no", out, expect=int(counted[0]))
