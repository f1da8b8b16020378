"""Find a run that was determined earlier, with everything its approval and its release need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from narrowgate.adjudication.determination import determination_digest
from narrowgate.agreement.in_force import basis
from narrowgate.errors import WrongUse
from narrowgate.gateway.desk import Batch, Desk
from narrowgate.store.case import Case
from narrowgate.store.database import Database
from narrowgate.terms.agreement import Basis, Stay
from narrowgate.terms.determination import Mode


@dataclass(frozen=True)
class Run:
    """One determined run: its case, its summary, the index of its first determination on the ledger.

    `under` is the document that says what all of its determinations were made under (`spec/under.md`), as text.
    """

    name: str
    batch: Batch
    mode: Mode
    reading: str
    digest: str
    summary: Mapping[str, object]
    first_entry: int
    under: str
    case: Case

    def stays_that_count(self, stays: tuple[Stay, ...]) -> tuple[Stay, ...]:
        """Of the stays in force, those that bind this run: a rehearsal leaves out the ones it lifted."""
        lifted = self.summary["lifted"]
        assert isinstance(lifted, list)
        return tuple(stay for stay in stays if stay.id not in lifted)

    @property
    def expected(self) -> dict[str, object]:
        """What every approval of this run must say."""
        return {
            "batch": self.batch.id,
            "run": self.name,
            "mode": self.mode.value,
            "reading": self.reading,
            "determination_digest": self.digest,
        }


def latest(database: Database, batch_id: str, *, reading: str | None = None, run: str | None = None) -> str:
    """The name of the latest run or rehearsal of a batch, of one reading or of that very name if given."""
    row = database.one(
        "SELECT run FROM run WHERE batch_id = ?1 AND (?2 IS NULL OR reading = ?2) AND (?3 IS NULL OR run = ?3) "
        "ORDER BY rowid DESC LIMIT 1",
        batch_id,
        reading,
        run,
    )
    if row is None:
        under = "" if reading is None else f" under the reading `{reading}`"
        raise WrongUse(
            f"batch `{batch_id}` has not been determined{under}",
            "use `narrowgate run` or `narrowgate rehearse` first; no record was looked up",
        )
    return str(row["run"])


def find(desk: Desk, batch_id: str, *, reading: str | None = None, run: str | None = None) -> Run:
    """The latest run of a batch, or the latest of one reading, or the one named."""
    batch = desk.batch(batch_id)
    row = desk.gate.database.one(
        "SELECT * FROM run WHERE run = ?", latest(desk.gate.database, batch_id, reading=reading, run=run)
    )
    assert row is not None
    return Run(
        name=row["run"],
        batch=batch,
        mode=Mode(row["mode"]),
        reading=row["reading"],
        digest=row["determination_digest"],
        summary=json.loads(row["summary"]),
        first_entry=row["entry"],
        under=row["under"],
        case=Case(desk.gate.folder.case(batch_id, row["run"])),
    )


def as_entered(session: duckdb.DuckDBPyConnection, run: Run) -> bool:
    """Whether the determinations in the case folder of `run` are those that were entered."""
    return determination_digest(session, run.case.file("determination")) == run.digest


def basis_of(desk: Desk, run: Run) -> Basis:
    """What binds today under the reading of `run`."""
    return basis(desk.agreement, run.reading, on=desk.at.date())
