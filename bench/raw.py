"""The same tables joined by raw DuckDB: what finding candidates alone would cost, without law, care or ledger."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from narrowgate.synth.batch_manifest import Batch

SCRIPT = """
import sys, duckdb
session = duckdb.connect()
session.execute("SET threads = 2; SET memory_limit = '1GB'; SET preserve_insertion_order = false")
requests, register = sys.argv[1:]
person, address = f"read_parquet('{register}/person/*.parquet')", f"read_parquet('{register}/address/*.parquet')"
session.execute(f"CREATE TABLE q AS SELECT * FROM read_parquet('{requests}')")
for what, joined in {
    "number": f"{person} AS r ON replace(q.tin, '-', '') = r.tin",
    "birth date and last name":
        f"{person} AS r ON try_cast(q.birth_date AS DATE) = r.birth_date AND upper(q.last_name) = upper(r.last_name)",
    "street and zip": f"{address} AS r ON q.zip = r.zip AND upper(q.street) = upper(r.street)",
}.items():
    (pairs,) = session.execute(f"SELECT count(*) FROM q JOIN {joined}").fetchone()
    print(f"raw join by {what}: {pairs:,} pairs", flush=True)
"""


def measure(folder: Path, register: Path, batch: Batch) -> float:
    """Seconds for joins by number, by birth date and last name, and by street and zip, one process in all."""
    script = folder / "raw.py"
    script.write_text(SCRIPT)
    began = time.monotonic()
    subprocess.run([sys.executable, script, batch.requests, register], check=True)
    return time.monotonic() - began
