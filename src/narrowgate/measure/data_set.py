"""Rows whose truth is known: a register, requests as intake writes them, and whom each request is about.

Rules:
 * Requests go through intake's own reading, so that what is measured is what would arrive at the matching station.
 * Every request has exactly one row of truth, and every row of truth a request; anything else stops the measurement.
 * The truth never comes near the station: it lies in a file of its own, which only the counting reads.
 * Only a register that says that its people are synthetic is measured on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from narrowgate.encrypted import no_keys
from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session
from narrowgate.errors import WrongUse
from narrowgate.files import digest
from narrowgate.formats.limits import Limits
from narrowgate.formats.rows import read_rows
from narrowgate.intake.table import write_tables
from narrowgate.register.parquet import ParquetRegister, open_simulated
from narrowgate.terms.refusal import Refusal

MEMORY = "3GB"
"""What the engine may use, here and in whatever measures."""

TRUTH: Mapping[str, str] = {
    "person_id": "VARCHAR",
    "same_person": "VARCHAR[]",
    "profile": "VARCHAR",
    "noise": "VARCHAR[]",
    "subgroups": "VARCHAR[]",
    "address_held": "BOOLEAN",
    "matchable": "BOOLEAN",
}
"""What a row of truth says beside its `request_ref`: who it is (missing: nobody in the register), which other ids are
the same human being, what kind of request it is, how it is miswritten, whom it is about, and whether the address was
ever held and the evidence rules of the default reading could decide it. Only the first must be there."""


@dataclass(frozen=True)
class DataSet:
    """One set of rows. `request` has a row_no for each; `truth` the same row_no and the columns of `TRUTH`."""

    id: str
    title: str
    about: str
    register: ParquetRegister
    request: Path
    truth: Path
    folder: Path
    rows: int
    digests: Mapping[str, str]
    seeds: Mapping[str, int] = field(default_factory=dict)
    knows_matchable: bool = False


def session_for(*folders: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """A session of the engine, as stations get it, that reads and writes in `folders`."""
    return open_session(directories=folders, temp_directory=spill, memory_limit=MEMORY)


def take_in(
    folder: Path,
    *,
    id: str,  # noqa: A002 - its name in every report
    title: str,
    about: str,
    register: Path,
    requests: Path,
    truth: Path,
    seeds: Mapping[str, int] | None = None,
) -> DataSet:
    """Read `requests` as intake does and `truth` beside it, into `folder`."""
    opened = open_simulated(register, hint="nothing was measured")
    for file in (requests, truth):
        if not file.is_file():
            raise WrongUse(f"`{file}` is not a file", "nothing was measured")
    folder.mkdir(parents=True, exist_ok=True)
    with session_for(folder, requests.parent, truth.parent, spill=folder / "spill") as session:
        read = read_rows(session, requests, folder=folder, limits=Limits(), key_for=no_keys)
        if isinstance(read, Refusal):
            raise WrongUse(read.message, read.hint)
        table = write_tables(session, read, folder)
        known = _columns(session, truth)
        write(session, _truth(table.request, truth, known), folder / "truth.parquet", expect=table.requests)
        _each_once(session, folder / "truth.parquet", truth, table.requests)
    return DataSet(
        id=id,
        title=title,
        about=about,
        register=opened,
        request=table.request,
        truth=folder / "truth.parquet",
        folder=folder,
        rows=table.requests,
        digests={"register": opened.digest, "requests": digest(requests), "truth": digest(truth)},
        seeds=seeds or {},
        knows_matchable="matchable" in known,
    )


def _columns(session: duckdb.DuckDBPyConnection, truth: Path) -> tuple[str, ...]:
    """The columns of the truth; WrongUse if the two that must be there are not."""
    found = tuple(row[0] for row in session.execute(f"DESCRIBE FROM {relation(truth)}").fetchall())
    for column in ("request_ref", "person_id"):
        if column not in found:
            raise WrongUse(f"`{truth}` has no column `{column}`", "nothing was measured")
    return found


def _truth(request: Path, truth: Path, known: tuple[str, ...]) -> str:
    """A query for the truth of each request; columns that nobody stated are missing, lists empty."""
    columns = ", ".join(
        f"CAST({_stated(name, kind) if name in known else 'NULL'} AS {kind}) AS {identifier(name)}"
        for name, kind in TRUTH.items()
    )
    return f"""SELECT r.row_no, {columns}
        FROM (SELECT row_no, request_ref FROM {relation(request)}) AS r
        JOIN {relation(truth)} AS t USING (request_ref) ORDER BY r.row_no"""


def _stated(name: str, kind: str) -> str:
    return f"coalesce(t.{identifier(name)}, [])" if kind.endswith("[]") else f"t.{identifier(name)}"


def _each_once(session: duckdb.DuckDBPyConnection, joined: Path, truth: Path, rows: int) -> None:
    """Stop if a request has two truths, or a truth no request."""
    ((distinct, stated),) = session.execute(f"""
        SELECT (SELECT count(DISTINCT row_no) FROM {relation(joined)}), (SELECT count(*) FROM {relation(truth)})
        """).fetchall()  # fmt: skip
    if not distinct == stated == rows:
        told = f"`{truth}` has {stated} rows for {rows} requests, {distinct} of them told"
        raise WrongUse(told, "nothing was measured")
