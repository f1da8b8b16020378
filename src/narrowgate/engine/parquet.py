"""Hand-over files: Parquet, written whole or not at all.

Rules:
 * A file appears under its name only when every byte of it is on the disk.
 * A station that must hand on one row per request says how many it expects, and is stopped if it is wrong.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from narrowgate.encrypted import url
from narrowgate.engine.literal import text_literal
from narrowgate.errors import Fault
from narrowgate.files import sync


def relation(path: Path) -> str:
    """The rows of one hand-over file, as it stands in a FROM clause."""
    return f"read_parquet({text_literal(url(path))})"


OFTEN_READ = "ROW_GROUP_SIZE 40960, DICTIONARY_SIZE_LIMIT 20000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000000"
"""A layout for tables that are read through again and again: in so small a group of rows most texts are of few enough
words for a dictionary, and the engine works an expression out once for each word of one."""


def write(
    session: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    *,
    expect: int | None = None,
    often_read: bool = False,
) -> int:
    """Write the rows of `query` to `target` and return their number; a Fault if it is not `expect`."""
    layout = f", COMPRESSION_LEVEL 9, {OFTEN_READ}" if often_read else ""
    unfinished = target.with_name(target.name + ".unfinished")
    answer = session.execute(
        f"COPY ({query}) TO {text_literal(url(unfinished))} "
        # Without the last option row groups of two threads may change places, whatever the session says.
        f"(FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER true{layout})"
    ).fetchone()
    rows = int(answer[0]) if answer else 0
    if expect is not None and rows != expect:
        unfinished.unlink()
        raise Fault(f"station wrote {rows} rows to `{target.name}` where {expect} were received")
    unfinished.chmod(0o600)
    sync(unfinished)
    unfinished.replace(target)
    sync(target.parent)
    return rows
