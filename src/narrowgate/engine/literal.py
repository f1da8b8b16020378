"""Typed values as SQL text. The only way in which a value becomes part of a query that cannot bind it.

Rules:
 * A value keeps its type: a date becomes a DATE, never text that an engine may read as one.
 * Text is quoted by doubling quotes and may hold no NUL; nothing else in it has a meaning to DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from narrowgate.errors import WrongUse
from narrowgate.terms.expression import Value


def literal(value: Value | None) -> str:
    """`value` as one SQL literal of its own type; None is NULL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)"
    if isinstance(value, Decimal):
        return f"CAST('{value}' AS DECIMAL(38, 9))"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return text_literal(value)


def text_literal(value: str) -> str:
    """`value` as a quoted SQL text."""
    if "\x00" in value:
        raise WrongUse("a text holds a NUL character")
    return "'" + value.replace("'", "''") + "'"


def text_list(values: Iterable[str]) -> str:
    """A DuckDB list of quoted texts, empty lists included."""
    return "CAST([" + ", ".join(text_literal(value) for value in values) + "] AS VARCHAR[])"


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
