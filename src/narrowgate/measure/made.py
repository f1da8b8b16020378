"""Put rows that come with other packages into the form of a register and of requests.

Rules:
 * A column that the rows do not give is missing; nothing is completed.
 * Every register that is made here says that its people are synthetic, and the name of it says whose rows they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import write
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.terms.batch import REQUEST_COLUMNS


def write_register(
    session: duckdb.DuckDBPyConnection, folder: Path, *, name: str, as_of: date, person: str, address: str
) -> Path:
    """A register of the rows of the queries `person` and `address`."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, query, columns in (("person", person, PERSON_COLUMNS), ("address", address, ADDRESS_COLUMNS)):
        write(session, f"{_only(session, query, columns)} ORDER BY person_id", folder / f"{table}.parquet")
    described = f'name = "{name}"\nas_of = {as_of.isoformat()}\nsynthetic = true\n'
    (folder / "register.toml").write_text(described, encoding="utf-8")
    return folder


def write_requests(session: duckdb.DuckDBPyConnection, file: Path, query: str) -> Path:
    """The rows of `query` as a requests file: all text, in the order of `request_ref`."""
    columns = dict.fromkeys(REQUEST_COLUMNS, "VARCHAR")
    write(session, f"{_only(session, query, columns)} ORDER BY request_ref", file)
    return file


def _only(session: duckdb.DuckDBPyConnection, query: str, columns: Mapping[str, str]) -> str:
    """The columns of `query` that are among `columns`, in their types; those it lacks are missing."""
    given = {row[0] for row in session.execute(f"DESCRIBE {query}").fetchall()}
    listed = ", ".join(
        f"CAST({identifier(name) if name in given else 'NULL'} AS {kind}) AS {identifier(name)}"
        for name, kind in columns.items()
    )
    return f"SELECT {listed} FROM ({query})"
