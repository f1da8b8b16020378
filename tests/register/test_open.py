"""A register is opened whole, or a Fault names what is wrong with it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from narrowgate.errors import Fault
from narrowgate.register import Register, open_register
from narrowgate.register.parquet import open_parquet
from tests.register.shelf import (
    ADDRESS_SCHEMA,
    DESCRIPTION,
    PERSON_SCHEMA,
    a_partitioned_register,
    a_person,
    a_register,
    an_address,
)

PEOPLE = [a_person(), a_person("p2", tin="900700002", first_name="Bela", birth_date=None)]
ADDRESSES = [an_address(), an_address("p2", zip="02134", state="MA"), an_address("p2", unit="4", zip="02134")]


def rows(relation: str) -> list[Any]:
    return sorted(duckdb.connect().execute(f"SELECT * FROM {relation}").fetchall(), key=repr)


def test_a_register_says_what_it_is(tmp_path: Path) -> None:
    register: Register = open_register(a_register(tmp_path / "r", PEOPLE, ADDRESSES))
    assert (register.name, register.as_of, register.synthetic) == ("simulated people", date(2025, 8, 1), True)
    assert rows(register.person) == sorted((tuple(person.values()) for person in PEOPLE), key=repr)
    assert rows(register.address) == sorted((tuple(address.values()) for address in ADDRESSES), key=repr)


@pytest.mark.parametrize("address_by", ["zip", "tax_period", "state", "source", "shard"])
@pytest.mark.parametrize("person_by", ["tin_type", "birth_date", "identity_theft", "shard"])
def test_a_partitioned_register_reads_as_one_file(tmp_path: Path, person_by: str, address_by: str) -> None:
    whole = open_register(a_register(tmp_path / "whole", PEOPLE, ADDRESSES))
    parts = open_register(
        a_partitioned_register(tmp_path / "parts", PEOPLE, ADDRESSES, person_by=person_by, address_by=address_by)
    )
    assert rows(parts.person) == rows(whole.person)
    assert rows(parts.address) == rows(whole.address)  # among others, zip 02134 keeps its zero
    assert parts.digest != whole.digest


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    folder = a_register(tmp_path / "r", PEOPLE, ADDRESSES)
    table = pq.read_table(folder / "person.parquet").drop_columns(["impairment"])
    pq.write_table(table, folder / "person.parquet")
    with pytest.raises(Fault, match=r"person\.parquet` has no column `impairment`"):
        open_register(folder)


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("person", "birth_date", pa.array(["1984-05-17", None])),
        ("person", "tin", pa.array([900700001, 900700002])),
        ("person", "impairment", pa.array(["no", "no"])),
        ("address", "tax_period", pa.array(["2024", "2024", "2024"])),
        ("address", "zip", pa.array([98103, 2134, 2134])),
    ],
)
def test_a_column_of_another_type_is_named(tmp_path: Path, table: str, column: str, values: pa.Array) -> None:
    folder = a_register(tmp_path / "r", PEOPLE, ADDRESSES)
    schema = PERSON_SCHEMA if table == "person" else ADDRESS_SCHEMA
    read = pq.read_table(folder / f"{table}.parquet")
    pq.write_table(read.set_column(schema.get_field_index(column), column, values), folder / f"{table}.parquet")
    with pytest.raises(Fault, match=f"column `{column}` is"):
        open_register(folder)


@pytest.mark.parametrize(
    ("description", "wrong"),
    [
        ("as_of = 2025-08-01\nsynthetic = true", "name"),
        ('name = "r"\nsynthetic = true', "as_of"),
        ('name = "r"\nas_of = "August"\nsynthetic = true', "as_of"),
        ('name = "r"\nas_of = 2025-08-01', "synthetic"),
        ('name = "r"\nas_of = 2025-08-01\nsynthetic = "yes"', "synthetic"),
        ("name = ", "register.toml"),
    ],
)
def test_a_description_that_lacks_something_is_no_register(tmp_path: Path, description: str, wrong: str) -> None:
    folder = a_register(tmp_path / "r", PEOPLE, ADDRESSES)
    (folder / "register.toml").write_text(description, encoding="utf-8")
    with pytest.raises(Fault, match=wrong):
        open_register(folder)


def test_a_register_without_a_table_or_with_two_of_it_is_none(tmp_path: Path) -> None:
    folder = a_register(tmp_path / "r", PEOPLE, ADDRESSES)
    (folder / "address").mkdir()
    with pytest.raises(Fault, match=r"both `address\.parquet` and a folder"):
        open_register(folder)
    (folder / "address").rmdir()
    (folder / "address.parquet").unlink()
    with pytest.raises(Fault, match="no table `address`"):
        open_register(folder)
    (folder / "address.parquet").write_bytes(b"not parquet")
    with pytest.raises(Fault, match="is not a Parquet file"):
        open_register(folder)


def test_the_digest_is_of_this_register_and_no_other(tmp_path: Path) -> None:
    digest = open_register(a_register(tmp_path / "r", PEOPLE, ADDRESSES)).digest
    assert digest == open_register(a_register(tmp_path / "again", PEOPLE, ADDRESSES)).digest
    fewer = open_register(a_register(tmp_path / "fewer", PEOPLE, ADDRESSES[:2])).digest
    other = open_register(a_register(tmp_path / "other", [*PEOPLE[:1], a_person("p3")], ADDRESSES)).digest
    text = a_register(tmp_path / "text", PEOPLE, ADDRESSES) / "register.toml"
    text.write_text(text.read_text(encoding="utf-8") + "# note\n", encoding="utf-8")
    assert len({digest, fewer, other, open_register(text.parent).digest}) == 4


def test_the_largest_file_comes_first_so_that_a_register_is_never_taken_for_small(tmp_path: Path) -> None:
    """The engine expects of every file what the first has, and holds the smaller side of a join in memory."""
    people = [a_person(f"p{number}") for number in range(50)]
    (tmp_path / "person").mkdir()
    for name, part in (("a", people[:1]), ("b", people[1:40]), ("c", people[40:])):
        pq.write_table(pa.Table.from_pylist(part, PERSON_SCHEMA), tmp_path / "person" / f"{name}.parquet")
    pq.write_table(pa.Table.from_pylist([an_address("p1")], ADDRESS_SCHEMA), tmp_path / "address.parquet")
    (tmp_path / "register.toml").write_text(DESCRIPTION, encoding="utf-8")
    register = open_parquet(tmp_path)
    assert [path.stem for path in register.person_files.paths] == ["b", "c", "a"]
    assert register.person_files.rows == (39, 10, 1)
    with duckdb.connect() as session:
        (plan,) = [row[1] for row in session.execute(f"EXPLAIN SELECT tin FROM {register.person}").fetchall()]
    assert int(re.findall(r"~(\d+) rows", plan)[-1]) >= len(people)
