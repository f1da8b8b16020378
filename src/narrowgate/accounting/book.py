"""Enter events so that none is lost, doubled or in effect before it is on the ledger.

Rules:
 * What is to be entered is first written down as an intent, with the size the ledger has and the rows that will
   record the effect. Then the ledger grows. Then the rows are written and the intent is struck out, in one
   transaction. Whoever finds an intent finishes it: the ledger's size says whether it grew.
 * The gate is locked from before the intent until after it is struck out.
 * A payload is kept beside its salt, encrypted, in the database or the case; the ledger holds only their commitment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet

from narrowgate.encrypted import KeyFor, open_file
from narrowgate.errors import Fault
from narrowgate.files import digest
from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import SALT_SIZE, Entry, commitment
from narrowgate.ledger.log import Log
from narrowgate.store.custody import Custody, Random
from narrowgate.store.database import Database, Effect, effects_as_text, effects_from_text

ENTRY_COLUMN = "entry"
ROWS_AT_ONCE = 32_768


@dataclass(frozen=True)
class Event:
    """One event: its kind, what it is about (a run, a stay, a batch), and what a person may later be shown of it."""

    kind: str
    subject: str
    batch: str | None
    code: str
    payload: Mapping[str, object]
    detail: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Recorded:
    """An event as the ledger holds it, at index `entry`, with what opens it: salt and payload, None once destroyed."""

    kind: str
    subject: str
    entry: int
    opening: tuple[bytes, bytes] | None

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """What the entry commits to, read."""
        return None if self.opening is None else dict(json.loads(self.opening[1]))


class Book:
    """The ledger of a gate together with the database that records what took effect."""

    def __init__(self, log: Log, database: Database, custody: Custody, random: Random) -> None:
        self.log = log
        self._database = database
        self._custody = custody
        self._random = random
        self._recorded: tuple[int, tuple[Recorded, ...]] = (0, ())

    def settle(self) -> None:
        """Finish what an interrupted command had begun to enter, if there is any such thing.

        A Fault if ledger and database are not of one moment: what the one has lost, a stay or an approval, the other
        would go on without.
        """
        intent = self._database.one("SELECT * FROM intent")
        if intent is None:
            self._check_recorded()
            return
        expected, count = int(intent["expect_size"]), int(intent["count"])
        if self.log.size not in (expected, expected + count):
            raise Fault(
                f"the ledger has {self.log.size} entries where an interrupted command left it at {expected}",
                "restore the ledger and the database from the same moment; no record was looked up",
            )
        if self.log.size == expected:
            entries = (
                _unpack(intent["entries"])
                if intent["file"] is None
                else _staged(Path(intent["file"]), str(intent["file_sha256"]), self._custody.key_for)
            )
            self.log.append(entries, expect_size=expected)
        self._strike_out(expected, effects_from_text(intent["effects"]))

    def _check_recorded(self) -> None:
        """Every entry is recorded, as an event or among the determinations of a run: so none was lost or removed."""
        counted = self._database.one(
            "SELECT (SELECT count(*) FROM event) + (SELECT coalesce(sum(requests), 0) FROM run) AS entries"
        )
        recorded = 0 if counted is None else int(counted["entries"])
        if recorded != self.log.size:
            raise Fault(
                f"the ledger has {self.log.size} entries, and the database records {recorded}",
                "restore the ledger and the database from the same moment; no record was looked up",
            )

    def recorded(self, kind: str) -> tuple[Recorded, ...]:
        """Every event of a kind, in the order of entry, as the ledger vouches for it.

        A Fault if the database says of any event what the ledger does not.
        """
        size, events = self._recorded
        if size != self.log.size:
            rows = self._database.all("SELECT kind, subject, batch_id, kept, entry FROM event ORDER BY entry")
            events = tuple(map(self._vouched, rows))
            self._recorded = self.log.size, events
        return tuple(one for one in events if one.kind == kind)

    def _vouched(self, row: sqlite3.Row) -> Recorded:
        """The event of one row; a Fault unless its kind is the entry's and its payload what the entry commits to."""
        index = int(row["entry"])
        entry = Entry.from_bytes(next(self.log.entries(index, index + 1)))
        opening = None
        if row["kept"]:
            kept = self._custody.show(row["kept"], batch=row["batch_id"], name=f"the payload of entry {index}")
            salt, payload = kept[:SALT_SIZE], kept[SALT_SIZE:]
            opening = (salt, payload) if commitment(salt, payload) == entry.commitment else None
        destroyed = entry.batch is not None and row["batch_id"] == entry.batch and not row["kept"]
        if entry.kind != row["kind"] or (opening is None and not destroyed):
            raise Fault(
                f"the database says of entry {index} what the ledger does not",
                "restore the ledger and the database from the same moment; no record was looked up",
            )
        return Recorded(entry.kind, str(row["subject"]), index, opening)

    def enter(self, event: Event, *, at: datetime, effects: Iterable[Effect] = ()) -> int:
        """Enter one event, then write its effects. Returns the index of its entry."""
        salt = self._random(SALT_SIZE)
        payload = canonical(dict(event.payload))
        entry = Entry(
            kind=event.kind,
            batch=event.batch,
            code=event.code,
            at=timestamp(at),
            commitment=commitment(salt, payload),
            detail=dict(event.detail) if event.detail is not None else None,
        ).to_bytes()
        return self._grow([entry], effects=(self._kept(event, salt + payload), *effects))

    def _kept(self, event: Event, opening: bytes) -> Effect:
        """What opens the commitment of `event`, under the key of its batch if there is one."""
        batch = event.batch if event.batch is not None and self._custody.has_key(event.batch) else None
        kept = self._custody.keep(opening, batch=batch)
        return Effect("event", {"kind": event.kind, "subject": event.subject, "batch_id": batch, "kept": kept})

    def enter_staged(self, file: Path, *, count: int, effects: Iterable[Effect]) -> int:
        """Enter the `count` entries of a hand-over file, in its order. Returns the index of the first."""
        staged = digest(file)
        expected = self._intend(count, effects, file=str(file), file_sha256=staged)
        self.log.append(_staged(file, staged, self._custody.key_for), expect_size=expected)
        self._strike_out(expected, tuple(effects))
        return expected

    def _grow(self, entries: list[bytes], *, effects: tuple[Effect, ...]) -> int:
        expected = self._intend(len(entries), effects, entries=_pack(entries))
        self.log.append(entries, expect_size=expected)
        self._strike_out(expected, effects)
        return expected

    def _intend(
        self,
        count: int,
        effects: Iterable[Effect],
        *,
        entries: bytes | None = None,
        file: str | None = None,
        file_sha256: str | None = None,
    ) -> int:
        """Write down what is about to be entered; returns the size that the ledger must have for it."""
        expected = self.log.size
        with self._database.transaction():
            self._database.connection.execute(
                "INSERT INTO intent VALUES (1, ?, ?, ?, ?, ?, ?)",
                (expected, count, entries, file, file_sha256, effects_as_text(tuple(effects))),
            )
        return expected

    def _strike_out(self, entry: int, effects: tuple[Effect, ...]) -> None:
        """Record the effects of what is now on the ledger, and that nothing is pending."""
        with self._database.transaction():
            self._database.apply(effects, entry)
            self._database.connection.execute("DELETE FROM intent")


def timestamp(moment: datetime) -> str:
    """A moment as ledger and answers write it: UTC, whole seconds, `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _pack(entries: list[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _unpack(packed: bytes) -> Iterator[bytes]:
    while packed:
        end = 2 + int.from_bytes(packed[:2], "big")
        yield packed[2:end]
        packed = packed[end:]


def _staged(file: Path, expected: str, key_for: KeyFor) -> Iterator[bytes]:
    """The entries of a hand-over file, which must still be the file that was staged."""
    if digest(file) != expected:
        raise Fault(f"hand-over `{file}` is not the one that was staged for the ledger")
    with open_file(file, key_for) as opened, pyarrow.parquet.ParquetFile(opened) as reader:
        for batch in reader.iter_batches(batch_size=ROWS_AT_ONCE, columns=[ENTRY_COLUMN]):
            yield from batch.column(0).to_pylist()
