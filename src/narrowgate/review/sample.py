"""Draw a sample of what a run would disclose, and judge it again by the definition of the clause language.

Rules:
 * The sample follows from the determination digest, so nobody chooses it and both approvers see the same one.
 * Judging again is plain Python over the facts of each request (`agreement.language.model`), not the engine's SQL:
   a difference between the two is a defect, and a defect stops release.
 * The size is the agreement's parameter `sample_size`; a smaller run is judged again whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.agreement.language import evaluate
from narrowgate.engine.parquet import relation
from narrowgate.errors import Fault
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.expression import Value

Row = Mapping[str, Value | None]


@dataclass(frozen=True)
class Sample:
    """The request references drawn, and the defects found: (request_ref, clause id) pairs."""

    drawn: tuple[str, ...]
    defects: tuple[tuple[str, str], ...]

    @property
    def clean(self) -> bool:
        """Whether nothing that was drawn is defective."""
        return not self.defects


def judge_again(
    session: duckdb.DuckDBPyConnection,
    *,
    determination: Path,
    facts: Path,
    match: Path,
    determination_digest: str,
    batch: BatchFacts,
    basis: Basis,
) -> Sample:
    """Judge the sample of the run with these hand-overs again; a stay that was lifted for a rehearsal is not judged."""
    size = basis.parameters.get("sample_size")
    if not isinstance(size, int):
        raise Fault("the agreement has no parameter `sample_size`")
    rows = _draw(session, determination, facts, match, determination_digest, size)
    known = dataclasses.asdict(batch)
    defects = tuple(
        (str(row["request_ref"]), clause.id)
        for row in rows
        for clause in basis.judged
        if evaluate(clause.expression, {**row, **known}, basis.parameters) is not True
    )
    return Sample(tuple(str(row["request_ref"]) for row in rows), defects)


def _draw(
    session: duckdb.DuckDBPyConnection,
    determination: Path,
    facts: Path,
    match: Path,
    determination_digest: str,
    size: int,
) -> list[Row]:
    """The facts of `size` disclosures, in the order of a hash that nobody could choose."""
    if not match.exists():
        return []
    found = session.execute(
        f"""
        SELECT d.request_ref, f.* EXCLUDE (row_no), m.* EXCLUDE (row_no)
        FROM {relation(determination)} AS d
        JOIN {relation(facts)} AS f USING (row_no)
        JOIN {relation(match)} AS m USING (row_no)
        WHERE d.disposition = 'disclose'
        ORDER BY sha256($digest || ':' || d.row_no), d.row_no
        LIMIT $size
        """,
        {"digest": determination_digest, "size": size},
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
