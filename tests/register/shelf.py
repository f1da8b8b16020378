"""Small registers of simulated people, written out by hand and put on the disk as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Row = Mapping[str, Any]

PERSON_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()), ("tin", pa.string()), ("tin_type", pa.string()),
        ("first_name", pa.string()), ("middle_name", pa.string()), ("last_name", pa.string()),
        ("name_suffix", pa.string()),
        ("birth_date", pa.date32()), ("joint_with", pa.string()), ("identity_theft", pa.bool_()),
        ("impairment", pa.bool_()), ("deceased_on", pa.date32()),
    ]
)  # fmt: skip
ADDRESS_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()), ("street", pa.string()), ("unit", pa.string()), ("city", pa.string()),
        ("state", pa.string()), ("zip", pa.string()), ("tax_period", pa.int32()), ("source", pa.string()),
        ("effective_on", pa.date32()),
    ]
)  # fmt: skip

DESCRIPTION = 'name = "simulated people"\nas_of = 2025-08-01\nsynthetic = true\n'


def a_person(person_id: str | None = "p1", **changed: Any) -> Row:
    """One person of the register; every column that is not given is that of Alma."""
    alma: dict[str, Any] = {
        "person_id": person_id, "tin": "900700001", "tin_type": "ITIN", "first_name": "Alma",
        "middle_name": "R", "last_name": "Quintero", "name_suffix": None,
        "birth_date": date(1984, 5, 17), "joint_with": None, "identity_theft": False,
        "impairment": False, "deceased_on": None,
    }  # fmt: skip
    return {**alma, **changed}


def an_address(person_id: str | None = "p1", **changed: Any) -> Row:
    """One address held for a person; every column that is not given is that of Alma."""
    alma: dict[str, Any] = {
        "person_id": person_id, "street": "1501 Oak Ave", "unit": None, "city": "Seattle", "state": "WA",
        "zip": "98103", "tax_period": 2024, "source": "return", "effective_on": date(2025, 4, 15),
    }  # fmt: skip
    return {**alma, **changed}


def a_register(folder: Path, people: Iterable[Row], addresses: Iterable[Row]) -> Path:
    """A register of two files."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(people), PERSON_SCHEMA), folder / "person.parquet")
    pq.write_table(pa.Table.from_pylist(list(addresses), ADDRESS_SCHEMA), folder / "address.parquet")
    (folder / "register.toml").write_text(DESCRIPTION, encoding="utf-8")
    return folder


def a_partitioned_register(
    folder: Path, people: Iterable[Row], addresses: Iterable[Row], *, person_by: str, address_by: str
) -> Path:
    """The same in `column=value` folders, by a column of the table (the files then lack it) or a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows, schema, by in (
        ("person", people, PERSON_SCHEMA, person_by),
        ("address", addresses, ADDRESS_SCHEMA, address_by),
    ):
        parts: dict[str, list[Row]] = {}
        for number, row in enumerate(rows):
            value = row[by] if by in schema.names else number % 3
            parts.setdefault("__HIVE_DEFAULT_PARTITION__" if value is None else str(value), []).append(row)
        kept = pa.schema([field for field in schema if field.name != by])
        for value, part in parts.items():
            file = folder / table / f"{by}={value}" / "part-0.parquet"
            file.parent.mkdir(parents=True)
            pq.write_table(
                pa.Table.from_pylist([{k: v for k, v in row.items() if k != by} for row in part], kept), file
            )
    (folder / "register.toml").write_text(DESCRIPTION, encoding="utf-8")
    return folder
