"""Which columns a rows file may have: those of a request, each at most once, and the reference always."""

from __future__ import annotations

from collections.abc import Iterable

from narrowgate.formats.codes import Code, Halt, shown
from narrowgate.terms.batch import REQUEST_COLUMNS

KNOWN = frozenset(REQUEST_COLUMNS)
KEY = "request_ref"


def check_columns(name: str, columns: Iterable[str]) -> None:
    """Halt if the rows file `name` has a column twice, an unknown one (all are named), or no reference."""
    seen: set[str] = set()
    unknown = []
    for column in columns:
        if column in seen:
            raise Halt(Code.ROWS_COLUMNS, f"`{name}` has the column {shown(column)} twice")
        seen.add(column)
        if column not in KNOWN:
            unknown.append(column)
    if unknown:
        named = ", ".join(shown(column) for column in unknown[:5])
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        word = "column" if len(unknown) == 1 else "columns"
        raise Halt(Code.ROWS_COLUMNS, f"`{name}` has the unknown {word} {named}{more}")
    if KEY not in seen:
        raise Halt(Code.ROWS_COLUMNS, f"`{name}` has no column `{KEY}`")
