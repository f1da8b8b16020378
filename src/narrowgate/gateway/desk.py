"""A desk: one gate, locked, with its book open and its agreement loaded, at one moment.

Rules:
 * Whoever reads stays in order to act, or enters the ledger, sits at a desk; there is one desk per gate at a time.
 * The clock is read once, by the door, and given to the desk; so is randomness. A clock that is behind the ledger's
   last entry is wrong, and nothing is entered by it.
 * What an interrupted command left is finished before anything else is done: an entry, a destruction.
 * Nothing is entered before the overseers were asked whether this is the ledger that they know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from narrowgate.accounting.book import Book, timestamp
from narrowgate.accounting.opened import adopt, open_book
from narrowgate.accounting.stays import known
from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.adjudication.judges import Judge, in_session, on_cluster
from narrowgate.agreement.load import load
from narrowgate.agreement.stays import stays_in_force
from narrowgate.encrypted import SUFFIX
from narrowgate.engine.session import engine_name, open_session, problems_of_files, within_memory
from narrowgate.engine.spark import Spark
from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.formats.manifest import read_again
from narrowgate.formats.package import MANIFEST
from narrowgate.gateway.custody import change_custody, is_owed
from narrowgate.gateway.overseen import Overseen, entered_at
from narrowgate.ledger.log import Log
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.register import Register, open_register
from narrowgate.store.custody import Random
from narrowgate.store.destruction import destroy_kept, unfinished
from narrowgate.store.gate import Gate
from narrowgate.terms.agreement import Agreement, Stay
from narrowgate.terms.batch import Manifest, Signer
from narrowgate.terms.refusal import Refusal


@dataclass(frozen=True)
class Batch:
    """A batch that was received: its manifest, who signed it, and where its requests lie."""

    manifest: Manifest
    signer: Signer
    requests: int
    layout_errors: int
    received_at: str
    manifest_sha256: str
    request: Path

    @property
    def id(self) -> str:
        return self.manifest.batch_id


@dataclass(frozen=True)
class Desk:
    """One gate at one moment; see the module. With a `cluster`, that judges clauses and reads the register."""

    gate: Gate
    book: Book
    agreement: Agreement
    at: datetime
    random: Random
    overseen: Overseen
    cluster: Spark | None = None

    @property
    def engine(self) -> str:
        """Name and version of what judges and reads here, as every determination records it."""
        return f"{engine_name()}, {self.cluster.name}" if self.cluster else engine_name()

    @property
    def judge(self) -> Judge:
        """What finds on clauses here."""
        return on_cluster(self.cluster) if self.cluster else in_session

    def batch(self, batch_id: str) -> Batch:
        """The received batch of that id; wrong use if there is none."""
        row = self.gate.database.one("SELECT * FROM batch WHERE batch_id = ?", batch_id)
        if row is None:
            raise WrongUse(
                f"this gate has received no batch `{batch_id}`",
                "`narrowgate show` lists the batches; no record was looked up",
            )
        home = self.gate.folder.package(batch_id)
        return Batch(
            _manifest(home / "package" / MANIFEST, str(row["manifest_sha256"])),
            Signer(row["signer_sha256"], row["signer_subject"]),
            row["requests"],
            row["layout_errors"],
            row["received_at"],
            row["manifest_sha256"],
            home / f"request.parquet{SUFFIX}",
        )

    def received_before(self, batch: Batch) -> tuple[Batch, ...]:
        """The batches that this gate received before `batch`, in that order."""
        rows = self.gate.database.all(
            "SELECT batch_id FROM batch WHERE rowid < (SELECT rowid FROM batch WHERE batch_id = ?) ORDER BY rowid",
            batch.id,
        )
        return tuple(self.batch(row["batch_id"]) for row in rows)

    def live(self, batch: Batch) -> Batch:
        """`batch`, unless what it asks for has lapsed: an authorisation that expired carries nothing further."""
        if self.at > batch.manifest.expires_at:
            raise Refused(
                f"batch `{batch.id}` expired at {timestamp(batch.manifest.expires_at)}",
                "the requester may submit it again under a new batch id; no record was looked up",
            )
        return batch

    def stays(self) -> tuple[Stay, ...]:
        """The stays in force at this moment that forbid release."""
        return stays_in_force(known(self.book, self.agreement.stays), at=self.at)

    def register(self) -> Register:
        """The register this gate guards. Opening it reads its description and no record."""
        return open_register(self.gate.settings.register, workers=self.gate.settings.workers, cluster=self.cluster)

    @contextmanager
    def session(self, *folders: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """An engine session that can read and write below `folders`, and nowhere else."""
        passing = self.gate.folder.make(self.gate.folder.passing)
        session = open_session(
            directories=folders,
            temp_directory=passing,
            memory_limit=self.gate.settings.memory_limit,
            threads=self.gate.settings.threads,
            key_for=self.gate.custody.key_for,
        )
        try:
            with within_memory(self.gate.settings.memory_limit), problems_of_files(session):
                yield session
        finally:
            session.close()


def _manifest(file: Path, received: str) -> Manifest:
    """The manifest of a batch as it was signed; a Fault if the file is not what was received."""
    signed = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(signed).hexdigest() != received:
        raise Fault(f"`{file}` is not the manifest that was received", "restore it; no record was looked up")
    manifest = read_again(signed)
    if isinstance(manifest, Refusal):
        raise Fault(f"`{file}` was received as sound: {manifest.message}")
    return manifest


def agreement_of(gate: Gate) -> Agreement:
    """The agreement that this gate answers under, checked."""
    return load(gate.agreement, facts=FACTS, comparisons=COMPARISONS)


@contextmanager
def at_desk(gate: Gate, *, at: datetime, random: Random, cluster: Spark | None = None) -> Iterator[Desk]:
    """The desk of `gate`, alone: settled, and with the agreement of this moment on the ledger."""
    with gate.folder.locked():
        gate.custody.check()
        agreement = agreement_of(gate)
        book = open_book(gate, random)
        _check_clock(book.log, at)
        overseen = Overseen(book, gate.folder.ledger, gate.database, gate.trust.overseers, at=at)
        overseen.ask()
        overseen.refuse_alarm()
        book.settle()
        for batch in unfinished(gate.folder, gate.database):
            destroy_kept(gate.folder, gate.database, batch)
        if is_owed(gate):
            change_custody(gate, book, at=at, random=random)
        adopt(gate, book, agreement, at=at)
        before = book.log.size
        try:
            yield Desk(gate, book, agreement, at, random, overseen, cluster)
        finally:
            if book.log.size > before:
                overseen.ask()


def _check_clock(log: Log, at: datetime) -> None:
    """A Fault if the ledger has an entry that was made after `at`."""
    last = entered_at(log, log.size - 1) if log.size else at
    if last > at:
        raise Fault(
            f"the clock says {timestamp(at)}, and the last entry of the ledger was made at {timestamp(last)}",
            "set the clock of this machine right; nothing was entered and no record was looked up",
        )
