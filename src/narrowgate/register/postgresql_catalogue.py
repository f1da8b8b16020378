"""See that a PostgreSQL server has the tables of a register, and name what is in them by one digest.

Rules:
 * Tables, columns, types and permissions are read off the catalogue before any row is; the Fault names what is amiss.
 * The digest is made by the server in one reading of each table: it is the same for the same rows in any order, and
   another one if a row is added, lost or changed. It finds changes, not somebody who forges rows to keep it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from narrowgate.engine.literal import text_literal
from narrowgate.errors import Fault
from narrowgate.register.description import Description, described
from narrowgate.register.parquet_files import digest_of
from narrowgate.register.postgresql_server import Server
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS

if TYPE_CHECKING:
    import psycopg

_DESCRIPTION = {"name": "VARCHAR", "as_of": "DATE", "synthetic": "BOOLEAN"}
_TYPES = {
    "VARCHAR": ("text", "character varying"),
    "DATE": ("date",),
    "BOOLEAN": ("boolean",),
    "INTEGER": ("integer", "smallint"),
}
"""The types of the server that hold a column's values, and no others, without changing any."""


def check(connection: psycopg.Connection, server: Server) -> None:
    """See that the server, its database and the tables in it are such as can be read."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Fault(f"the register's database has the encoding `{encoding}`, it must be UTF8")
    may = "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
    if not _one(connection, may)[0]:
        raise Fault("the register's database lets this user make no temporary tables, in which questions are put")
    for name, columns in (("register", _DESCRIPTION), ("person", PERSON_COLUMNS), ("address", ADDRESS_COLUMNS)):
        _check_table(connection, server.table(name), columns)


def describe(connection: psycopg.Connection, server: Server) -> Description:
    """The one row of the table `register`."""
    table = server.table("register")
    rows = connection.execute(f"SELECT name, as_of, synthetic FROM {table} LIMIT 2".encode()).fetchall()
    if len(rows) != 1:
        raise Fault(f"table {table} must have one row, it has {'none' if not rows else 'more'}")
    ((name, as_of, synthetic),) = rows
    return described(name, as_of, synthetic, table)


def digest(connection: psycopg.Connection, server: Server, description: Description) -> str:
    """Hex SHA-256 over what the register says of itself, then of each table the number and the sum of its rows."""
    parts = [description.name, description.as_of.isoformat(), str(description.synthetic).lower()]
    for name, columns in (("person", PERSON_COLUMNS), ("address", ADDRESS_COLUMNS)):
        table = server.table(name)
        rows, sum_, outside = _one(connection, _content(table, columns))
        if outside:
            raise Fault(f"table {table} has `{outside}` rows with a day that is not of the years 1 to 9999")
        parts += [name, str(rows), str(sum_)]
    return digest_of(part.encode() for part in parts)


def _check_table(connection: psycopg.Connection, table: str, columns: Mapping[str, str]) -> None:
    """See that `table` is there and that each of `columns` is in it, of its type, and may be read."""
    listed = f"""
        SELECT attname, format_type(atttypid, NULL), has_column_privilege(attrelid, attnum, 'SELECT')
        FROM pg_attribute
        WHERE attrelid = to_regclass({text_literal(table)}) AND attnum > 0 AND NOT attisdropped"""
    found = connection.execute(listed.encode()).fetchall()
    if not found:
        raise Fault(f"the register's database has no table {table}")
    types = {name: (type_, may) for name, type_, may in found}
    for column, wanted in columns.items():
        if column not in types:
            raise Fault(f"table {table} has no column `{column}`")
        type_, may = types[column]
        if type_ not in _TYPES[wanted]:
            raise Fault(f"table {table}: column `{column}` is `{type_}`, it must be {' or '.join(_TYPES[wanted])}")
        if not may:
            raise Fault(f"table {table}: this user may not read column `{column}`")


def _content(table: str, columns: Mapping[str, str]) -> str:
    """A query for how many rows there are, the sum of their hashes, and how many have a day that none is."""
    listed = ", ".join(columns)
    days = [column for column, type_ in columns.items() if type_ == "DATE"]
    outside = " OR ".join(f"{day} NOT BETWEEN '0001-01-01' AND '9999-12-31'" for day in days)
    return f"""
        SELECT count(*), coalesce(sum(hashtextextended(CAST(ROW({listed}) AS text) COLLATE "C", 0)), 0),
               count(*) FILTER (WHERE {outside})
        FROM {table}"""


def _one(connection: psycopg.Connection, query: str) -> tuple[Any, ...]:
    """The one row of `query`."""
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
