"""Open a register that is a folder of Parquet files, and say what it is.

Rules:
 * Its files are checked before any row is read (`parquet_files`).
 * If `register.toml` says how many people and addresses there are, there are so many, by the footers of the files: a
   file that is missing is a Fault, not a register with fewer people in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from narrowgate.errors import Fault, WrongUse
from narrowgate.register import description, parquet_files
from narrowgate.register.parquet_files import Files
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.tables import Tables

CHANGED = "records were looked up; nothing was disclosed"


@dataclass(frozen=True)
class ParquetRegister(Tables):
    """A register in a folder of Parquet files; `person` and `address` stand in a FROM clause."""

    folder: Path
    name: str
    as_of: date
    synthetic: bool
    digest: str
    person_files: Files
    address_files: Files

    def unchanged(self) -> None:
        try:
            now = open_parquet(self.folder).digest
        except (Fault, OSError) as problem:
            raise Fault(f"register `{self.name}` changed while it was read: {problem}", CHANGED) from problem
        if now != self.digest:
            raise Fault(f"register `{self.name}` changed while it was read", CHANGED)


@dataclass(frozen=True)
class ReadByOthers:
    """What a register in files says of itself when not the session but somebody else reads them."""

    files: ParquetRegister

    @property
    def folder(self) -> Path:
        return self.files.folder

    @property
    def name(self) -> str:
        return self.files.name

    @property
    def as_of(self) -> date:
        return self.files.as_of

    @property
    def synthetic(self) -> bool:
        return self.files.synthetic

    @property
    def digest(self) -> str:
        return self.files.digest

    def unchanged(self) -> None:
        self.files.unchanged()


def open_parquet(folder: Path) -> ParquetRegister:
    """The register in `folder` (`spec/register.md`); a Fault names the file and column that do not fit."""
    folder = folder.resolve()
    described = description.describe(folder)
    person = parquet_files.find(folder, "person", PERSON_COLUMNS)
    address = parquet_files.find(folder, "address", ADDRESS_COLUMNS)
    for table, files, said in (("person", person, described.people), ("address", address, described.addresses)):
        if said is not None and files.count != said:
            raise Fault(f"register `{folder}` has `{files.count}` rows in its files of `{table}`, and says `{said}`")
    return ParquetRegister(
        folder=folder,
        name=described.name,
        as_of=described.as_of,
        synthetic=described.synthetic,
        digest=parquet_files.digest(folder, folder / description.FILE, (*person.paths, *address.paths)),
        person=parquet_files.relation(person, PERSON_COLUMNS),
        address=parquet_files.relation(address, ADDRESS_COLUMNS),
        person_files=person,
        address_files=address,
    )


def open_simulated(folder: Path, *, hint: str) -> ParquetRegister:
    """The register in `folder`, wrong use with `hint` unless it says that its people are synthetic."""
    opened = open_parquet(folder)
    if not opened.synthetic:
        raise WrongUse(f"register `{opened.name}` does not say that its people are synthetic", hint)
    return opened
