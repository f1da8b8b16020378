"""Ask a simulated register and a batch about it, and judge the batch the way it was judged in 2025.

The two checks of 2025 are written here a second time, apart from the gate's own, from what the record says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from narrowgate.synth.batch_manifest import Batch

_IN_FULL = {"STREET": "ST", "AVENUE": "AVE", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN", "COURT": "CT",
    "PLACE": "PL", "CIRCLE": "CIR", "BOULEVARD": "BLVD", "TERRACE": "TER", "PARKWAY": "PKWY",
    "TRAIL": "TRL", "HIGHWAY": "HWY"}  # fmt: skip


def street(column: str) -> str:
    """A street in capitals, its last word abbreviated."""
    text = f"upper({column})"
    for word, short in _IN_FULL.items():
        text = f"regexp_replace({text}, ' {word}$', ' {short}')"
    return text


def rows_of(register: Path, table: str) -> str:
    """The rows of one table of a register, as it stands in a FROM clause."""
    return f"read_parquet('{register / table}/*.parquet')"


def ask(query: str) -> Any:
    """The one value that a query gives."""
    ((value,),) = duckdb.execute(query).fetchall()
    return value


def digests(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@dataclass
class Simulation:
    """A batch beside its truth and its register, to be queried as `request`, `person` and `address`."""

    session: duckdb.DuckDBPyConnection
    register: Path
    batch: Batch
    manifest: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.manifest = json.loads(self.batch.manifest.read_text())
        self.session.execute(f"""CREATE TABLE request AS
            SELECT r.*, replace(r.tin, '-', '') AS tin_digits, t.person_id AS truth, t.profile
            FROM read_parquet('{self.batch.requests}') r JOIN read_parquet('{self.batch.truth}') t
                USING (request_ref)""")
        for table in ("person", "address"):
            self.session.execute(f"CREATE VIEW {table} AS SELECT * FROM {rows_of(self.register, table)}")
        self.session.execute("""CREATE TABLE by_tin AS SELECT r.*, p.person_id FROM request r
            JOIN person p ON p.tin = r.tin_digits
            WHERE upper(left(p.last_name, 4)) = upper(left(r.last_name, 4))
                AND concat(r.street, r.unit, r.city, r.state, r.zip) <> ''""")
        self.session.execute(f"""CREATE TABLE by_address AS SELECT DISTINCT r.*, p.person_id FROM request r
            JOIN person p ON upper(p.first_name) = upper(r.first_name)
                AND upper(p.last_name) = upper(r.last_name)
            JOIN address a ON a.person_id = p.person_id AND {street("a.street")} = {street("r.street")}
                AND upper(concat(a.unit)) = upper(concat(r.unit)) AND upper(a.city) = upper(r.city)
                AND a.state = r.state AND a.zip = r.zip
            WHERE r.tin IS NULL""")

    def ask(self, query: str) -> Any:
        """The one value that a query gives."""
        ((value,),) = self.session.execute(query).fetchall()
        return value

    def pairs(self, query: str) -> dict[Any, Any]:
        """What a query of two columns gives."""
        return dict(self.session.execute(query).fetchall())
