"""Put a fresh custody key in place of the old one, so that old copies of wrapped keys open nothing (`docs/keys.md`).

Rules:
 * Everything wrapped is opened with the old key and tried with the new one before anything is entered.
 * Each wrapped key is replaced whole by the same key under the new one; it says itself under which it is, so that
   whoever finishes knows what is left to do. A wrapped key that was destroyed meanwhile is not brought back.
 * The old key is destroyed last, when nothing is under it.
"""

from __future__ import annotations

import json
from pathlib import Path

from narrowgate.errors import Fault
from narrowgate.store import key_change, keys, places
from narrowgate.store.custody import CustodyKey, KeyInFile, Random, read_key, write_key
from narrowgate.store.database import Database
from narrowgate.store.folder import BATCH_KEY, GateFolder
from narrowgate.store.key_change import Change, Standing
from narrowgate.store.places import CUSTODY, InFile, InModule

ROTATED = "custody_rotated"


def wrapped_keys(folder: GateFolder) -> list[Path]:
    """Every key that lies wrapped in the gate: its own, and that of each batch that was not destroyed."""
    batches = (folder.root / "packages").glob(f"*/{BATCH_KEY}")
    return [folder.key_of(None), *sorted(batches)]


def begin_rotation(folder: GateFolder, *, size: int, given: InModule | None, random: Random) -> Change:
    """Make the new key, or take the one `given`, and see that both can do their part. Nothing is changed by it.

    `size` is the size of the ledger once this is entered. The caller holds the gate's lock, enters the change with its
    `effect`, and then calls `rotate_custody`.
    """
    before = places.read(folder)[CUSTODY]
    old = keys.custody_key(folder, before)
    opened = [read_key(file, old) for file in wrapped_keys(folder)]
    if given is None:
        fresh = keys.fresh_custody_key(random)
        after: InFile | InModule = InFile(f"custody-{size}.key", since=size)
        new: CustodyKey = KeyInFile(fresh)
    else:
        after = InModule(given.module, given.token, given.label, given.pin_file, since=size)
        new = keys.custody_key(folder, after)
    if any(new.unwrap(new.wrap(key)) != key for key in opened[:1]):
        raise Fault("the new custody key does not open what it wraps", "no key was changed")
    change = Change(CUSTODY, ROTATED, new.id, size, {CUSTODY: before}, {CUSTODY: after})
    key_change.begin(folder, change)
    if isinstance(after, InFile):
        keys.write_custody_key(folder, after, fresh)
    return change


def rotate_custody(folder: GateFolder, change: Change) -> int:
    """Bring every wrapped key under the new key and destroy the old one. Returns how many keys are under it.

    What an interrupted command did of it is not done again.
    """
    new = keys.custody_key(folder, change.after[CUSTODY])
    files = wrapped_keys(folder)
    left = [file for file in files if _under(file) != new.id]
    if left:
        old = keys.custody_key(folder, change.before[CUSTODY])
        for file in left:
            write_key(file, read_key(file, old), new)
    key_change.finish(folder, change)
    return len(files)


def settle_custody(folder: GateFolder, database: Database) -> None:
    """Finish a rotation that was interrupted after it was entered, undo one that was interrupted before.

    One that is about to be entered is left to whoever opens the ledger: until then nothing is under the new key. The
    caller holds the gate's lock.
    """
    change = key_change.under_way(folder, CUSTODY)
    if change is None:
        return
    match key_change.standing(database, change):
        case Standing.ENTERED:
            rotate_custody(folder, change)
        case Standing.ABSENT:
            key_change.undo(folder, change)


def _under(file: Path) -> str:
    """The id of the key that `file` says it is wrapped by."""
    try:
        return str(json.loads(file.read_bytes())["under"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Fault(f"`{file}` does not hold a wrapped key: {problem}", "restore it from a copy") from problem
