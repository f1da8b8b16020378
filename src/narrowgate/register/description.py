"""Read what a register says of itself in `register.toml`.

Rules:
 * A key that is absent, unknown or of another type is a Fault that names the file and the key.
 * A file has no password in it: there are safer places for one, and this file is part of a digest.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from narrowgate.errors import Fault

FILE = "register.toml"
PARQUET, POSTGRESQL = "parquet", "postgresql"
KINDS = (PARQUET, POSTGRESQL)
_KEYS = ("kind", "name", "as_of", "synthetic", "people", "addresses")


@dataclass(frozen=True)
class Description:
    """What a register is; how many people and addresses it has, if it says so."""

    name: str
    as_of: date
    synthetic: bool
    people: int | None = None
    addresses: int | None = None


def read(folder: Path) -> dict[str, Any]:
    """What `register.toml` in `folder` says."""
    file = folder / FILE
    if not file.is_file():
        raise Fault(f"register `{folder}` has no `{FILE}`")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(f"`{file}` cannot be read: {error}") from error


def kind(folder: Path) -> str:
    """Where the records of the register in `folder` are: one of `KINDS`."""
    said = read(folder).get("kind", PARQUET)
    if said not in KINDS:
        raise Fault(f"`{folder / FILE}`: `kind` is `{said}`, it must be one of {', '.join(KINDS)}")
    return str(said)


def describe(folder: Path) -> Description:
    """The description of a register in files."""
    file, said = folder / FILE, read(folder)
    if kind(folder) != PARQUET:
        raise Fault(f"`{file}`: a register of kind `{said['kind']}` has no files that could be read")
    known(said, _KEYS, file)
    as_of, people, addresses = said.get("as_of"), said.get("people"), said.get("addresses")
    if isinstance(as_of, str):
        try:
            as_of = date.fromisoformat(as_of)
        except ValueError as error:
            raise Fault(f"`{file}`: `as_of` is `{as_of}`, which is not a date") from error
    for name, count in (("people", people), ("addresses", addresses)):
        if count is not None and (type(count) is not int or count < 0):
            raise Fault(f"`{file}`: `{name}` must be a number of rows, it is `{count}`")
    return described(said.get("name"), as_of, said.get("synthetic"), str(file), people=people, addresses=addresses)


def described(name: object, as_of: object, synthetic: object, where: str, **counts: int | None) -> Description:
    """A description of what `where` says, each value of its type."""
    if not isinstance(name, str) or not name:
        raise Fault(f"`{where}`: `name` must be a text, it is `{name}`")
    if type(as_of) is not date:
        raise Fault(f"`{where}`: `as_of` must be a date, it is `{as_of}`")
    if not isinstance(synthetic, bool):
        raise Fault(f"`{where}`: `synthetic` must be true or false, it is `{synthetic}`")
    return Description(name, as_of, synthetic, **counts)


def known(said: Mapping[str, Any], keys: Collection[str], file: Path) -> None:
    """See that `said` has no key but `keys`."""
    for key in said:
        if "password" in key.lower():
            raise Fault(
                f"`{file}` has a key `{key}`",
                "a password belongs into the libpq password file (`~/.pgpass`); no record was looked up",
            )
        if key not in keys:
            raise Fault(f"`{file}` has an unknown key `{key}`")
