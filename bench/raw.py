"""The same tables joined by raw DuckDB: what finding candidates alone would cost, without law, care or ledger."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from narrowgate.demo.august_2025 import Batch

SCRIPT = """
import sys, duckdb
session = duckdb.connect()
session.execute("SET threads = 2; SET memory_limit = '1GB'; SET preserve_insertion_order = false")
requests, register = sys.argv[1:]
person, address = f"read_parquet('{register}/person/*.parquet')", f"read_parquet('{register}/address/*.parquet')"
session.execute(f"CREATE TABLE q AS SELECT * FROM read_parquet('{requests}')")
print(session.execute(f"SELECT count(*) FROM q JOIN {person} AS p ON replace(q.tin, '-', '') = p.tin").fetchone())
print(session.execute(
    f"SELECT count(*) FROM q JOIN {person} AS p ON try_cast(q.birth_date AS DATE) = p.birth_date "
    "AND upper(q.last_name) = upper(p.last_name)").fetchone())
print(session.execute(
    f"SELECT count(*) FROM q JOIN {address} AS a ON q.zip = a.zip AND upper(q.street) = upper(a.street)").fetchone())
"""


def measure(folder: Path, register: Path, batch: Batch) -> float:
    """Seconds for joins by number, by birth date and last name, and by street and zip, one process in all."""
    script = folder / "raw.py"
    script.write_text(SCRIPT)
    began = time.monotonic()
    subprocess.run([sys.executable, script, batch.requests, register], check=True)
    return time.monotonic() - began
