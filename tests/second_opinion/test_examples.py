"""What the model is trained on: pairs that a key has found, how the address agrees, and how often it does by chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from narrowgate.engine.session import open_session
from narrowgate.register import open_register
from narrowgate.second_opinion import examples
from tests.matching.asking import a_request
from tests.register.shelf import a_person, a_register, an_address

PEOPLE = [
    a_person("p1"),
    a_person("p2", tin="123456780", first_name="Tomas", birth_date=date(1981, 1, 30)),
    a_person("p3", tin="123456781", last_name="Stone", birth_date=date(1950, 1, 2)),
    a_person("p4", tin="123456782", first_name="Bo", last_name="Stone", birth_date=date(1951, 1, 2)),
]
HOMES = [
    an_address("p1", unit="Apt 4"), an_address("p1", street="9 Elm St"), an_address("p2"),
    an_address("p3", unit="4"), an_address("p4", street="77 Elm St"),
]  # fmt: skip
ASKED = [
    a_request(unit="# 4", tin="123-45-6780"),
    a_request(street="9 Elm Street", birth_date=None, zip="98103-1234"),
    a_request(street="12 Birch Rd"),
    a_request(street=None, first_name="Bo", last_name="Stone", tin="123456782", birth_date=None),
]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session with the tables of a register and of a batch as a simulated one is written: all text."""
    folder: Path = tmp_path_factory.mktemp("examples")
    register = open_register(a_register(folder / "register", PEOPLE, HOMES))
    rows = [
        {name: None if value is None else str(value) for name, value in row.items()} | {"request_ref": f"R-{number}"}
        for number, row in enumerate(ASKED)
    ]
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "requests.parquet")
    with open_session(directories=[folder], temp_directory=folder / "spill") as session:
        examples.take(session, register, folder / "requests.parquet")
        yield session


def test_pairs_are_those_that_share_a_key_with_the_best_level_of_any_address(taken: duckdb.DuckDBPyConnection) -> None:
    found = taken.execute(f"""
        SELECT request_ref, person_id, address FROM ({examples.pairs()})
        JOIN asked USING (row_no) JOIN people USING (candidate) ORDER BY ALL""").fetchall()
    assert found == [
        ("R-0", "p1", "exact"),  # birth date and last name, and the unit written otherwise
        ("R-0", "p2", "house"),  # the number
        ("R-0", "p3", "exact"),  # the address and the first name
        ("R-1", "p1", "exact"),  # a former address
        ("R-2", "p1", "elsewhere"),
        ("R-3", "p4", None),  # the request gives no street
    ]


def test_the_address_by_chance_is_counted_over_everybody(taken: duckdb.DuckDBPyConnection) -> None:
    """Three requests with an address, four people: p1 and p3 are at the first, p2 in its house, p1 at the second."""
    assert examples.address_by_chance(taken) == pytest.approx({"exact": 3 / 12, "house": 1 / 12, "elsewhere": 8 / 12})
