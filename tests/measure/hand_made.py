"""A few simulated people and requests about them, written out by hand, so that every verdict can be told beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.measure.data_set import DataSet, take_in
from narrowgate.measure.evidence import Ruling, flagship, rulings
from narrowgate.measure.verdict import Verdict
from narrowgate.terms.batch import REQUEST_COLUMNS
from tests.register.shelf import Row, a_person, a_register, an_address

DAY = date(2026, 11, 25)

ALMA = a_person()
BRUNO = a_person("p2", first_name="Bruno", middle_name=None, tin="900700002", birth_date=date(1980, 2, 3))
CARLA = a_person("p3", first_name="Carla", last_name="Mendez", tin="900700003", birth_date=date(1990, 1, 2))
CARLA_AGAIN = a_person("p4", first_name="Carla", last_name="Ruiz", tin="900700004", birth_date=None)
PEOPLE = (ALMA, BRUNO, CARLA, CARLA_AGAIN)
ADDRESSES = (
    an_address(), an_address("p2"), an_address("p3", street="7 Elm St"), an_address("p4", street="9 Pine Rd"),
)  # fmt: skip

REQUESTS: Mapping[str, Mapping[str, str | None]] = {
    "own": {},
    "spouse's number": {"tin": "900700002"},
    "another address": {"street": "22 Cedar Ln"},
    "without number": {"tin": None},
    "one letter off": {"first_name": "Allma"},
    "nobody": {"first_name": "Zoe", "last_name": "Ibarra", "tin": "900700009", "street": "1 First St",
               "birth_date": "1970-01-01"},
    "two records": {"first_name": "Carla", "last_name": "Mendez", "tin": "900700003", "birth_date": "1990-01-02",
                    "middle_name": None, "street": "7 Elm St"},
}  # fmt: skip
"""What each request says otherwise than Alma's own data."""

TRUTH: Mapping[str, Mapping[str, Any]] = {
    "own": {"person_id": "p1", "matchable": True, "subgroups": ["itin"]},
    "spouse's number": {"person_id": "p1", "matchable": False, "subgroups": ["itin", "joint"]},
    "another address": {"person_id": "p1", "matchable": False},
    "without number": {"person_id": "p1", "matchable": True, "subgroups": ["itin"]},
    "one letter off": {"person_id": "p1", "matchable": False, "noise": ["typo"]},
    "nobody": {"person_id": None, "matchable": False},
    "two records": {"person_id": "p4", "same_person": ["p3"], "matchable": True},
}

_TRUTH = pa.schema([
    ("request_ref", pa.string()), ("person_id", pa.string()), ("same_person", pa.list_(pa.string())),
    ("profile", pa.string()), ("noise", pa.list_(pa.string())), ("subgroups", pa.list_(pa.string())),
    ("address_held", pa.bool_()), ("matchable", pa.bool_()),
])  # fmt: skip


def a_data_set(
    folder: Path,
    *,
    truth: Mapping[str, Mapping[str, Any]] = TRUTH,
    people: Sequence[Row] = PEOPLE,
    addresses: Sequence[Row] = ADDRESSES,
    requests: Mapping[str, Mapping[str, str | None]] = REQUESTS,
) -> DataSet:
    """The rows above, or others, as a measurement takes them in."""
    register = a_register(folder / "register", people, addresses)
    rows, stated = folder / "requests.parquet", folder / "truth.parquet"
    pq.write_table(pa.Table.from_pylist([_request(*one) for one in requests.items()], _COLUMNS), rows)
    told = [{"request_ref": name, "profile": name, "noise": [], "subgroups": [], "same_person": [], **one}
            for name, one in truth.items()]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(told, _TRUTH), stated)
    return take_in(folder / "taken", id="hostile", title="Hand made", about="Written by hand.", register=register,
        requests=rows, truth=stated)  # fmt: skip


_COLUMNS = pa.schema([(name, pa.string()) for name in REQUEST_COLUMNS])


def _request(name: str, changed: Mapping[str, str | None]) -> dict[str, str | None]:
    """A request about Alma, as the register has her, `changed` in some columns."""
    alma = {
        "first_name": "Alma", "middle_name": "R", "last_name": "Quintero", "birth_date": "1984-05-17",
        "tin": "900700001", "street": "1501 Oak Ave", "city": "Seattle", "state": "WA", "zip": "98103",
    }  # fmt: skip
    return {**alma, **changed, "request_ref": name}


def strict() -> Ruling:
    """The rules of the default reading."""
    return rulings(flagship(), on=DAY)[0]


def said(data: DataSet, verdict: Verdict) -> dict[str, tuple[str, str | None]]:
    """Outcome and person of each request, by its reference."""
    names = pq.read_table(data.request, columns=["row_no", "request_ref"]).to_pylist()
    by_row = {row["row_no"]: (row["outcome"], row["person_id"]) for row in pq.read_table(verdict.file).to_pylist()}
    return {row["request_ref"]: by_row[row["row_no"]] for row in names}


def silent(_: str) -> None:
    """Say nothing."""
