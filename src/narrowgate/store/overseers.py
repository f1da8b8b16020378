"""Who sees the ledger from outside: witnesses and timestamp authorities, and how long they may be silent.

Rules:
 * They are named in `trust/overseers.toml` beforehand, each with the key or certificate by which it is known.
 * A gate without that file is overseen by nobody, which `narrowgate overseers` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from narrowgate.errors import WrongUse
from narrowgate.store import tables

FILE = "overseers.toml"
FORMAT = "narrowgate-overseers/1"
_KINDS = {"format": str, "witnesses_needed": int, "timestamps_needed": int, "grace_minutes": int,
          "timeout_seconds": int}  # fmt: skip
_FILE_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_WITNESS: dict[str, type] = {"url": str, "vkey": str}
_AUTHORITY: dict[str, type] = {"name": str, "url": str, "certificate": str}


@dataclass(frozen=True)
class WitnessAt:
    """A witness: where it takes submissions, and its key as a vkey (`spec/witness.md`)."""

    url: str
    vkey: str

    @property
    def name(self) -> str:
        return self.vkey.partition("+")[0]


@dataclass(frozen=True)
class AuthorityAt:
    """A timestamp authority: where it takes requests, and the PEM file of the certificate it must lead to."""

    name: str
    url: str
    certificate: Path


@dataclass(frozen=True)
class Overseers:
    """Everybody who is asked. Release stops when an entry that fewer than are needed have seen is as old as `grace`."""

    witnesses: tuple[WitnessAt, ...]
    authorities: tuple[AuthorityAt, ...]
    witnesses_needed: int
    timestamps_needed: int
    grace: timedelta
    timeout: float


NOBODY = Overseers((), (), 0, 0, timedelta(0), 0)


def read(folder: Path) -> Overseers:
    """The overseers named in the `trust` folder, or nobody."""
    file = folder / FILE
    return read_file(file) if file.exists() else NOBODY


def certificate_of(authority: str) -> str:
    """Where the certificate of an authority lies below the `trust` folder."""
    return f"authorities/{authority}.pem"


def written(named: Overseers) -> str:
    """The file that names `named` in the `trust` folder."""
    lines = [
        f'format = "{FORMAT}"',
        f"witnesses_needed = {named.witnesses_needed}",
        f"timestamps_needed = {named.timestamps_needed}",
        f"grace_minutes = {int(named.grace.total_seconds()) // 60}",
        f"timeout_seconds = {int(named.timeout)}",
    ]
    for witness in named.witnesses:
        lines += ["", "[[witness]]", f"url = {tables.text(witness.url)}", f"vkey = {tables.text(witness.vkey)}"]
    for authority in named.authorities:
        certificate = certificate_of(authority.name)
        lines += ["", "[[authority]]", f'name = "{authority.name}"', f"url = {tables.text(authority.url)}"]
        lines += [f'certificate = "{certificate}"']
    return "\n".join(lines) + "\n"


def read_file(file: Path) -> Overseers:
    """The overseers that `file` names; wrong use, naming file and table, where it says what it must not.

    Paths in it start at its folder.
    """
    table = tables.read(file)
    where = f"`{file}`"
    listed = {kind: _listed(table.pop(kind, []), kind, where) for kind in ("witness", "authority")}
    tables.expect(table, _KINDS, where=where)
    if table["format"] != FORMAT:
        raise WrongUse(f"{where} has format `{table['format']}` and not `{FORMAT}`")
    witnesses = tuple(WitnessAt(**_texts(one, _WITNESS, place)) for place, one in listed["witness"])
    authorities = tuple(_authority(one, file.parent, place) for place, one in listed["authority"])
    for needed, named in (("witnesses_needed", witnesses), ("timestamps_needed", authorities)):
        if not 0 <= table[needed] <= len(named):
            raise WrongUse(f"{where} has `{needed}` = {table[needed]}, and names {len(named)}")
    names = [*(one.name for one in witnesses), *(one.name for one in authorities)]
    for name in names:
        if names.count(name) > 1:
            raise WrongUse(f"{where} names `{name}` twice")
    if table["grace_minutes"] < 0 or table["timeout_seconds"] < 1:
        raise WrongUse(f"{where} needs a `grace_minutes` of 0 or more and a `timeout_seconds` of 1 or more")
    return Overseers(
        witnesses, authorities, table["witnesses_needed"], table["timestamps_needed"],
        timedelta(minutes=table["grace_minutes"]), table["timeout_seconds"],
    )  # fmt: skip


def _authority(table: dict[str, Any], folder: Path, where: str) -> AuthorityAt:
    said = _texts(table, _AUTHORITY, where)
    if not _FILE_NAME.fullmatch(said["name"]):
        raise WrongUse(f"{where} has the name `{said['name']}`, which is not one of letters, digits, `.` and `-`")
    certificate = folder / said["certificate"]
    if not certificate.is_file():
        raise WrongUse(f"{where} names the certificate `{said['certificate']}`, and there is no such file")
    return AuthorityAt(said["name"], said["url"], certificate)


def _listed(tables_of_kind: object, kind: str, where: str) -> list[tuple[str, dict[str, Any]]]:
    """Each table of a kind, with what to call it in an error."""
    if not isinstance(tables_of_kind, list) or not all(isinstance(one, dict) for one in tables_of_kind):
        raise WrongUse(f"{where} has a `{kind}` that is not a list of tables: write [[{kind}]]")
    return [(f"[[{kind}]] {place} of {where}", one) for place, one in enumerate(tables_of_kind, start=1)]


def _texts(table: dict[str, Any], kinds: dict[str, type], where: str) -> dict[str, str]:
    tables.expect(table, kinds, where=where)
    return table
