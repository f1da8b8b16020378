"""Seal the answers of an approved run and let them leave, if at this very moment nothing forbids it.

Rules:
 * The batch clauses are judged again here, with the stays, the safeguards and the clock of now (promise 8).
 * The register must be the one the run was determined on; whoever has no one last known address is withheld.
 * Answers are sealed first, inside the case. Then, with the gate locked, stays are read a last time, the release is
   entered on the ledger, and only then do the sealed files move to the outbox.
 * A rehearsal may lift the stays that were in force when it began; one that arrived since stops it like any other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import duckdb

from narrowgate.agreement.language import evaluate
from narrowgate.encrypted import KeyFor, open_file
from narrowgate.engine.parquet import relation, write
from narrowgate.files import file_name
from narrowgate.formats import cms
from narrowgate.register import Register
from narrowgate.register.records import last_known_addresses
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads
from narrowgate.terms.release import ReleaseFacts


def barred(basis: Basis, batch: BatchFacts, release: ReleaseFacts | None = None) -> tuple[str, ...]:
    """Ids of the clauses on the batch, and on the release once it is ready, that are not satisfied at this moment."""
    known = dataclasses.asdict(batch) | ({} if release is None else dataclasses.asdict(release))
    reads = (Reads.BATCH,) if release is None else (Reads.BATCH, Reads.RELEASE)
    return tuple(
        clause.id
        for clause in basis.that_read(*reads)
        if evaluate(clause.expression, known, basis.parameters) is not True
    )


def read_records(
    session: duckdb.DuckDBPyConnection, *, determination: Path, register: Register, owed: Path, out: Path
) -> Path | None:
    """Write to `out` the last known address of every person to be disclosed; None if there is nobody.

    `owed` takes who that is. Left out, and so withheld: a person without one last known address.
    """
    if (
        write(
            session,
            f"""
        SELECT row_no, person_id FROM {relation(determination)}
        WHERE disposition = 'disclose' ORDER BY row_no
        """,
            owed,
        )
        == 0
    ):
        return None
    records = last_known_addresses(session, register, relation(owed))
    write(
        session,
        f"""
        SELECT row_no, street, unit, city, state, zip, as_of FROM ({records})
        WHERE street IS NOT NULL
        ORDER BY row_no
        """,
        out,
    )
    register.unchanged()
    return out


def seal_all(
    files: Mapping[str, Path],
    *,
    certificates: Mapping[str, Path],
    custodian: tuple[Path, Path],
    out: Path,
    key_for: KeyFor,
) -> None:
    """Seal each recipient's file to that recipient alone, signed by the custodian (certificate, key)."""
    certificate, key = custodian
    for recipient, plain in files.items():
        target = out / f"{file_name(recipient)}.cms"
        with open_file(plain, key_for) as content:
            cms.seal(content, recipients=[certificates[recipient]], certificate=certificate, key=key, out=target)
        plain.unlink()
