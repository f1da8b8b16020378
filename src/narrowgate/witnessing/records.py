"""Keep what overseers said: cosignatures and stamps for good, silence and alarms until they have an end.

Rules:
 * None of it is an event of the gate, so none of it is an entry on the ledger: it is about the ledger.
 * What was said of a size is kept until the same overseer says it anew; its last silence, until it answers again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from narrowgate.store.database import Database
from narrowgate.witnessing.standing import Kind, Seen


@dataclass(frozen=True)
class Said:
    """What an overseer said last: up to which size, when, and the signature line or token that says so."""

    size: int
    at: datetime
    evidence: bytes


def said(database: Database, name: str, kind: Kind, *, size: int, root: bytes, at: datetime, evidence: bytes) -> None:
    """Keep that an overseer has seen the ledger at `size`; its silence, and an alarm of its, are over.

    What it said of that size before gives way: it may be that nothing verifies it any more.
    """
    with database.transaction():
        database.connection.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)",
            (name, kind.value, size, root, at.isoformat(), evidence),
        )
        database.connection.execute("DELETE FROM silence WHERE overseer = ?", (name,))
        database.connection.execute(
            "UPDATE alarm SET ended_at = ? WHERE overseer = ? AND ended_at IS NULL", (at.isoformat(), name)
        )


def silent(database: Database, name: str, reason: str, *, at: datetime) -> None:
    """Keep why an overseer did not answer; since when, if it was silent before."""
    with database.transaction():
        database.connection.execute(
            "INSERT INTO silence VALUES (?, ?, ?) ON CONFLICT (overseer) DO UPDATE SET reason = excluded.reason",
            (name, at.isoformat(), reason),
        )


def alarmed(database: Database, name: str, what: str, *, at: datetime) -> None:
    """Keep what an overseer said against the ledger."""
    with database.transaction():
        database.connection.execute("INSERT INTO alarm VALUES (?, ?, ?, NULL)", (name, at.isoformat(), what))


def last(database: Database, name: str) -> Said | None:
    """What an overseer said of the largest size that it spoke of, or None; whether it did, its signature says."""
    row = database.one("SELECT size, at, evidence FROM seen WHERE overseer = ? ORDER BY size DESC LIMIT 1", name)
    return None if row is None else Said(int(row["size"]), datetime.fromisoformat(row["at"]), bytes(row["evidence"]))


def seen(database: Database, name: str, kind: Kind, proved: Said | None) -> Seen:
    """How it stands with one overseer, of which `proved` is what it has seen."""
    quiet = database.one("SELECT since, reason FROM silence WHERE overseer = ?", name)
    alarm = database.one(
        "SELECT said FROM alarm WHERE overseer = ? AND ended_at IS NULL ORDER BY rowid DESC LIMIT 1", name
    )
    return Seen(
        name=name,
        kind=kind,
        size=None if proved is None else proved.size,
        at=None if proved is None else proved.at,
        silence=None if quiet is None else str(quiet["reason"]),
        silent_since=None if quiet is None else datetime.fromisoformat(quiet["since"]),
        alarm=None if alarm is None else str(alarm["said"]),
    )
