"""Whom a gate trusts: certificate authorities, officials, approvers, officers, overseers, a recipient's safeguards.

Rules:
 * Trust is what the custodian put into the `trust` folder beforehand; nothing that came with a batch adds to it.
 * Who is not listed is not trusted; a file that is absent lists nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from narrowgate.errors import WrongUse
from narrowgate.files import SHA256
from narrowgate.store import overseers, tables
from narrowgate.store.overseers import Overseers


@dataclass(frozen=True)
class Approver:
    """A person of the custodian who may approve; `certificate` is the PEM file of the certificate.

    `role` is what the custodian registered the person as, such as `counsel`; None if as nothing in particular.
    """

    name: str
    certificate: Path
    certificate_sha256: str
    role: str | None


@dataclass(frozen=True)
class Safeguards:
    """The recipient's safeguard status as the custodian last established it (26 USC 6103(p)(4))."""

    reviewed_on: date | None
    current_until: date | None
    open_findings: int | None
    storage_ids: frozenset[str]


@dataclass(frozen=True)
class Trust:
    """`offices` maps an official's certificate fingerprint to the office it is registered for.

    `officers` maps the fingerprint of an officer's certificate to its PEM file.
    """

    anchors: Path
    offices: Mapping[str, str]
    official_certificates: Mapping[str, Path]
    approvers: Mapping[str, Approver]
    officers: Mapping[str, Path]
    safeguards: Safeguards
    overseers: Overseers


def read(folder: Path) -> Trust:
    """All that lies in a gate's `trust` folder; wrong use, naming the file, where one says what it must not."""
    officials = _listed(folder / "officials.toml", "official", "office")
    approvers = _listed(folder / "approvers.toml", "approver", "name", may=("role",))
    return Trust(
        anchors=folder / "anchors.pem",
        offices={sha256: table["office"] for sha256, table in officials.items()},
        official_certificates={sha256: folder / "officials" / f"{sha256}.pem" for sha256 in officials},
        approvers={
            table["name"]: Approver(table["name"], folder / "approvers" / f"{sha256}.pem", sha256, table.get("role"))
            for sha256, table in approvers.items()
        },
        officers=_certificates(folder / "officers"),
        safeguards=_safeguards(folder / "safeguards.toml"),
        overseers=overseers.read(folder),
    )


@dataclass(frozen=True, eq=False)  # equal to any mapping that says the same
class Certificates(Mapping[str, Path]):
    """The certificates in a folder by their fingerprints, which are their names.

    There may be tens of thousands, and every command reads their names: a path is made for those that are asked for.
    """

    folder: Path
    fingerprints: frozenset[str]

    def __getitem__(self, fingerprint: str) -> Path:
        if fingerprint not in self.fingerprints:
            raise KeyError(fingerprint)
        return self.folder / f"{fingerprint}.pem"

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.fingerprints))

    def __len__(self) -> int:
        return len(self.fingerprints)


def _certificates(folder: Path) -> Certificates:
    """The certificates in `folder`; none if there is no such folder."""
    if not folder.is_dir():
        return Certificates(folder, frozenset())
    # Several times faster than glob.
    with os.scandir(folder) as entries:
        names = (entry.name for entry in entries)
        return Certificates(folder, frozenset(name.removesuffix(".pem") for name in names if name.endswith(".pem")))


def _listed(file: Path, kind: str, member: str, may: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """Each `[[kind]]` table of a file by the certificate's fingerprint; empty if the file is absent.

    A table has a text `member`, a `certificate_sha256`, and any of the texts `may`.

    A certificate stands for one person, and an approver's name too: two entries with one of them are wrong use.
    """
    if not file.exists():
        return {}
    held = tables.read(file)
    tables.expect(held, {kind: list}, where=f"`{file}`")
    found: dict[str, dict[str, str]] = {}
    for place, table in enumerate(held[kind], start=1):
        where = f"[[{kind}]] {place} of `{file}`"
        if not isinstance(table, dict):
            raise WrongUse(f"{where} is not a table")
        given = {key: str for key in may if key in table}
        tables.expect(table, {member: str, "certificate_sha256": str, **given}, where=where)
        sha256 = table["certificate_sha256"]
        if not SHA256.fullmatch(sha256):
            raise WrongUse(f"{where} has a `certificate_sha256` that is not 64 hex digits in lower case: `{sha256}`")
        if sha256 in found:
            raise WrongUse(f"{where} has the certificate of an earlier one: `{sha256}`")
        if member == "name" and any(table[member] == one[member] for one in found.values()):
            raise WrongUse(f"{where} has the name of an earlier one: `{table[member]}`")
        found[sha256] = table
    return found


def _safeguards(file: Path) -> Safeguards:
    """The safeguard status in `file`; everything unknown if the file is absent."""
    if not file.exists():
        return Safeguards(None, None, None, frozenset())
    table = tables.read(file)
    kinds = {"reviewed_on": date, "current_until": date, "open_findings": int, "storage_ids": list}
    tables.expect(table, kinds, where=f"`{file}`")
    if not all(isinstance(one, str) for one in table["storage_ids"]):
        raise WrongUse(f"`{file}` has a `storage_ids` that is not a list of texts")
    return Safeguards(
        table["reviewed_on"],
        table["current_until"],
        table["open_findings"],
        frozenset(table["storage_ids"]),
    )
