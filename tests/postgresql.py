"""A real PostgreSQL server for tests, on a Unix socket in a temporary folder, and registers put into it.

It is started once for each process of tests, and ends with it.
"""

from __future__ import annotations

import atexit
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv as pc

from tests.docs.pages import ROOT
from tests.register.shelf import ADDRESS_SCHEMA, PERSON_SCHEMA, Row

_SQL = re.compile(r"^```sql\n(.*?)^```", re.DOTALL | re.MULTILINE)
_numbers = count(1)


@dataclass(frozen=True)
class Running:
    """A server: the folder of its socket, and the port, on which it also listens at 127.0.0.1 (without TLS)."""

    socket: Path
    port: int

    def connect(self) -> psycopg.Connection:
        """A connection of the owner of everything."""
        return psycopg.connect(host=str(self.socket), port=self.port, user="postgres", dbname="postgres",
            autocommit=True)  # fmt: skip


@cache
def running() -> Running:
    """The server of this process of tests."""
    folder = Path(tempfile.mkdtemp(prefix="narrowgate-postgresql-"))
    # A server refuses to be run by root; whoever else runs the tests runs it.
    owner = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    become = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() == 0:
        become += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data, port = folder / "data", _free_port()
    subprocess.run(
        [*become, _program("initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    server = subprocess.Popen(
        [*become, _program("postgres"), "-D", data, "-k", folder, "-p", str(port), "-c", "fsync=off",
         "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=30"],
        stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"), cwd=folder,
    )  # fmt: skip
    atexit.register(_stop, server, folder)
    started = Running(folder, port)
    for _ in range(600):
        try:
            started.connect().close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        else:
            return started
    raise AssertionError((folder / "log").read_text())


def a_register_in_postgresql(
    folder: Path,
    people: Iterable[Row] | pa.Table,
    addresses: Iterable[Row] | pa.Table,
    *,
    user: str = "gate",
    collation: str | None = None,
) -> Path:
    """A register in a schema of its own, in the tables of the specification; `folder` says where it is."""
    server, schema = running(), f"register_{next(_numbers)}"
    with server.connect() as connection:
        connection.execute("SET client_min_messages = warning")
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'gate'").fetchall():
            connection.execute("CREATE ROLE gate LOGIN")
        tables = sql_of("spec/register.md")
        if collation is not None:
            tables = tables.replace('COLLATE "C"', f'COLLATE "{collation}"')
        connection.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {tables}".encode())
        connection.execute("INSERT INTO register VALUES ('simulated people', '2025-08-01', TRUE)")
        fill(connection, "person", people)
        fill(connection, "address", addresses)
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO gate".encode())
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO gate".encode())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.toml").write_text(
        f'kind = "postgresql"\n[postgresql]\nhost = "{server.socket}"\nport = {server.port}\n'
        f'dbname = "postgres"\nuser = "{user}"\nschema = "{schema}"\n',
        encoding="utf-8",
    )
    return folder


def schema_of(folder: Path) -> str:
    """The schema that a register was put into."""
    found = re.search(r'schema = "(\w+)"', (folder / "register.toml").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def fill(connection: psycopg.Connection, table: str, rows: Iterable[Row] | pa.Table) -> None:
    """Put `rows` into a table of the register."""
    schema = PERSON_SCHEMA if table == "person" else ADDRESS_SCHEMA
    text = pa.BufferOutputStream()
    options = pc.WriteOptions(include_header=False, quoting_style="all_valid")
    columns = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows), schema)
    pc.write_csv(columns.select(schema.names), text, options)
    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as copy:
        copy.write(text.getvalue().to_pybytes())


def sql_of(page: str) -> str:
    """The statements that stand in a page."""
    statements = _SQL.findall((ROOT / page).read_text(encoding="utf-8"))
    assert statements, page
    return "\n".join(statements)


def _program(name: str) -> Path:
    """A program of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which(name)
    assert found or on_path, "PostgreSQL is not installed: see scripts/need.sh"
    return found[-1] if found else Path(str(on_path))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.send_signal(signal.SIGQUIT)  # at once: there is nothing to be kept
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
