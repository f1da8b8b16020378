"""A look at rows before they are signed: the same reading and the same layout checks as intake.

Rules:
 * No manifest, no signature, no key, no register: a file of rows is all that is read.
 * What passes here is not refused for its layout later, and what is refused here would be.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from narrowgate.encrypted import no_keys
from narrowgate.engine.session import open_session, within_memory
from narrowgate.errors import WrongUse
from narrowgate.formats.codes import Code, Halt, answering
from narrowgate.formats.limits import Limits
from narrowgate.formats.rows import read_rows
from narrowgate.intake.references import check_references
from narrowgate.intake.table import LayoutError, write_tables
from narrowgate.terms.refusal import Refusal

MEMORY = "2GB"
"""What a batch of a million requests needs."""


@dataclass(frozen=True)
class Preflight:
    """What intake would make of the rows: how many, how many layout errors, and the first of those."""

    requests: int
    layout_errors: int
    first_errors: tuple[LayoutError, ...]


@answering
def lint(rows: Path, *, limits: Limits = Limits()) -> Preflight:  # noqa: B008 - frozen
    """Read a rows file as intake will. Works on a private copy, which is gone afterwards."""
    if not rows.is_file():
        raise WrongUse(f"`{rows}` is not a file")
    with tempfile.TemporaryDirectory(prefix="narrowgate-check-") as private:
        folder = Path(private)
        copy = folder / re.sub(r"[*?\[\]]", "_", rows.name)  # DuckDB would read these as a pattern
        shutil.copyfile(rows, copy)
        session = open_session(directories=[folder], temp_directory=folder / "spill", memory_limit=MEMORY)
        with session, within_memory(MEMORY, "send the rows in more than one batch; no record was looked up"):
            read = read_rows(session, copy, folder=folder, limits=limits, key_for=no_keys)
            if isinstance(read, Refusal):
                raise Halt.of(read)
            if not read.count:
                raise Halt(Code.ROWS_COUNT, f"`{rows.name}` has no rows")
            table = write_tables(session, read, folder)
            check_references(session, table.request)
    return Preflight(table.requests, table.layout_errors, table.first_errors)
