"""Where each of a gate's keys lies (`keys/keys.toml`, described in `docs/keys.md`).

Rules:
 * Every key is named once: a file beside `keys.toml`, or a key in a PKCS#11 module. There is no other place, and no
   default. The custodian's signing key is always a file, which may hold a `pkcs11:` URI (`formats.pkcs11_uri`).
 * A place says nothing secret: the PIN of a module is in the environment, or in a private file that the place names.
 * A key's file is named without a folder: what is read and destroyed as a key lies in `keys/` and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from narrowgate.errors import Fault, WrongUse
from narrowgate.files import write_private
from narrowgate.store import tables
from narrowgate.store.folder import GateFolder

FORMAT = "narrowgate-keys/1"
LEDGER = ("ledger-p256", "ledger-ed25519")
CUSTODY = "custody"
CUSTODIAN = "custodian"
NAMES = (*LEDGER, CUSTODY, CUSTODIAN)

_FILE = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_OTHERS = 0o077


@dataclass(frozen=True)
class InFile:
    """A key in the file `file` of the folder `keys`, in use since the ledger had `since` entries."""

    file: str
    since: int = 0


@dataclass(frozen=True)
class InModule:
    """The key `label` on the token `token` of the PKCS#11 library `module`, whose PIN may be in `pin_file`."""

    module: str
    token: str
    label: str
    pin_file: str | None = None
    since: int = 0


Place = InFile | InModule
Places = Mapping[str, Place]


def described(place: Place) -> str:
    """`place` for a person to read."""
    if isinstance(place, InFile):
        return f"file {place.file}"
    return f"module {place.module}, token {place.token}, label {place.label}"


def path(folder: GateFolder) -> Path:
    """The file that says where the keys of a gate lie."""
    return folder.keys / "keys.toml"


def read(folder: GateFolder) -> dict[str, Place]:
    """Where every key of the gate lies; wrong use where `keys.toml` does not say it, or others may read it."""
    file = path(folder)
    private(file)
    table = tables.read(file)
    if table.pop("format", None) != FORMAT:
        raise WrongUse(f'`{file}` does not say `format = "{FORMAT}"`')
    found = from_table(table, NAMES, where=f"`{file}`")
    if not isinstance(found[CUSTODIAN], InFile):
        raise WrongUse(
            f"`{file}` says that the key `{CUSTODIAN}` is not in a file", "let the file hold a `pkcs11:` URI"
        )
    return found


def write(folder: GateFolder, places: Places) -> None:
    """Say in `keys.toml` where every key lies, in place of what it said: all of it at once, or nothing."""
    lines = [f"format = {json.dumps(FORMAT)}", ""]
    for name in NAMES:
        lines += [as_text(name, places[name]), ""]
    write_private(path(folder), "\n".join(lines).encode())


def given(file: Path, names: Iterable[str]) -> dict[str, InModule]:
    """The keys of `names` that a person's `file` says lie in a module; wrong use if it says anything else."""
    table = tables.read(file)
    where = f"`{file}`"
    for name in table:
        if name not in names:
            raise WrongUse(f"{where} names the key `{name}`, which cannot be given here", "no key was changed")
    places = from_table(table, table, where=where)
    for name, place in places.items():
        if not isinstance(place, InModule) or place.since:
            raise WrongUse(
                f"{where} does not say of `{name}` just where in a module it lies",
                "name `module`, `token` and `label`; keys that it does not name are made as files",
            )
    return {name: place for name, place in places.items() if isinstance(place, InModule)}


def as_text(name: str, place: Place) -> str:
    """The table of one key in TOML. A JSON string of printable text is a TOML string."""
    for value in asdict(place).values():
        if isinstance(value, str) and not value.isprintable():
            raise WrongUse(f"`{value!r}` cannot say where a key lies: it holds a control character")
    said = {key: value for key, value in asdict(place).items() if value}
    return "\n".join(
        [f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())]
    )


def from_table(table: Mapping[str, Any], names: Iterable[str], *, where: str) -> dict[str, Place]:
    """The places of `names` in `table`, which has no others."""
    expected = dict.fromkeys(names, dict)
    tables.expect(table, expected, where=where)
    return {name: _place(table[name], f"{where} [{name}]") for name in expected}


def private(file: Path) -> None:
    """A Fault if others than its owner may do anything with `file`, or it is not there."""
    try:
        mode = file.stat().st_mode
    except OSError as problem:
        raise Fault(f"`{file}` cannot be read: {problem.strerror}") from problem
    if mode & _OTHERS:
        raise Fault(
            f"`{file}` is open to others than its owner",
            f"say `chmod 600 {file}`, and ask who has read it; nothing was read",
        )


def _place(table: dict[str, Any], where: str) -> Place:
    in_file = "file" in table
    kinds: dict[str, type] = {"file": str} if in_file else {"module": str, "token": str, "label": str}
    optional = {"since": int} if in_file else {"since": int, "pin_file": str}
    tables.expect(table, kinds | {key: kind for key, kind in optional.items() if key in table}, where=where)
    place = InFile(**table) if in_file else InModule(**table)
    if isinstance(place, InFile) and not _FILE.fullmatch(place.file):
        raise WrongUse(f"{where} says `{place.file}`, which is not the name of a file in `keys`")
    if place.since < 0:
        raise WrongUse(f"{where} says `since = {place.since}`, which is no size of a ledger")
    return place
