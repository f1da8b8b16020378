"""Change the custodian's key over all that lies at rest, so that old copies of wrapped keys open nothing any more.

Rules:
 * It is changed whenever something was destroyed: of a batch key that somebody copied, a copy of the custody key of its
   time would be needed, and there is none. A change that was interrupted after a destruction is owed, and made by
   whoever opens the gate next.
 * The new key lies where the old one did: in a file, or under another label in the same module.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from narrowgate.accounting.book import Book, Event
from narrowgate.store import custody_rotation, keys, places
from narrowgate.store.custody import Random
from narrowgate.store.gate import Gate
from narrowgate.store.key_change import Change
from narrowgate.store.keys import PresentCustodyKey
from narrowgate.store.places import CUSTODY, InModule


def change_custody(
    gate: Gate, book: Book, *, at: datetime, random: Random, given: InModule | None = None
) -> tuple[str, Change]:
    """Put a new custody key in place of the present one: the one `given`, or a fresh one. Says the old one's id too."""
    settle_custody(gate)
    before, size = gate.custody.custodian.id, book.log.size + 1
    change = custody_rotation.begin_rotation(
        gate.folder, size=size, given=given or _beside(gate, size), random=random
    )  # fmt: skip
    said = {"before": before, "after": change.id, "size": size}
    book.enter(
        Event("configuration", "keys custody", None, change.code, payload=said, detail=said),
        at=at,
        effects=[change.effect],
    )
    custody_rotation.rotate_custody(gate.folder, change)
    gate.custody.custodian = PresentCustodyKey(gate.folder)
    return before, change


def settle_custody(gate: Gate) -> None:
    """Finish or undo a change of the custody key that an interrupted command had begun."""
    custody_rotation.settle_custody(gate.folder, gate.database)
    gate.custody.custodian = PresentCustodyKey(gate.folder)


def is_owed(gate: Gate) -> bool:
    """Whether something was destroyed under the custody key that is still in use."""
    present = gate.custody.custodian.id
    return gate.database.one("SELECT 1 FROM destroyed WHERE custody = ?", present) is not None


def _beside(gate: Gate, size: int) -> InModule | None:
    """A fresh key in the module that holds the present one; None if that lies in a file."""
    place = places.read(gate.folder)[CUSTODY]
    if not isinstance(place, InModule):
        return None
    fresh = replace(place, label=f"{place.label.split('@')[0]}@{size}", since=size)
    keys.make_in_module(CUSTODY, fresh)
    return fresh
