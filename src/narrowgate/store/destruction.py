"""Remove everything that is kept of a batch, in an order that can be broken off anywhere and done again.

Rules:
 * The key goes first: without it, copies of everything else say nothing, wherever they are. It is written over before
   it is removed, which a disk may or may not honour; copies of it are for a change of the custodian's key to end.
 * Every name goes: hand-overs that a replay shares with the run that it was compared with have two.
 * The manifest and its signature stay: they say what was asked for as a whole, and nothing of anybody asked for.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from narrowgate.store.database import Database
from narrowgate.store.folder import BATCH_KEY, GateFolder
from narrowgate.store.keys import destroy_file

KEPT = frozenset({"manifest.json", "manifest.p7s"})


def destroy_kept(folder: GateFolder, database: Database, batch_id: str) -> None:
    """Remove what is kept of a batch whose destruction is on the ledger."""
    destroy_file(folder.package(batch_id) / BATCH_KEY)
    for made in (folder.cases(batch_id), folder.answers(batch_id)):
        shutil.rmtree(made, ignore_errors=True)
    database.forget(batch_id)
    for file in _kept_files(folder.package(batch_id)):
        file.unlink()


def unfinished(folder: GateFolder, database: Database) -> tuple[str, ...]:
    """Batches whose destruction is on the ledger, and of which something is left."""
    rows = database.all("SELECT batch_id FROM destroyed ORDER BY rowid")
    return tuple(batch for batch in (str(row["batch_id"]) for row in rows) if _is_left(folder, batch))


def _is_left(folder: GateFolder, batch_id: str) -> bool:
    return (
        folder.cases(batch_id).exists()
        or folder.answers(batch_id).exists()
        or bool(_kept_files(folder.package(batch_id)))
    )


def _kept_files(package: Path) -> list[Path]:
    """The files of a package that are to be destroyed with its batch."""
    return [file for file in sorted(package.rglob("*")) if file.is_file() and file.name not in KEPT]
