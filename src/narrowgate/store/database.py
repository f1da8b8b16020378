"""The small database of a gate: batches taken, runs, approvals, stays, releases, and what is about to be entered.

Rules:
 * Bulk findings are never in here, and no personal data beyond what an approver wrote.
 * Every row that records an event carries the index of its ledger entry; it is written by `accounting` alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    batch_id TEXT PRIMARY KEY, rows_sha256 TEXT NOT NULL UNIQUE, manifest_sha256 TEXT NOT NULL,
    signer_sha256 TEXT NOT NULL, signer_subject TEXT NOT NULL, requests INTEGER NOT NULL,
    layout_errors INTEGER NOT NULL, received_at TEXT NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS run (
    run TEXT PRIMARY KEY, batch_id TEXT NOT NULL REFERENCES batch, mode TEXT NOT NULL, reading TEXT NOT NULL,
    determination_digest TEXT NOT NULL, determined_at TEXT NOT NULL, summary TEXT NOT NULL,
    requests INTEGER NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS approval (
    run TEXT NOT NULL REFERENCES run, approver TEXT NOT NULL, certificate_sha256 TEXT NOT NULL,
    statement BLOB NOT NULL, signature BLOB NOT NULL, entry INTEGER NOT NULL,
    PRIMARY KEY (run, approver), UNIQUE (run, certificate_sha256)) STRICT;
CREATE TABLE IF NOT EXISTS defect (
    run TEXT NOT NULL REFERENCES run, request_ref TEXT NOT NULL, approver TEXT NOT NULL, why TEXT NOT NULL,
    entry INTEGER NOT NULL, PRIMARY KEY (run, request_ref, approver)) STRICT;
CREATE TABLE IF NOT EXISTS stay (
    id TEXT PRIMARY KEY, stay TEXT NOT NULL, lifted_at TEXT, entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS release (
    run TEXT PRIMARY KEY REFERENCES run, released_at TEXT NOT NULL, answered INTEGER NOT NULL,
    entry INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
    kind TEXT NOT NULL, subject TEXT NOT NULL, salt BLOB NOT NULL, payload BLOB NOT NULL,
    entry INTEGER NOT NULL) STRICT;
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
        new = not file.exists()
        self.connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.executescript(SCHEMA)
        if new:
            file.chmod(0o600)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within, or none of them."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def one(self, query: str, *values: Cell) -> sqlite3.Row | None:
        """The only row of `query`, or None."""
        found: sqlite3.Row | None = self.connection.execute(query, values).fetchone()
        return found

    def all(self, query: str, *values: Cell) -> list[sqlite3.Row]:
        """Every row of `query`."""
        return self.connection.execute(query, values).fetchall()

    def apply(self, effects: tuple[Effect, ...], entry: int) -> None:
        """Write the rows of `effects`, each with the ledger index `entry`."""
        for effect in effects:
            row = {**effect.row, "entry": entry}
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            self.connection.execute(f"INSERT OR REPLACE INTO {effect.table} ({names}) VALUES ({marks})", row)


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
