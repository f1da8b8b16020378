"""A change of keys that is under way (`keys/change.json`), so that whoever comes next can finish or undo it.

Rules:
 * What is about to change is written down before the first new key is made, and struck out after the last old one is
   destroyed. One change is under way at a time.
 * Until the ledger says that keys were changed, they were not: such a change is undone, and the old keys are as before.
   From then on it is finished, never undone.
 * Whether the ledger says so is read from the row that its entry wrote (`entered`), or is about to write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from narrowgate.errors import Fault, Refused
from narrowgate.files import sync, write_private
from narrowgate.store import keys, places
from narrowgate.store.database import Database, Effect
from narrowgate.store.folder import GateFolder
from narrowgate.store.places import InFile, Place


class Standing(Enum):
    """How far the entry of a change is."""

    ABSENT = "absent"
    BEGUN = "begun"
    ENTERED = "entered"


@dataclass(frozen=True)
class Change:
    """Keys in place of keys. `what` is `ledger` or `custody`, and `id` names the new ones.

    `size` is the size of the ledger once this is entered, `policy` the verifiers' policy from then on (empty for
    custody).
    """

    what: str
    code: str
    id: str
    size: int
    before: Mapping[str, Place]
    after: Mapping[str, Place]
    policy: str = ""

    @property
    def effect(self) -> Effect:
        """The row by which the gate knows that this was entered."""
        return Effect("setting", {"name": _setting(self.what), "value": self.id})


def begin(folder: GateFolder, change: Change) -> None:
    """Write down what is about to change; refused while another change is under way."""
    if _file(folder).exists():
        raise Refused("another change of keys is under way", "give the command again; no key was changed")
    for name, place in change.after.items():
        if isinstance(place, InFile) and (folder.keys / place.file).exists():
            raise Fault(f"`{folder.keys / place.file}` is there already", f"move it away; `{name}` was not changed")
        if places.described(place) in {places.described(old) for old in change.before.values()}:
            raise Refused(f"the key `{name}` is the one in use", "name another; no key was changed")
    write_private(_file(folder), json.dumps(asdict(change)).encode())


def under_way(folder: GateFolder, what: str) -> Change | None:
    """The change of `what` that is under way, if there is one."""
    file = _file(folder)
    if not file.exists():
        return None
    try:
        written = json.loads(file.read_bytes())
        before, after = (_places(written.pop(side), f"`{file}`") for side in ("before", "after"))
        change = Change(before=before, after=after, **written)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Fault(f"`{file}` does not say which keys are being changed: {problem}") from problem
    return change if change.what == what else None


def standing(database: Database, change: Change) -> Standing:
    """Whether the ledger says that keys were changed; BEGUN if an interrupted command was about to enter it."""
    row = database.one("SELECT value FROM setting WHERE name = ?", _setting(change.what))
    if row is not None and row["value"] == change.id:
        return Standing.ENTERED
    return Standing.ABSENT if database.one("SELECT one FROM intent") is None else Standing.BEGUN


def undo(folder: GateFolder, change: Change) -> None:
    """Leave the old keys as they were. New ones in files were made for this and are destroyed; in modules none were."""
    for place in change.after.values():
        if isinstance(place, InFile):
            keys.destroy(folder, place)
    _strike_out(folder)


def finish(folder: GateFolder, change: Change) -> None:
    """Use the new keys from now on, and destroy the old ones."""
    places.write(folder, {**places.read(folder), **change.after})
    for place in change.before.values():
        keys.destroy(folder, place)
    _strike_out(folder)


def _strike_out(folder: GateFolder) -> None:
    _file(folder).unlink()
    sync(folder.keys)


def _file(folder: GateFolder) -> Path:
    return folder.keys / "change.json"


def _setting(what: str) -> str:
    return f"keys {what}"


def _places(table: dict[str, dict[str, object]], where: str) -> dict[str, Place]:
    said = {name: {key: value for key, value in one.items() if value is not None} for name, one in table.items()}
    return places.from_table(said, said, where=where)
