"""Whom a gate trusts: certificate authorities, officials, approvers, officers, and a recipient's safeguards.

Rules:
 * Trust is what the custodian put into the `trust` folder beforehand; nothing that came with a batch adds to it.
 * Who is not listed is not trusted; a file that is absent lists nobody.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from narrowgate.errors import WrongUse


@dataclass(frozen=True)
class Approver:
    """A person of the custodian who may approve; `certificate` is the PEM file of the certificate."""

    name: str
    certificate: Path
    certificate_sha256: str


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


def read(folder: Path) -> Trust:
    """All that lies in a gate's `trust` folder."""
    officials = _tables(folder / "officials.toml", "official")
    approvers = _tables(folder / "approvers.toml", "approver")
    return Trust(
        anchors=folder / "anchors.pem",
        offices={str(one["certificate_sha256"]): str(one["office"]) for one in officials},
        official_certificates={
            str(one["certificate_sha256"]): folder / "officials" / f"{one['certificate_sha256']}.pem"
            for one in officials
        },
        approvers={
            str(one["name"]): Approver(
                str(one["name"]),
                folder / "approvers" / f"{one['certificate_sha256']}.pem",
                str(one["certificate_sha256"]),
            )
            for one in approvers
        },
        officers=_certificates(folder / "officers"),
        safeguards=_safeguards(folder / "safeguards.toml"),
    )


def _certificates(folder: Path) -> dict[str, Path]:
    """The certificates in a folder by their fingerprints, which are their names."""
    # There may be tens of thousands, and every command reads their names: scandir is several times faster than glob.
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(".pem"))
    return {name.removesuffix(".pem"): folder / name for name in names}


def _tables(file: Path, name: str) -> list[dict[str, Any]]:
    """The `[[name]]` tables of a TOML file; none if the file is absent."""
    tables = _members(file).get(name, [])
    for table in tables:
        if "certificate_sha256" not in table or not ({"office", "name"} & table.keys()):
            raise WrongUse(f"`{file}` has a [[{name}]] without certificate_sha256 or name")
    return list(tables)


def _safeguards(file: Path) -> Safeguards:
    """The safeguard status in `file`; everything unknown if the file is absent."""
    table = _members(file)
    return Safeguards(
        table.get("reviewed_on"),
        table.get("current_until"),
        table.get("open_findings"),
        frozenset(table.get("storage_ids", ())),
    )


def _members(file: Path) -> dict[str, Any]:
    """What a TOML file says; nothing if it is absent."""
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongUse(f"`{file}` cannot be read: {problem}") from problem
