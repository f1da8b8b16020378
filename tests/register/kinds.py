"""One register in every way in which a register may be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.register import Register
from narrowgate.register.open import open_register
from tests.postgresql import a_register_in_postgresql
from tests.register.shelf import (
    ADDRESS_SCHEMA,
    DESCRIPTION,
    PERSON_SCHEMA,
    Row,
    a_partitioned_register,
    a_register,
)

Kept = Callable[[Path, Iterable[Row], Iterable[Row]], Register]


def in_one_file(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(a_register(folder, people, addresses))


def in_hive_folders(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(
        a_partitioned_register(folder, people, addresses, person_by="identity_theft", address_by="tax_period")
    )


def in_several_files(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(several_files(folder, people, addresses))


def with_two_workers(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(several_files(folder, people, addresses), workers=2)


def in_postgresql(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(a_register_in_postgresql(folder, people, addresses))


def in_postgresql_of_another_collation(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Register:
    return open_register(a_register_in_postgresql(folder, people, addresses, collation="tr-x-icu"))


KEPT: tuple[Kept, ...] = (
    in_one_file, in_hive_folders, in_several_files, with_two_workers, in_postgresql, in_postgresql_of_another_collation,
)  # fmt: skip


def several_files(folder: Path, people: Iterable[Row], addresses: Iterable[Row], files: int = 3) -> Path:
    """A register whose tables are in several files each, one of them without a row."""
    for table, rows, schema in (("person", people, PERSON_SCHEMA), ("address", addresses, ADDRESS_SCHEMA)):
        (folder / table).mkdir(parents=True)
        whole = list(rows)
        for number in range(files):
            part = whole[number :: files - 1] if number < files - 1 else []
            pq.write_table(pa.Table.from_pylist(part, schema), folder / table / f"part-{number}.parquet")
    (folder / "register.toml").write_text(DESCRIPTION, encoding="utf-8")
    return folder
