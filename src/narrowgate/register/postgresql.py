"""A register that a PostgreSQL server holds, in tables `person`, `address` and `register`.

Rules:
 * All that is asked in one session is answered from one snapshot of the server, read only, whose digest is that of the
   register as it was opened: what changes meanwhile is not seen, and what changed before stops the batch.
 * What is asked for goes over into temporary tables by COPY, all that may be the answer comes back by COPY, and the
   session asks it the question once more: who has a key is decided by the same words as in files.
 * A connection is closed when the records are said to be unchanged, when anything goes wrong, and at the latest with
   the session that asked.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from narrowgate.errors import Fault
from narrowgate.register import outside
from narrowgate.register.description import Description
from narrowgate.register.narrowing import ASKED, LIVED, given
from narrowgate.register.parquet import CHANGED
from narrowgate.register.postgresql_catalogue import check, describe, digest
from narrowgate.register.postgresql_copy import copied_out, copy_in
from narrowgate.register.postgresql_questions import NARROWED, tables
from narrowgate.register.postgresql_server import Server, connect, connected, in_its_words, read
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.questions import Keys
from narrowgate.register.tables import Tables, at_places, kinds_of

if TYPE_CHECKING:
    import psycopg

_LIVED = {column: ADDRESS_COLUMNS[column] for column in LIVED}
_Readings = weakref.WeakKeyDictionary[duckdb.DuckDBPyConnection, "psycopg.Connection"]


@dataclass(frozen=True)
class PostgresqlRegister:
    """A register in PostgreSQL. `folder` has its `register.toml`, which says where the server is."""

    folder: Path
    server: Server
    name: str
    as_of: date
    synthetic: bool
    digest: str
    _readings: _Readings = field(default_factory=weakref.WeakKeyDictionary, repr=False, compare=False)

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        kinds = kinds_of(session, places)
        with self._reading(session) as connection:
            _ask(session, connection, "asked_place", places)
            table = self.server.table("address")
            return at_places(
                places,
                {kind: _take(session, connection, kind, _LIVED, NARROWED.addresses_at(table, kind)) for kind in kinds},
            )

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        with self._reading(session) as connection:
            for name, rows in given(asked).items():
                _ask(session, connection, name, rows)
            query = NARROWED.people_met(self.server.table("person"), asked)
            met = _take(session, connection, "people_met", outside.PEOPLE_MET, query)
        return Tables(person=met, address="").people_met(session, asked)

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return self._rows_of(session, people, "address", ADDRESS_COLUMNS)

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return self._rows_of(session, people, "person", PERSON_COLUMNS)

    def unchanged(self) -> None:
        """What was read came from a snapshot of the digest. If nothing was read, the records are looked at now."""
        if not self._readings:
            self._begin().close()
        for session, connection in list(self._readings.items()):
            with in_its_words("say that the register is as it was", CHANGED):
                connection.execute("COMMIT")
            self._end(session)

    def _rows_of(self, session: duckdb.DuckDBPyConnection, people: str, table: str, columns: Mapping[str, str]) -> str:
        with self._reading(session) as connection:
            _ask(session, connection, "asked_person", people)
            query = NARROWED.rows_of(self.server.table(table), tuple(columns))
            return _take(session, connection, f"{table}_of", columns, query)

    @contextmanager
    def _reading(self, session: duckdb.DuckDBPyConnection) -> Iterator[psycopg.Connection]:
        """The snapshot from which all is answered that is asked in `session`."""
        if session not in self._readings:
            connection = self._begin()
            weakref.finalize(session, connection.close)
            self._readings[session] = connection
        try:
            with in_its_words("answer", CHANGED):
                yield self._readings[session]
        except BaseException:
            self._end(session)
            raise

    def _begin(self) -> psycopg.Connection:
        """A connection with a snapshot of the records that were opened; a Fault if they are others by now."""
        connection = connect(self.server)
        try:
            with in_its_words("begin"):
                for statement in (*tables(), _SNAPSHOT):
                    connection.execute(statement.encode())
                if _state(connection, self.server)[1] != self.digest:
                    raise Fault(f"register `{self.name}` has changed since it was opened")
        except BaseException:
            connection.close()
            raise
        return connection

    def _end(self, session: duckdb.DuckDBPyConnection) -> None:
        self._readings.pop(session).close()


def open_postgresql(folder: Path) -> PostgresqlRegister:
    """The register on the server that `folder` names; a Fault names the table and column that do not fit."""
    folder = folder.resolve()
    server = read(folder)
    with connected(server) as connection, in_its_words("be read"):
        connection.execute(_SNAPSHOT.encode())
        description, digest_ = _state(connection, server)
    return PostgresqlRegister(folder, server, description.name, description.as_of, description.synthetic, digest_)


_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _state(connection: psycopg.Connection, server: Server) -> tuple[Description, str]:
    """What the records in a snapshot are, and their digest."""
    check(connection, server)
    description = describe(connection, server)
    return description, digest(connection, server, description)


def _ask(session: duckdb.DuckDBPyConnection, connection: psycopg.Connection, table: str, rows: str) -> None:
    """Put `rows` of the session, which are asked for, into a temporary table of the server."""
    connection.execute(f"DELETE FROM pg_temp.{table}".encode())
    copy_in(connection, f"pg_temp.{table}", outside.handed_out(session, outside.asked(rows, ASKED[table])))
    connection.execute(f"ANALYZE pg_temp.{table}".encode())


def _take(
    session: duckdb.DuckDBPyConnection,
    connection: psycopg.Connection,
    name: str,
    columns: Mapping[str, str],
    query: str,
) -> str:
    """The table of the session with the rows of `query` on the server."""
    with copied_out(connection, query, columns) as reader, outside.streamed(session, reader) as rows:
        return outside.take_in(session, name, columns, rows)
