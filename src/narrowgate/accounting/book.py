"""Enter events so that none is lost, doubled or in effect before it is on the ledger.

Rules:
 * What is to be entered is first written down as an intent, with the size the ledger has and the rows that will
   record the effect. Then the ledger grows. Then the rows are written and the intent is struck out, in one
   transaction. Whoever finds an intent finishes it: the ledger's size says whether it grew.
 * The gate is locked from before the intent until after it is struck out.
 * A payload is kept beside its salt in the database or the case; the ledger holds only their commitment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.parquet

from narrowgate.errors import Fault
from narrowgate.files import digest
from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import Entry, commitment
from narrowgate.ledger.log import Log
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


class Book:
    """The ledger of a gate together with the database that records what took effect."""

    def __init__(self, log: Log, database: Database, random: Callable[[int], bytes]) -> None:
        self.log = log
        self._database = database
        self._random = random

    def settle(self) -> None:
        """Finish what an interrupted command had begun to enter, if there is any such thing."""
        intent = self._database.one("SELECT * FROM intent")
        if intent is None:
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
                else _staged(Path(intent["file"]), str(intent["file_sha256"]))
            )
            self.log.append(entries, expect_size=expected)
        self._strike_out(expected, effects_from_text(intent["effects"]))

    def enter(self, event: Event, *, at: datetime, effects: Iterable[Effect] = ()) -> int:
        """Enter one event, then write its effects. Returns the index of its entry."""
        salt = self._random(32)
        payload = canonical(dict(event.payload))
        entry = Entry(
            kind=event.kind,
            batch=event.batch,
            code=event.code,
            at=timestamp(at),
            commitment=commitment(salt, payload),
            detail=dict(event.detail) if event.detail is not None else None,
        ).to_bytes()
        kept = Effect("event", {"kind": event.kind, "subject": event.subject, "salt": salt, "payload": payload})
        return self._grow([entry], effects=(kept, *effects))

    def enter_staged(self, file: Path, *, count: int, effects: Iterable[Effect]) -> int:
        """Enter the `count` entries of a hand-over file, in its order. Returns the index of the first."""
        staged = digest(file)
        expected = self._intend(count, effects, file=str(file), file_sha256=staged)
        self.log.append(_staged(file, staged), expect_size=expected)
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


def _staged(file: Path, expected: str) -> Iterator[bytes]:
    """The entries of a hand-over file, which must still be the file that was staged."""
    if digest(file) != expected:
        raise Fault(f"hand-over `{file}` is not the one that was staged for the ledger")
    with pyarrow.parquet.ParquetFile(file) as reader:
        for batch in reader.iter_batches(batch_size=ROWS_AT_ONCE, columns=[ENTRY_COLUMN]):
            yield from batch.column(0).to_pylist()
