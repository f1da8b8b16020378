"""Have the ledger seen from outside: ask every overseer, keep what they say, and know how the ledger stands.

Rules:
 * Everybody is asked whenever a desk is opened, before anything is entered: a ledger that was put back from an old copy
   is found out before a second history is signed. They are asked again for what was entered.
 * One checkpoint covers all that was entered before it, so nobody is ever asked for more than one.
 * What an overseer has seen is what it signed, and who is asked is who was entered: neither a row of the database nor
   a line of a file makes release go on.
 * That an overseer is silent stops nothing by itself; that too few have seen an entry for as long as the grace stops
   release. What an overseer says against the ledger stops everything.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from narrowgate.accounting.book import Book
from narrowgate.accounting.overseers import are_entered
from narrowgate.errors import Fault
from narrowgate.files import write_private
from narrowgate.formats.entry import Entry
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.ledger.log import Log
from narrowgate.store.database import Database
from narrowgate.store.overseers import AuthorityAt, Overseers, WitnessAt
from narrowgate.terms.refusal import Refusal
from narrowgate.witnessing import records
from narrowgate.witnessing.evidence import stamped, witnessed
from narrowgate.witnessing.exchange import Unreachable
from narrowgate.witnessing.standing import Kind, Seen, Standing, covered
from narrowgate.witnessing.timestamps import Stamped, stamp
from narrowgate.witnessing.witnesses import Behind, Cosigned, Forked, submit

STAMPS = "stamps"
Answer = Cosigned | Behind | Forked | Stamped | Unreachable


class Overseen:
    """The ledger of a book, its folder and database, and those who see it from outside. It was opened at `at`."""

    def __init__(self, book: Book, folder: Path, database: Database, overseers: Overseers, *, at: datetime) -> None:
        self._book, self._log = book, book.log
        self._folder = folder
        self._database = database
        self._overseers = overseers
        self._at, self._since = at, time.monotonic()

    @property
    def now(self) -> datetime:
        """The moment at which it was opened, and what has passed since."""
        return self._at + timedelta(seconds=round(time.monotonic() - self._since))

    def ask(self) -> None:
        """Ask everybody to see the present checkpoint, and keep what they say; about an empty ledger, nobody."""
        asked = self._questions() if self._log.size else {}
        if not asked:
            return
        with ThreadPoolExecutor(len(asked)) as pool:
            answers = dict(zip(asked, pool.map(lambda question: question(), asked.values()), strict=True))
        for (name, kind), answer in answers.items():
            self._keep(name, kind, answer)

    def refuse_alarm(self) -> None:
        """A Fault if an overseer's alarm stands."""
        for one in self.standing().alarms:
            raise Fault(
                f"`{one.name}` {one.alarm}",
                "nothing was entered and nothing leaves: restore the newest copy of the gate, and ask the overseer for "
                "the checkpoint that it holds",
            )

    def standing(self) -> Standing:
        """How the ledger stands, by what was said so far."""
        needs, size = self._overseers, self._log.size
        seen = self._seen()
        reach = covered(seen, size, {Kind.WITNESS: needs.witnesses_needed, Kind.AUTHORITY: needs.timestamps_needed})
        since = None if reach >= size else entered_at(self._log, reach)
        return Standing(size, seen, reach, since, needs.grace)

    def refusal(self) -> Refusal | None:
        """Why nothing may be released: others are asked than were entered, or too few saw an entry for too long."""
        if not are_entered(self._book, self._overseers):
            return Refusal(
                "overseers_changed",
                "the overseers in `trust/overseers.toml` are not those entered last",
                "name them with `narrowgate overseers name`; nothing was released",
            )
        standing, needs = self.standing(), self._overseers
        if not standing.overdue(self.now):
            return None
        silent = "; ".join(f"`{one.name}`: {one.silence}" for one in standing.seen if one.silence is not None)
        return Refusal(
            "unseen",
            f"{needs.witnesses_needed} witnesses and {needs.timestamps_needed} timestamps are needed, and entries from "
            f"{standing.covered:,} on have waited for them since {standing.waiting_since:%Y-%m-%dT%H:%M:%SZ}",
            f"release goes on by itself once they answer; nothing was released ({silent or 'nobody was asked'})",
        )

    def _seen(self) -> tuple[Seen, ...]:
        witnesses = (self._seen_by_witness(one) for one in self._overseers.witnesses)
        return (*witnesses, *map(self._seen_by_authority, self._overseers.authorities))

    def _seen_by_witness(self, one: WitnessAt) -> Seen:
        said = records.last(self._database, one.name)
        proved = said is not None and witnessed(CosignerKey.from_vkey(one.vkey), self._log, said)
        return records.seen(self._database, one.name, Kind.WITNESS, said if proved else None)

    def _seen_by_authority(self, one: AuthorityAt) -> Seen:
        said = records.last(self._database, one.name)
        proved = said is not None and stamped(one.certificate, self._log, stamped_at(self._folder, said.size), said)
        return records.seen(self._database, one.name, Kind.AUTHORITY, said if proved else None)

    def _questions(self) -> dict[tuple[str, Kind], Callable[[], Answer]]:
        """What is to be asked now: every witness, and the authorities that have not stamped this size."""
        questions: dict[tuple[str, Kind], Callable[[], Answer]] = {}
        for witness in self._overseers.witnesses:
            questions[witness.name, Kind.WITNESS] = self._of_witness(witness)
        for authority in self._overseers.authorities:
            if self._seen_by_authority(authority).size != self._log.size:
                questions[authority.name, Kind.AUTHORITY] = self._of_authority(authority)
        return questions

    def _of_witness(self, witness: WitnessAt) -> Callable[[], Answer]:
        old = self._seen_by_witness(witness).size or 0
        key, timeout = CosignerKey.from_vkey(witness.vkey), self._overseers.timeout
        return lambda: submit(witness.url, key, self._log, old=old, timeout=timeout)

    def _of_authority(self, authority: AuthorityAt) -> Callable[[], Answer]:
        message, now = self._log.own_checkpoint.encode(), self.now
        return lambda: stamp(
            authority.url, authority.certificate, message, now=now, timeout=self._overseers.timeout
        )  # fmt: skip

    def _keep(self, name: str, kind: Kind, answer: Answer) -> None:
        match answer:
            case Cosigned(line, at):
                self._log.cosign(line)
                self._said(name, kind, datetime.fromtimestamp(at, UTC), line.encode())
            case Stamped(token, moment):
                self._keep_stamp(name, token)
                self._said(name, kind, moment, token)
            case Behind(held):
                what = f"has cosigned {held:,} entries of this ledger, which holds {self._log.size:,}: it was put back"
                records.alarmed(self._database, name, f"{what} from an old copy", at=self.now)
            case Forked(reason):
                records.alarmed(self._database, name, f"knows another history of this ledger: {reason}", at=self.now)
            case Unreachable(reason):
                records.silent(self._database, name, reason, at=self.now)

    def _said(self, name: str, kind: Kind, at: datetime, evidence: bytes) -> None:
        records.said(
            self._database, name, kind, size=self._log.size, root=self._log.root, at=at, evidence=evidence
        )  # fmt: skip

    def _keep_stamp(self, name: str, token: bytes) -> None:
        """Put a stamp beside the ledger, where a verifier finds it (`spec/ledger.md`)."""
        folder = self._folder / STAMPS / str(self._log.size)
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / "checkpoint", self._log.own_checkpoint.encode())
        write_private(folder / f"{name}.tsr", token)


def stamped_at(folder: Path, size: int) -> bytes:
    """The checkpoint at `size` as it was stamped; nothing if none was."""
    kept = folder / STAMPS / str(size) / "checkpoint"
    return kept.read_bytes() if kept.is_file() else b""


def stamps_of(folder: Path, size: int) -> dict[str, object] | None:
    """The stamps of the checkpoint at `size` as a receipt encloses them (`spec/receipt.md`); None if there are none."""
    kept = folder / STAMPS / str(size)
    tokens = {file.stem: base64.b64encode(file.read_bytes()).decode() for file in sorted(kept.glob("*.tsr"))}
    return {"checkpoint": (kept / "checkpoint").read_text("utf-8"), "tokens": tokens} if tokens else None


def entered_at(log: Log, index: int) -> datetime:
    """When entry `index` of `log` was made, as it says."""
    return datetime.fromisoformat(Entry.from_bytes(next(log.entries(index, index + 1))).at)
