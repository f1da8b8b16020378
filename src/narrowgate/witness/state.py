"""Remember what was cosigned of each log. All of it, not only the latest: an old size signed anew with another root
proves a fork only to a witness that still has the first note.

Rules:
 * Looking and recording are one step: whoever is in here is alone, across threads and processes. Otherwise two requests
   at once could both be judged by the older state (C2SP tlog-witness).
 * What was recorded is on the disk when the step ends, and is never changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from narrowgate.ledger.checkpoint import Checkpoint
from narrowgate.ledger.note import Verifier
from narrowgate.witness.decision import Known
from narrowgate.witness.trusted import LogKey

_SCHEMA = """
CREATE TABLE log_key (
    origin TEXT NOT NULL, vkey TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (origin, vkey)) STRICT;
CREATE TABLE cosigned (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)) STRICT;
"""
_PATIENCE = 30
"""Seconds to wait for whoever is in before."""


class State:
    """The state of one witness, as long as a step lasts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def origins(self) -> list[str]:
        """The logs that are trusted, by name."""
        rows = self._connection.execute("SELECT DISTINCT origin FROM log_key ORDER BY origin")
        return [origin for (origin,) in rows]

    def known(self, origin: str, size: int) -> Known | None:
        """What is known of the log `origin`, and of its `size`; None if it is not trusted."""
        keys = self._keys(origin)
        if not keys:
            return None
        latest, at = self._cosigned(origin, "size = (SELECT max(size) FROM cosigned WHERE origin = :origin)", size)
        same_size, _ = self._cosigned(origin, "size = :size", size)
        return Known(keys, latest, at, same_size)

    def record(self, checkpoint: Checkpoint, at: int) -> None:
        """Keep `checkpoint` as cosigned at POSIX time `at`. One that was cosigned before stays as it was kept."""
        self._connection.execute(
            "INSERT INTO cosigned (origin, size, root, note, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.note, at),
        )

    def trust(self, origin: str, keys: Sequence[LogKey]) -> None:
        """Let `keys` be those of the log `origin`, in place of what was trusted for it."""
        self._connection.execute("DELETE FROM log_key WHERE origin = ?", (origin,))
        self._connection.executemany(
            "INSERT INTO log_key (origin, vkey, first, last) VALUES (?, ?, ?, ?)",
            [(origin, key.verifier.vkey, key.first, key.last) for key in keys],
        )

    def _keys(self, origin: str) -> tuple[LogKey, ...]:
        rows = self._connection.execute("SELECT vkey, first, last FROM log_key WHERE origin = ?", (origin,))
        return tuple(LogKey(Verifier.from_vkey(vkey), first, last) for vkey, first, last in rows)

    def _cosigned(self, origin: str, which: str, size: int) -> tuple[Checkpoint | None, int]:
        row = self._connection.execute(
            f"SELECT size, root, note, at FROM cosigned WHERE origin = :origin AND {which}",
            {"origin": origin, "size": size},
        ).fetchone()
        return (None, 0) if row is None else (Checkpoint(origin, row[0], row[1], row[2]), row[3])


def create(file: Path) -> None:
    """Make an empty state."""
    with closing(_connected(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
    file.chmod(0o600)


@contextmanager
def alone(file: Path) -> Iterator[State]:
    """The state in `file`, with nobody else in it. What is recorded is kept whole when this ends, or not at all."""
    with _step(file, "BEGIN IMMEDIATE") as state:
        yield state


@contextmanager
def view(file: Path) -> Iterator[State]:
    """The state in `file` at one moment, to look at: whoever looks keeps nobody from cosigning."""
    with _step(file, "BEGIN") as state:
        yield state


@contextmanager
def _step(file: Path, begin: str) -> Iterator[State]:
    with closing(_connected(file)) as connection:
        connection.execute(begin)
        try:
            yield State(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _connected(file: Path) -> sqlite3.Connection:
    """A connection of this thread's own."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE)
    connection.execute("PRAGMA synchronous = FULL")
    return connection
