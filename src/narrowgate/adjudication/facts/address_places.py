"""Decide whether a ZIP code can lie in a state, by its first three digits.

Rules:
 * The table is data (`zip_prefixes.csv`): ranges of prefixes in use, each with the states they reach into.
 * A prefix that is not in use lies in no state; a code of one repeated digit is nobody's to begin with.
 * A state is a code of the United States Postal Service: states, DC, territories, and AA, AE, AP for the
   military.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

_TABLE = "zip_prefixes.csv"


def _prefixes_by_state() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    text = files("narrowgate.adjudication.facts").joinpath(_TABLE).read_text(encoding="ascii")
    for row in csv.DictReader(text.splitlines()):
        span = range(int(row["first"]), int(row["last"]) + 1)
        for state in row["states"].split():
            found[state] |= {f"{prefix:03}" for prefix in span}
    return found


def _any_of(prefixes: set[str]) -> str:
    """Prefixes as a pattern: the last digits gathered under the first two."""
    tails: dict[str, str] = defaultdict(str)
    for prefix in sorted(prefixes):
        tails[prefix[:2]] += prefix[2]
    return "|".join(f"{head}[{tail}]" for head, tail in tails.items())


PREFIXES = _prefixes_by_state()
STATES = tuple(sorted(PREFIXES))
ZIP_DIGITS = r"\d{5}(?:[- ]?\d{4})?"

STATE = f"(?i)^(?:{'|'.join(STATES)})$"
"""A pattern for a state alone."""

ZIP = f"^{ZIP_DIGITS}$"
"""A pattern for a ZIP code alone, whether or not any place has it."""

ONE_DIGIT_ZIPS = tuple(digit * 5 for digit in "0123456789")

STATE_AND_ZIP = (
    f"(?i)^(?:{'|'.join(f'{state}(?:{_any_of(PREFIXES[state])})' for state in STATES)})" + r"\d\d(?:[- ]?\d{4})?$"
)
"""A pattern for a state followed at once by a ZIP code that can lie in it."""
