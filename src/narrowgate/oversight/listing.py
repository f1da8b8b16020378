"""Write a list of requests to a file that a custodian reads: Parquet for programs, CSV for spreadsheets.

Rules:
 * In a CSV no cell can be taken for a formula: every text is neutralised.
 * A file of any other kind is refused before anything is worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import write
from narrowgate.errors import WrongUse
from narrowgate.formats.neutralise import neutral_sql

KINDS = (".parquet", ".csv")


def check_kind(out: Path) -> Path:
    """`out`, if a list can be written there."""
    if out.suffix not in KINDS:
        raise WrongUse(f"`{out}` is neither a .parquet nor a .csv", "nothing was written")
    if not out.resolve().parent.is_dir():
        raise WrongUse(f"there is no folder `{out.parent}`", "nothing was written")
    return out


def write_list(
    session: duckdb.DuckDBPyConnection,
    query: str,
    out: Path,
    *,
    texts: Sequence[str],
    lists: Sequence[str] = (),
    others: Sequence[str] = (),
    expect: int | None = None,
) -> int:
    """Write the rows of `query`, whose columns are `texts`, `lists` (of texts) and `others`; returns their number."""
    if check_kind(out).suffix == ".parquet":
        return write(session, query, out, expect=expect)
    said = {name: name for name in texts} | {name: f"array_to_string({name}, ';')" for name in lists}
    cells = [f"{neutral_sql(text)} AS {name}" for name, text in said.items()]
    done = session.execute(
        f"COPY (SELECT {', '.join((*cells, *others))} FROM ({query})) "
        f"TO {text_literal(str(out.resolve()))} (FORMAT csv, HEADER)"
    ).fetchone()
    assert done is not None
    return int(done[0])
