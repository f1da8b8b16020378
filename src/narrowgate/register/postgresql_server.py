"""Reach a PostgreSQL server that serves a register, and say what it says.

Rules:
 * `register.toml` says where the server is and never a password: libpq finds that in its own password file.
 * Over the network only with TLS and a server whose name its certificate proves; else over a Unix socket.
 * Nothing is found by a search path, no row is left out by a policy without an error, and texts and days are written in
   one way whatever the server's settings are.
 * Whatever the server complains of is a Fault in its own words, without the detail that may quote a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from narrowgate.engine.literal import identifier
from narrowgate.errors import Fault, WrongUse
from narrowgate.register import description

if TYPE_CHECKING:
    import psycopg

OLDEST = 140_000
"""The oldest server that is used: PostgreSQL 14."""

_TEXTS = ("service", "host", "dbname", "user", "sslrootcert", "schema")
_SETTINGS = {
    "search_path": "",
    "row_security": "off",
    "datestyle": "ISO, YMD",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "idle_in_transaction_session_timeout": "0",
    "work_mem": "256MB",
    # A query whose asker is gone ends.
    "client_connection_check_interval": "10s",
}


@dataclass(frozen=True)
class Server:
    """How to reach the server, as libpq's parameters, and the schema that the tables are in."""

    parameters: tuple[tuple[str, str], ...]
    schema: str

    def table(self, name: str) -> str:
        """A table of the register, as it stands in a FROM clause of the server."""
        return f"{identifier(self.schema)}.{identifier(name)}"


def read(folder: Path) -> Server:
    """The server that `register.toml` in `folder` names."""
    file, said = folder / description.FILE, description.read(folder)
    description.known(said, ("kind", "postgresql"), file)
    table = said.get("postgresql")
    if not isinstance(table, dict):
        raise Fault(f"`{file}` has no table `[postgresql]` that says where the server is")
    description.known(table, (*_TEXTS, "port"), file)
    for key, value in table.items():
        if type(value) is not (int if key == "port" else str) or not value:
            raise Fault(f"`{file}`: `{key}` must be a {'number' if key == 'port' else 'text'}, it is `{value}`")
    parameters = tuple((key, str(value)) for key, value in sorted(table.items()) if key != "schema")
    return Server(parameters, table.get("schema", "public"))


@contextmanager
def connected(server: Server) -> Iterator[psycopg.Connection]:
    """A connection for the length of one thought."""
    connection = connect(server)
    try:
        yield connection
    finally:
        connection.close()


def connect(server: Server) -> psycopg.Connection:
    """A connection whose settings change no answer. It is in no transaction."""
    library = _psycopg()
    with in_its_words("be reached"):
        connection: psycopg.Connection = library.connect(
            autocommit=True,
            **{
                **dict(server.parameters),
                # A Unix socket knows no TLS, and libpq does not ask it for any.
                "sslmode": "verify-full",
                "client_encoding": "UTF8",
                "connect_timeout": "10",
                "application_name": "narrowgate",
            },
        )
    try:
        if connection.info.server_version < OLDEST:
            raise Fault(f"the register's PostgreSQL server is of version {connection.info.server_version // 10_000}")
        with in_its_words("be used"):
            for name, value in _SETTINGS.items():
                connection.execute("SELECT pg_catalog.set_config(%s, %s, FALSE)", (name, value))
    except Fault:
        connection.close()
        raise
    return connection


@contextmanager
def in_its_words(what: str, hint: str = "no record was looked up") -> Iterator[None]:
    """Say it as a Fault that the server cannot do `what` if it complains within."""
    try:
        yield
    except _psycopg().Error as problem:
        raise complaint(what, problem, hint) from problem


def complaint(what: str, problem: psycopg.Error, hint: str) -> Fault:
    """What the server, or the way to it, complained of."""
    # Of a server only the first line: its detail may quote a row. A connection that failed has none, and quotes none.
    said = problem.diag.message_primary or " ".join(str(problem).split())
    return Fault(f"the register's PostgreSQL server cannot {what}: {said}", hint)


def _psycopg() -> ModuleType:
    """The library that speaks to the server; wrong use if it is not installed."""
    try:
        import psycopg  # noqa: PLC0415 - an extra that a gate over files does without
    except ImportError as problem:
        raise WrongUse(
            "a register in PostgreSQL needs `psycopg`, which cannot be loaded",
            "install it with `pip install 'narrowgate[postgresql]'`; no record was looked up",
        ) from problem
    return psycopg
