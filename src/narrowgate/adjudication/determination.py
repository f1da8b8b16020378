"""Determine each request from its findings, and from nothing else.

Rules:
 * The order of dispositions, and what each of them takes, is said in `agreement.disposition`; here it is applied.
 * Clauses that read the release are not judged yet, and have no part in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from narrowgate.agreement.disposition import LEFT
from narrowgate.agreement.disposition import dispositions as dispositions_of
from narrowgate.agreement.language import emit
from narrowgate.engine.literal import identifier, text_literal
from narrowgate.engine.parquet import relation, write
from narrowgate.terms.agreement import Basis, Clause
from narrowgate.terms.determination import Disposition
from narrowgate.terms.fact import Reads

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
    record = basis.that_read(Reads.RECORD)
    found = relation(findings_record) if findings_record is not None else _nothing(clause.id for clause in record)
    matched = relation(match) if match is not None else _NO_MATCH
    return f"""
        SELECT row_no, q.request_ref, {_disposition(basis.judged)} AS disposition,
               m.person_id, m.match_rule,
               {_listed(basis.judged, "= FALSE")} AS not_satisfied,
               {_listed(basis.judged, "IS NULL")} AS undetermined
        FROM {relation(request)} AS q
        JOIN {relation(findings_request)} AS f USING (row_no)
        LEFT JOIN {found} AS r USING (row_no)
        LEFT JOIN {matched} AS m USING (row_no)
        ORDER BY row_no
    """


def _disposition(clauses: Sequence[Clause]) -> str:
    """The rules of `agreement.disposition` as one CASE over the findings' columns."""
    cases = " ".join(
        f"WHEN {emit(rule, {})} THEN {text_literal(found.value)}" for found, rule in dispositions_of(clauses)
    )
    return f"CASE {cases} ELSE {text_literal(LEFT.value)} END"


def _listed(clauses: Iterable[Clause], condition: str) -> str:
    """The ids of the clauses whose finding meets `condition`, as a list."""
    listed = tuple(clauses)
    cases = ", ".join(f"CASE WHEN {identifier(one.id)} {condition} THEN {text_literal(one.id)} END" for one in listed)
    ids = f"list_filter(CAST([{cases}] AS VARCHAR[]), lambda clause: clause IS NOT NULL)"
    # Making a list of every clause is most of the work of the station, and most requests have none to list.
    any_listed = " OR ".join(f"{identifier(one.id)} {condition}" for one in listed) or "FALSE"
    return f"CASE WHEN {any_listed} THEN {ids} ELSE CAST([] AS VARCHAR[]) END"


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
