"""How DuckDB says names, values and days (`sql` says the rest).

Rules:
 * Text is compared with a constant byte by byte, whatever collation a session has; two text facts follow the
   session, whose collation is binary (`engine.session`).
 * Number columns are integers or decimals, never floating point; dates are finite.
"""

from __future__ import annotations

from typing import Literal as OneOf

from narrowgate.agreement.language.literal import literal
from narrowgate.agreement.language.model import Parameters
from narrowgate.agreement.language.sql import Dialect, say
from narrowgate.terms.expression import Expression
from narrowgate.terms.fact import Type

TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.DECIMAL: "DECIMAL(38, 9)",
    Type.DATE: "DATE",
    Type.BOOLEAN: "BOOLEAN",
}
"""The columns of facts, by type. Spark knows them by the same names, except that its text is STRING."""


def emit(expression: Expression, parameters: Parameters) -> str:
    """A BOOLEAN expression of DuckDB's SQL over columns named like the facts."""
    return say(expression, parameters, DUCKDB)


def _name(fact: str) -> str:
    return '"' + fact.replace('"', '""') + '"'


def _moved(day: str, operator: OneOf["+", "-"], days: int) -> str:
    """DuckDB moves a date by an INTEGER, not by a BIGINT."""
    return f"({day} {operator} CAST({days} AS INTEGER))"


def _between(later: str, earlier: str) -> str:
    """DuckDB takes a date from a date as whole days, a BIGINT."""
    return f"({later} - {earlier})"


DUCKDB = Dialect(name=_name, literal=literal, moved=_moved, between=_between)
