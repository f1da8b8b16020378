"""Constants and parameters as typed SQL text, for a language whose emitted text binds nothing.

Rules:
 * A value keeps its type: an integer is a BIGINT, a decimal a DECIMAL(38, 9), a date a DATE.
 * Text is quoted by doubling quotes; nothing else in it has a meaning to the engine. It carries the binary
   collation, so that a session's default has no say in what is equal.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from narrowgate.terms.expression import Value


def literal(value: Value) -> str:
    """`value` as one SQL literal of its own type."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)"
    if isinstance(value, Decimal):
        return f"CAST('{value:f}' AS DECIMAL(38, 9))"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "' COLLATE C"
