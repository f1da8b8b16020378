"""Tell the addresses that are plainly written, which most are, from those that must be read closely.

Rules:
 * Patterns read the raw fields as one text `street|unit|city`.
 * A plain address has a house number first, then words; `SUSPECT` has whatever would make it anything but a
   street.
 * `SUSPECT` is made of the patterns of the close reading themselves, with loose blanks, so that they cannot
   part ways.
"""

from __future__ import annotations

import re

from narrowgate.adjudication.facts import address_forms as forms
from narrowgate.adjudication.facts import address_words as words

_CITY = r"(?:(?:ST|FT|MT)\. )?[A-Z]{2,}(?:[ -][A-Z]+){0,4}"
PLAIN = (
    r"(?i)^[1-9][0-9]{0,5}(?: [A-Z0-9]+\.?){1,7}"
    rf"\|(?:(?:(?:APT|UNIT|STE)\.? ?#?|#) ?)?[0-9]{{0,5}}[A-Z]?\|{_CITY}$"
)


def _loose(pattern: str) -> str:
    """`pattern` for text that is not tidied: a blank may be a full stop, a dash, or the end of a field."""
    return re.sub(r" (\??)", lambda blank: "[ |.-]" + ("*" if blank[1] else "+"), pattern)


def _field(before: str, whole: str, after: str) -> str:
    """A pattern for a whole field as a part of the line."""
    return f"{before}(?:{whole.removeprefix('^').removesuffix('$')}){after}"


_ANYWHERE = (
    words.PLACEHOLDER,
    words.HOMELESS,
    words.FACILITY,
    words.CARE_OF,
    words.GENERAL_DELIVERY,
    words.VAGUE,
    r"\b(?:P ?O ?B[A-Z]*|BO?X|POST|DRAWER|CALLER|LOCKBOX|APARTADO|APDO|[AFD]PO)[0-9]*\b",
)
_IN_PLACE = (
    _field("^", words.FILLER, r"\.?\|"),
    _field(r"\|", words.FILLER, "$"),
    _field("^[0-9]+ ", forms.NO_NAME, r"\.?\|"),
    _field("^[0-9]+ ", forms.NO_NUMBER, ""),
)
SUSPECT = r"(?i)[^ -~]|['%&/@]|" + "|".join(_loose(pattern) for pattern in (*_ANYWHERE, *_IN_PLACE))
