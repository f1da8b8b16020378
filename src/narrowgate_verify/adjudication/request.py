"""Read the values of a row into a request (`spec/requests.md`, "How a value is read").

Rules:
 * White space around a value is taken off; what is left empty is missing. Nothing else is changed or guessed.
 * A value without its form is one layout error and becomes missing, but for columns that keep what was written.
 * A control character is one layout error in any column, and the value becomes missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

COLUMNS = (
    "request_ref", "first_name", "middle_name", "last_name", "name_suffix", "birth_date", "tin", "street", "unit",
    "city", "state", "zip", "tax_periods", "statute", "matter_id", "matter_kind", "matter_opened_on", "order_case_no",
    "order_ground", "order_final_on", "court_final_on", "relief_pending", "engaged_officers", "reason",
    "requested_fields",
)  # fmt: skip

Value = str | date | bool

REFERENCE = re.compile("[A-Za-z0-9._/-]{1,64}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Request:
    """One row as it is judged; `row_no` counts from 0."""

    row_no: int
    values: Mapping[str, Value | None]
    layout_errors: int

    def text(self, column: str) -> str | None:
        """The text of a column, None if it is missing."""
        value = self.values[column]
        return value if isinstance(value, str) else None

    def day(self, column: str) -> date | None:
        """The day of a column, None if it is missing."""
        value = self.values[column]
        return value if isinstance(value, date) else None


def read_request(row_no: int, written: Mapping[str, str | None]) -> Request:
    """The request that a row of text comes to; a column that is absent is missing."""
    values: dict[str, Value | None] = {}
    errors = 0
    for column in COLUMNS:
        text = (written.get(column) or "").strip()
        if not text:
            values[column] = None
            continue
        steers = _CONTROL.search(text) is not None
        try:
            values[column] = _read(column, text)
        except ValueError:
            errors += 1
            values[column] = text if column in _KEPT else None
        else:
            errors += steers
        if steers:
            values[column] = None
    return Request(row_no, values, errors)


def _read(column: str, text: str) -> Value:
    """The value that `text` has the form of; ValueError if it has none of its column's."""
    if column in _FORMS and not _FORMS[column].fullmatch(text):
        raise ValueError
    return _TYPED[column](text) if column in _TYPED else text


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


_KEPT = ("request_ref", "state", "zip", "tax_periods", "engaged_officers", "requested_fields")
"""Columns that keep what was written, with or without its form."""
_FORMS = {
    "request_ref": REFERENCE,
    "tin": re.compile("[0-9](-?[0-9]){8}"),
    "state": re.compile("[A-Za-z]{2}"),
    "zip": re.compile("[0-9]{5}(-?[0-9]{4})?"),
    "tax_periods": re.compile("[0-9]{4}(;[0-9]{4})*"),
    "matter_kind": re.compile("investigation|proceeding|grand_jury"),
    "relief_pending": re.compile("yes|no"),
    "engaged_officers": re.compile(f"{REFERENCE.pattern}(;{REFERENCE.pattern})*"),
    "requested_fields": re.compile("[a-z][a-z_]*(;[a-z][a-z_]*)*"),
}
_TYPED: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(("birth_date", "matter_opened_on", "order_final_on", "court_final_on"), _day),
    "tin": lambda text: text.replace("-", ""),
    "relief_pending": lambda text: text == "yes",
}
