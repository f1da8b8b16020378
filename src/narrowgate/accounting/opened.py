"""Open the book of a gate, and keep the agreement's digest on it.

Rules:
 * Opening enters nothing, not even what an interrupted command left: whoever opens asks first whether the ledger is
   the one that its overseers know (`gateway.desk`).
 * A change of the ledger's keys that was entered is finished, and one that was not is undone, before anything is
   signed.
 * An agreement that is not the one last entered is entered, as a change of configuration, before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from narrowgate.accounting.book import Book, Event
from narrowgate.files import write_private
from narrowgate.ledger.checkpoint import Succession
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import Verifier
from narrowgate.store import key_change
from narrowgate.store.custody import Random
from narrowgate.store.database import Effect
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import Gate, ledger_keys
from narrowgate.store.key_change import Change, Standing
from narrowgate.store.keys import SigningKey
from narrowgate.store.places import Places
from narrowgate.terms.agreement import Agreement

LEDGER_KEYS = "ledger"
ROTATED = "keys_rotated"
COMPROMISED = "keys_compromised"


@dataclass(frozen=True)
class LedgerSigner:
    """A key of the gate, in a file or a module, under the name of the ledger."""

    name: str
    key: SigningKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key)

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`."""
        return self.key.sign(text)


def signers(folder: GateFolder, origin: str, where: Places | None = None) -> tuple[LedgerSigner, ...]:
    """The signers of this gate's checkpoints: by the keys at `where`, or by those that it uses now."""
    return tuple(LedgerSigner(origin, key) for key in ledger_keys(folder, where))


def open_book(gate: Gate, random: Random) -> Book:
    """The book of `gate`, not yet settled. The caller holds the gate's lock."""
    origin = gate.settings.origin
    change = settled_change(gate)
    signing = Succession(signers(gate.folder, origin)) if change is None else succession(gate, change)
    return Book(Log.open(gate.folder.ledger, origin, signing), gate.database, gate.custody, random)


def settled_change(gate: Gate) -> Change | None:
    """Finish a change of the ledger's keys that was entered, undo one that was not; one that is about to be is left.

    For that one the policy is published at once: what settles the book signs with the new keys.
    """
    change = key_change.under_way(gate.folder, LEDGER_KEYS)
    if change is None:
        return None
    match key_change.standing(gate.database, change):
        case Standing.ENTERED:
            conclude(gate, change)
            return None
        case Standing.ABSENT:
            key_change.undo(gate.folder, change)
            return None
        case Standing.BEGUN:
            write_private(gate.folder.verifier_policy, change.policy.encode())
            return change


def succession(gate: Gate, change: Change) -> Succession:
    """Who signs for which sizes while the keys of the ledger are changed: both at the size of a rotation."""
    before, after = (signers(gate.folder, gate.settings.origin, side) for side in (change.before, change.after))
    last = change.size if change.code == ROTATED else change.size - 1
    return Succession(before, last, after, change.size)


def conclude(gate: Gate, change: Change) -> None:
    """Publish the policy with the new keys of the ledger, use them, and destroy the old ones."""
    write_private(gate.folder.verifier_policy, change.policy.encode())
    key_change.finish(gate.folder, change)


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
