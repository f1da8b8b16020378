"""Open the book of a gate, and keep the agreement's digest on it.

Rules:
 * Opening settles what an interrupted command left behind.
 * An agreement that is not the one last entered is entered, as a change of configuration, before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from narrowgate.accounting.book import Book, Event
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import PrivateKeySigner
from narrowgate.store.database import Effect
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import Gate, ledger_keys
from narrowgate.terms.agreement import Agreement

Random = Callable[[int], bytes]


def signers(folder: GateFolder, origin: str) -> tuple[PrivateKeySigner, ...]:
    """The signers of this gate's checkpoints."""
    return tuple(PrivateKeySigner(origin, key) for key in ledger_keys(folder))


def open_book(gate: Gate, random: Random) -> Book:
    """The book of `gate`, settled. The caller holds the gate's lock."""
    origin = gate.settings.origin
    keys = signers(gate.folder, origin)
    log = Log.open(gate.folder.ledger, origin, keys, verifiers=tuple(key.verifier for key in keys))
    book = Book(log, gate.database, random)
    book.settle()
    return book


def adopt(gate: Gate, book: Book, agreement: Agreement, *, at: datetime) -> None:
    """Enter that `agreement` is used from now on, unless it is the one entered last."""
    setting = f"agreement {agreement.id}"
    before = gate.database.one("SELECT value FROM setting WHERE name = ?", setting)
    earlier = None if before is None else str(before["value"])
    if earlier == agreement.digest:
        return
    change = {"agreement": agreement.id, "digest": agreement.digest}
    if earlier is not None:
        change["before"] = earlier
    book.enter(
        Event("configuration", agreement.id, None, "agreement", payload=change, detail=change),
        at=at,
        effects=[Effect("setting", {"name": setting, "value": agreement.digest})],
    )
