"""The engine session: it does the work and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session, within_memory
from narrowgate.errors import Fault


@pytest.fixture
def session(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return open_session(directories=[tmp_path], temp_directory=tmp_path / "spill", memory_limit="64MB")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/narrowgate-escaped.parquet'",
        "INSTALL httpfs",
        "LOAD sqlite",
        "SET threads = 4",
        "SET enable_external_access = true",
        "ATTACH '/tmp/narrowgate-escaped.db'",
    ],
)
def test_a_locked_session_reaches_nothing_else(session: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(duckdb.Error):
        session.execute(statement)
    assert not Path("/tmp/narrowgate-escaped.parquet").exists()
    assert not Path("/tmp/narrowgate-escaped.db").exists()


def test_what_does_not_fit_is_a_fault_and_leaves_no_readable_spill(
    session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    wide = "SELECT i, repeat('Quintero' || i, 20) AS text FROM range(2000000) AS t(i) ORDER BY hash(i)"
    with pytest.raises(Fault, match="needs more memory than `64MB`"), within_memory("64MB"):
        session.execute(f"CREATE TABLE sorted AS {wide}")
    session.close()
    for file in (tmp_path / "spill").rglob("*"):
        assert b"Quintero" not in file.read_bytes()


def test_a_hand_over_with_a_row_too_few_is_not_written(session: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"2 rows to `x\.parquet` where 3 were received"):
        write(session, "SELECT * FROM range(2)", tmp_path / "x.parquet", expect=3)
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".parquet"] == []


def test_a_hand_over_is_private_and_whole(session: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    assert write(session, "SELECT i FROM range(200000) AS t(i) ORDER BY i", file, expect=200_000) == 200_000
    assert file.stat().st_mode & 0o077 == 0
    in_order = session.execute(
        f"SELECT bool_and(i = place) FROM (SELECT i, row_number() OVER () - 1 AS place FROM {relation(file)})"
    ).fetchone()
    assert in_order == (True,)
