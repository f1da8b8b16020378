"""The small database of a gate: batches taken, runs, approvals, stays, releases, and what is about to be entered.

Rules:
 * Bulk findings are never in here. What an event says is a `kept` blob, the salt followed by the payload, encrypted
   with the key of its batch (`custody`); what is read of it is held against the ledger (`accounting.book`).
 * Every row that records an event carries the index of its ledger entry; it is written by `accounting` alone. What
   overseers said of the ledger is no event of it (`witnessing`).
 * A file that cannot be read or written, or is damaged, is a Fault that names it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from narrowgate.errors import Fault

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    batch_id TEXT PRIMARY KEY, rows_sha256 TEXT NOT NULL UNIQUE, manifest_sha256 TEXT NOT NULL,
    signer_sha256 TEXT NOT NULL, signer_subject TEXT NOT NULL, requests INTEGER NOT NULL,
    layout_errors INTEGER NOT NULL, received_at TEXT NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS run (
    run TEXT PRIMARY KEY, batch_id TEXT NOT NULL REFERENCES batch, mode TEXT NOT NULL, reading TEXT NOT NULL,
    determination_digest TEXT NOT NULL, determined_at TEXT NOT NULL, summary TEXT NOT NULL, under TEXT NOT NULL,
    requests INTEGER NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS approval (
    run TEXT NOT NULL REFERENCES run, approver TEXT NOT NULL, certificate_sha256 TEXT NOT NULL,
    statement BLOB NOT NULL, signature BLOB NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (run, approver), UNIQUE (run, certificate_sha256)) STRICT;
CREATE TABLE IF NOT EXISTS release (
    run TEXT PRIMARY KEY REFERENCES run, released_at TEXT NOT NULL, answered INTEGER NOT NULL,
    entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS destroyed (
    batch_id TEXT PRIMARY KEY REFERENCES batch, destroyed_at TEXT NOT NULL, custody TEXT NOT NULL,
    entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
    kind TEXT NOT NULL, subject TEXT NOT NULL, batch_id TEXT, kept BLOB NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen (
    overseer TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at TEXT NOT NULL,
    evidence BLOB NOT NULL, PRIMARY KEY (overseer, size)) STRICT;
CREATE TABLE IF NOT EXISTS silence (overseer TEXT PRIMARY KEY, since TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS alarm (overseer TEXT NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL, ended_at TEXT) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS intent (
    one INTEGER PRIMARY KEY CHECK (one = 1), expect_size INTEGER NOT NULL, count INTEGER NOT NULL,
    entries BLOB, file TEXT, file_sha256 TEXT, effects TEXT NOT NULL) STRICT;
"""

Cell = str | int | bytes | None


@dataclass(frozen=True)
class Effect:
    """One row to be written once its event is on the ledger; `entry` is filled in with the event's index."""

    table: str
    row: Mapping[str, Cell]


class Database:
    """One gate's database. `connection` is in autocommit; `transaction` makes several statements one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        new = not file.exists()
        with self._usable():
            self.connection = sqlite3.connect(file, isolation_level=None, timeout=30)
            self.connection.row_factory = sqlite3.Row
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA foreign_keys = ON")
            self.connection.execute("PRAGMA secure_delete = ON")
            self.connection.executescript(SCHEMA)
        if new:
            file.chmod(0o600)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within, or none of them."""
        with self._usable():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.connection.in_transaction:  # a disk that is full has ended it already
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def one(self, query: str, *values: Cell) -> sqlite3.Row | None:
        """The only row of `query`, or None."""
        with self._usable():
            found: sqlite3.Row | None = self.connection.execute(query, values).fetchone()
        return found

    def all(self, query: str, *values: Cell) -> list[sqlite3.Row]:
        """Every row of `query`."""
        with self._usable():
            return self.connection.execute(query, values).fetchall()

    def forget(self, batch_id: str) -> None:
        """Empty what is kept of the events of a batch whose key is gone."""
        with self.transaction():
            self.connection.execute("UPDATE event SET kept = x'' WHERE batch_id = ?", (batch_id,))
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def apply(self, effects: tuple[Effect, ...], entry: int) -> None:
        """Write the rows of `effects`, each with the ledger index `entry`."""
        for effect in effects:
            row = {**effect.row, "entry": entry}
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            self.connection.execute(f"INSERT OR REPLACE INTO {effect.table} ({names}) VALUES ({marks})", row)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Say which file it is if the disk, or what the file holds, keeps the work within from being done."""
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as problem:
            raise Fault(
                f"database `{self._file}` cannot be used: {problem}",
                "see to the disk and the file, then give the same command again; nothing was released",
            ) from problem


def effects_as_text(effects: tuple[Effect, ...]) -> str:
    """`effects` as JSON; bytes as hex under a key that says so."""
    return json.dumps(
        [
            {
                "table": effect.table,
                "row": {
                    name: {"hex": cell.hex()} if isinstance(cell, bytes) else cell for name, cell in effect.row.items()
                },
            }
            for effect in effects
        ]
    )


def effects_from_text(text: str) -> tuple[Effect, ...]:
    """The effects that `effects_as_text` wrote."""
    return tuple(
        Effect(
            one["table"],
            {name: bytes.fromhex(cell["hex"]) if isinstance(cell, dict) else cell for name, cell in one["row"].items()},
        )
        for one in json.loads(text)
    )
