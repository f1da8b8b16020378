"""Make a cell safe to open in a spreadsheet, which may run what looks like a formula.

Rules:
 * A text that starts with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe; others stay.
 * The attack: a name of `=HYPERLINK(...)` that runs on the desk of whoever exports the batch.
 * Two forms, one meaning: `neutral` for Python, `neutral_sql` for DuckDB; a test holds them together.
"""

from __future__ import annotations

FORMULA_STARTS = "=+-@\t\r\n"


def neutral(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(tuple(FORMULA_STARTS)) else text


def neutral_sql(expression: str) -> str:
    """A DuckDB expression for `neutral` of the text expression `expression`; missing stays missing."""
    starts = ", ".join("chr(" + str(ord(letter)) + ")" for letter in FORMULA_STARTS)
    return f"CASE WHEN left({expression}, 1) IN ({starts}) THEN chr(39) || {expression} ELSE {expression} END"
