"""Match a few requests and then all, of a register that is kept in one way, and say as JSON what each took.

Every request stands: clauses are not measured here. Usage: `python -m bench.kept WAY FOLDER REGISTER REQUEST`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.postgresql import a_register_in_postgresql, running, schema_of, sql_of
from tests.register.shelf import ADDRESS_SCHEMA, PERSON_SCHEMA
from tests.spark.running import two_workers

from bench.process import forget_peak, peak_megabytes, processor_seconds
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session
from narrowgate.engine.spark import open_spark
from narrowgate.matching import resolve
from narrowgate.measure import hostile
from narrowgate.measure.evidence import flagship, rulings
from narrowgate.register.open import open_register
from narrowgate.register.protocol import Register

MEMORY = "2GB"
FEW = 100


def main() -> None:
    """Open, match a few, match all; Spark a second time."""
    way, *paths = sys.argv[1:]
    folder, files, request = (Path(path) for path in paths)
    with ExitStack() as stack:
        spark = stack.enter_context(open_spark(two_workers())) if way == "spark" else None
        kept = (
            _in_postgresql(folder / way, files, indexed=way == "indexed") if way in ("postgresql", "indexed") else files
        )

        def opened() -> Register:
            return open_register(kept, workers=2 if way == "workers" else 1, cluster=spark)

        found = {way: dict(_matched(opened, folder, request))}
        if spark:
            found["spark_again"] = dict(_matched(opened, folder, request))
    print(json.dumps(found))


def _matched(opened: Any, folder: Path, request: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What opening the register and matching took, for a few requests and for all."""
    rows = pq.read_metadata(request).num_rows
    basis = rulings(flagship(), on=hostile.MADE_ON)[0].basis
    for asked in (FEW, rows):
        findings, match = folder / "findings.parquet", folder / "match.parquet"
        began = time.perf_counter()
        register = opened()
        opening = time.perf_counter() - began
        session = open_session(
            directories=[folder, register.folder], temp_directory=folder / "spill", memory_limit=MEMORY, threads=2
        )
        said = f"SELECT row_no, row_no < {asked} AS stands FROM {relation(request)}"
        write(session, said, findings, expect=rows)
        forget_peak()
        before, began = processor_seconds(), time.perf_counter()
        resolve(session, request=request, findings=findings, register=register, basis=basis, out=match)
        seconds, after = time.perf_counter() - began, processor_seconds()
        session.close()
        digest = hashlib.sha256(pq.read_table(match).to_pandas().to_csv().encode()).hexdigest()
        yield str(asked), {
            "opening": opening, "seconds": seconds, "gate": after[0] - before[0], "others": after[1] - before[1],
            "megabytes": peak_megabytes(), "digest": digest,
        }  # fmt: skip


def _in_postgresql(folder: Path, files: Path, *, indexed: bool) -> Path:
    """The register `files` in a server of this machine, with the indexes that `docs/scale.md` proposes or without."""
    people, homes = (
        pa.concat_tables(pq.read_table(file, columns=schema.names).cast(schema) for file in (files / name).iterdir())
        for name, schema in (("person", PERSON_SCHEMA), ("address", ADDRESS_SCHEMA))
    )
    kept = a_register_in_postgresql(folder, people, homes)
    with running().connect() as connection:
        if indexed:
            connection.execute(f"SET search_path = {schema_of(kept)}; {sql_of('docs/scale.md')}".encode())
        connection.execute(b"VACUUM ANALYZE")
    return kept


if __name__ == "__main__":
    main()
