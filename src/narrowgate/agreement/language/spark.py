"""How Spark SQL 4 says names, values and days (`sql` says the rest).

Rules:
 * ANSI mode is on, as it is by default: a value that does not fit is an error and never a NULL, which a clause
   would take for a missing fact.
 * Fact columns are BIGINT, DECIMAL(38, 9), DATE, STRING (not CHAR, which pads) and BOOLEAN. Two text facts are
   compared by the collation of their columns, UTF8_BINARY unless a table says otherwise; a constant is compared
   byte by byte whatever that is.
 * No setting of the parser matters. Only printable ASCII without quote, backslash or `$` is spelled out; any other
   text is its bytes in UTF-8, so that neither escapes (`spark.sql.parser.escapedStringLiterals`), nor doubled
   quotes (`spark.sql.legacy.consecutiveStringLiterals.enabled`), nor `${...}` (`spark.sql.variable.substitute`),
   nor the character set of a file can change it.
 * A date moved by days is a day number of 32 bits: no condition is long enough to leave it, so arithmetic beyond
   the years 1 to 9999 compares as in the model.
 * `date_add`, `date_sub` and `datediff` are Spark's own; a session that redefines them is not one to judge in.
"""

from __future__ import annotations

from typing import Literal as OneOf

from narrowgate.agreement.language.literal import literal as plain
from narrowgate.agreement.language.model import Parameters
from narrowgate.agreement.language.sql import Dialect, say
from narrowgate.terms.expression import Expression, Value

MEANS_SOMETHING = frozenset("'\\$")
"""The printable ASCII that means something to Spark within quotes, under one setting or another."""


def emit(expression: Expression, parameters: Parameters) -> str:
    """A BOOLEAN expression of Spark's SQL over columns named like the facts."""
    return say(expression, parameters, SPARK)


def literal(value: Value) -> str:
    """`value` as one Spark literal of its own type. Numbers, dates and truths are the same to both engines."""
    return f"{_text(value)} COLLATE UTF8_BINARY" if isinstance(value, str) else plain(value)


def _text(value: str) -> str:
    if value.isascii() and value.isprintable() and MEANS_SOMETHING.isdisjoint(value):
        return f"'{value}'"
    return f"CAST(X'{value.encode().hex().upper()}' AS STRING)"


def _name(fact: str) -> str:
    return "`" + fact.replace("`", "``") + "`"


def _moved(day: str, operator: OneOf["+", "-"], days: int) -> str:
    """Spark moves a date by an INT, not by a BIGINT."""
    return f"{'date_add' if operator == '+' else 'date_sub'}({day}, CAST({days} AS INT))"


def _between(later: str, earlier: str) -> str:
    """Spark's `-` would leave an INTERVAL, which compares with no number."""
    return f"CAST(datediff({later}, {earlier}) AS BIGINT)"


SPARK = Dialect(name=_name, literal=literal, moved=_moved, between=_between)
