"""Determine each request from its findings, and from nothing else.

Rules, in this order:
 * A clause on stays that is not satisfied: hold. While a court forbids release, nothing else is said.
 * A clause on the face of the batch or the request that is not satisfied: return, unworked.
 * Any other clause that is not satisfied: deny.
 * A clause that is undetermined: refer. A person must settle it.
 * Every clause in force is satisfied, and there is at least one: disclose. There is no other way to it
   (promise 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from narrowgate.agreement.language import facts_of
from narrowgate.engine.literal import identifier, text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.terms.agreement import Basis, Clause
from narrowgate.terms.determination import Disposition
from narrowgate.terms.fact import Reads

STAY_FACT = "stays_in_force"
ROWS_AT_ONCE = 8_192


def determine(
    session: duckdb.DuckDBPyConnection,
    *,
    request: Path,
    findings_request: Path,
    findings_record: Path | None,
    match: Path | None,
    basis: Basis,
    out: Path,
    rows: int,
) -> None:
    """Write `out`: row_no, request_ref, disposition, person_id, match_rule, not_satisfied, undetermined.

    Where no request stands there is no match and no finding on a record: those clauses are undetermined.
    """
    write(session, _query(request, findings_request, findings_record, match, basis), out, expect=rows)


def _query(
    request: Path, findings_request: Path, findings_record: Path | None, match: Path | None, basis: Basis
) -> str:
    record = [clause for clause in basis.clauses if clause.reads is Reads.RECORD]
    found = relation(findings_record) if findings_record is not None else _nothing(clause.id for clause in record)
    matched = relation(match) if match is not None else _NO_MATCH
    return f"""
        SELECT row_no, q.request_ref, {_disposition(basis.clauses)} AS disposition,
               m.person_id, m.match_rule,
               {_listed(basis.clauses, "= FALSE")} AS not_satisfied,
               {_listed(basis.clauses, "IS NULL")} AS undetermined
        FROM {relation(request)} AS q
        JOIN {relation(findings_request)} AS f USING (row_no)
        LEFT JOIN {found} AS r USING (row_no)
        LEFT JOIN {matched} AS m USING (row_no)
        ORDER BY row_no
    """


def _disposition(clauses: Sequence[Clause]) -> str:
    """The rules of this module as one CASE."""
    stays = [one for one in clauses if STAY_FACT in facts_of(one.expression)]
    face = [one for one in clauses if one.face and one not in stays]
    rest = [one for one in clauses if not one.face and one not in stays]
    return f"""
        CASE WHEN NOT {_all_true(stays)} THEN 'hold'
             WHEN NOT {_all_true(face)} THEN 'return'
             WHEN {_any_false(rest)} THEN 'deny'
             WHEN {_all_true(clauses)} AND {"TRUE" if clauses else "FALSE"} THEN 'disclose'
             ELSE 'refer' END
    """


def _all_true(clauses: Iterable[Clause]) -> str:
    return "(" + (" AND ".join(f"coalesce({identifier(one.id)}, FALSE)" for one in clauses) or "TRUE") + ")"


def _any_false(clauses: Iterable[Clause]) -> str:
    return "(" + (" OR ".join(f"NOT coalesce({identifier(one.id)}, TRUE)" for one in clauses) or "FALSE") + ")"


def _listed(clauses: Iterable[Clause], condition: str) -> str:
    """The ids of the clauses whose finding meets `condition`, as a list."""
    cases = ", ".join(f"CASE WHEN {identifier(one.id)} {condition} THEN {text_literal(one.id)} END" for one in clauses)
    return f"list_filter(CAST([{cases}] AS VARCHAR[]), lambda clause: clause IS NOT NULL)"


_NO_MATCH = (
    "(SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS VARCHAR) AS person_id,"
    " CAST(NULL AS VARCHAR) AS match_rule WHERE FALSE)"
)


def _nothing(clauses: Iterable[str]) -> str:
    """No findings on any record."""
    columns = "".join(f", CAST(NULL AS BOOLEAN) AS {identifier(one)}" for one in clauses)
    return f"(SELECT CAST(NULL AS BIGINT) AS row_no{columns} WHERE FALSE)"


def dispositions(session: duckdb.DuckDBPyConnection, determination: Path) -> dict[str, int]:
    """How many requests came to each disposition, the ones that occur."""
    found = session.execute(
        f"SELECT disposition, count(*) FROM {relation(determination)} GROUP BY disposition"
    ).fetchall()
    order = [one.value for one in Disposition]
    return dict(sorted(found, key=lambda pair: order.index(pair[0])))


def by_clause(session: duckdb.DuckDBPyConnection, determination: Path) -> dict[str, dict[str, int]]:
    """Per clause id: how many requests it was not satisfied for, and for how many it was undetermined."""
    found = session.execute(
        f"""
        SELECT clause, count(*) FILTER (kind = 'n'), count(*) FILTER (kind = 'u') FROM (
            SELECT unnest(not_satisfied) AS clause, 'n' AS kind FROM {relation(determination)}
            UNION ALL SELECT unnest(undetermined), 'u' FROM {relation(determination)})
        GROUP BY clause ORDER BY clause
        """
    ).fetchall()
    return {clause: {"not_satisfied": no, "undetermined": unknown} for clause, no, unknown in found}


def determination_digest(session: duckdb.DuckDBPyConnection, determination: Path) -> str:
    """Hex SHA-256 over the determinations in the order of the batch, whatever the file's encoding.

    A line each of three JSON lists: reference, disposition, person and rule; not satisfied; undetermined.
    """
    chunks = session.execute(
        f"""
        SELECT string_agg(to_json([request_ref, disposition, person_id, match_rule]) || to_json(not_satisfied)
                || to_json(undetermined) || chr(10), '' ORDER BY row_no)
        FROM {relation(determination)} GROUP BY row_no // {ROWS_AT_ONCE} ORDER BY row_no // {ROWS_AT_ONCE}
        """
    )
    digest = hashlib.sha256()
    while chunk := chunks.fetchone():
        digest.update(chunk[0].encode())
    return digest.hexdigest()
