"""Keep what overseers said: cosignatures and stamps for good, silence and alarms until they have an end.

Rules:
 * None of it is an event of the gate, so none of it is an entry on the ledger: it is about the ledger.
 * What was said is added and stays. The last silence of each overseer is kept until it answers again.
"""

from __future__ import annotations

from datetime import datetime

from narrowgate.store.database import Database
from narrowgate.witnessing.standing import Kind, Seen


def said(database: Database, name: str, kind: Kind, *, size: int, root: bytes, at: datetime, evidence: bytes) -> None:
    """Keep that an overseer has seen the ledger at `size`; its silence, and an alarm of its, are over."""
    with database.transaction():
        database.connection.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?, ?)",
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


def seen(database: Database, name: str, kind: Kind) -> Seen:
    """What one overseer has seen, and how it stands with it."""
    last = database.one("SELECT size, at FROM seen WHERE overseer = ? ORDER BY size DESC, at DESC LIMIT 1", name)
    quiet = database.one("SELECT since, reason FROM silence WHERE overseer = ?", name)
    alarm = database.one(
        "SELECT said FROM alarm WHERE overseer = ? AND ended_at IS NULL ORDER BY rowid DESC LIMIT 1", name
    )
    return Seen(
        name=name,
        kind=kind,
        size=None if last is None else int(last["size"]),
        at=None if last is None else datetime.fromisoformat(last["at"]),
        silence=None if quiet is None else str(quiet["reason"]),
        silent_since=None if quiet is None else datetime.fromisoformat(quiet["since"]),
        alarm=None if alarm is None else str(alarm["said"]),
    )


def has_seen(database: Database, name: str, size: int) -> bool:
    """Whether an overseer has seen the ledger at just that size."""
    return database.one("SELECT 1 FROM seen WHERE overseer = ? AND size = ?", name, size) is not None
