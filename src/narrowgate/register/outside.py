"""Carry what is asked for out of a session, and answers into it, for registers whose records it does not read itself.

Rules:
 * What is asked for goes out in the columns below, each row once, and nothing else of the session does.
 * What is handed over comes in as a table of the session with the columns and types of the question. It stays until
   the same question is asked again.
 * What lies on the disk in between is encrypted with a key of the session, below the session's own working folder, and
   is gone before the question is answered.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from narrowgate.errors import Fault
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.questions import PERSON_MET

PLACES = {"place": "INTEGER", "area": "VARCHAR", "number": "VARCHAR", "kind": "VARCHAR"}
WRITTEN = {"written": "VARCHAR"}
BIRTHS = {"birth_date": "DATE", "beginning": "VARCHAR", "initial": "VARCHAR"}
NAMED = {"birth_date": "DATE", "last": "VARCHAR", "first": "VARCHAR"}
BORN = {"birth_date": "DATE"}
HOMES = {"person_id": "VARCHAR", "last_ends": "BIGINT", "first_ends": "BIGINT"}
PEOPLE = {"person_id": "VARCHAR"}
"""The columns of what is asked for: places, the keys of people, people."""

ADDRESSES_AT = {"place": "INTEGER", **{name: ADDRESS_COLUMNS[name] for name in ("person_id", "street", "unit")}}
PEOPLE_MET = {name: PERSON_COLUMNS[name] for name in PERSON_MET}
ADDRESSES_OF, PEOPLE_OF = ADDRESS_COLUMNS, PERSON_COLUMNS
"""The columns of the four answers."""

_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@contextmanager
def private_folder(session: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """A folder of one's own that the session can read and write, gone at the end whatever came of it."""
    spill = Path(_setting(session, "temp_directory"))
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="register-", dir=spill))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def part_of(session: duckdb.DuckDBPyConnection, parts: int) -> dict[str, str | int]:
    """The memory limit and the threads of one of `parts` processes that have together what the session has."""
    said = _setting(session, "memory_limit")
    number = re.fullmatch(r"([0-9.]+) (\w+)", said)
    if number is None or number[2] not in _UNITS:
        raise Fault(f"the engine says that its memory limit is `{said}`")
    memory = int(float(number[1]) * _UNITS[number[2]])
    return {
        "memory_limit": f"{memory // parts // 1024}KiB",
        "threads": max(1, int(_setting(session, "threads")) // parts),
    }


def asked(rows: str, columns: Mapping[str, str]) -> str:
    """A query for what is asked for by `rows`, a relation of the session: its `columns`, each row once."""
    listed = ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in columns.items())
    return f"SELECT DISTINCT {listed} FROM {rows}"


def take_in(session: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: str) -> str:
    """Make a table of the session of `rows`, as they stand in a FROM clause, in place of an earlier one; its name."""
    table, listed = f"handed_{name}", ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in columns.items())
    session.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {listed} FROM {rows}")
    return table


def handed_out(session: duckdb.DuckDBPyConnection, query: str) -> pa.RecordBatchReader:
    """The rows of `query`, as columns, as they are worked out."""
    session.complete()  # what was asked before, and not read to its end, would be in the way
    return session.sql(query).to_arrow_reader()


@contextmanager
def streamed(session: duckdb.DuckDBPyConnection, rows: pa.RecordBatchReader) -> Iterator[str]:
    """`rows` as a relation of the session that can be read once."""
    session.register("handed_over", rows)
    try:
        yield "handed_over"
    finally:
        session.unregister("handed_over")


def _setting(session: duckdb.DuckDBPyConnection, name: str) -> str:
    ((value,),) = session.execute(f"SELECT current_setting('{name}')").fetchall()
    return str(value)
