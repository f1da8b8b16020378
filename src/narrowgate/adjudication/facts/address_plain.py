"""Tell the addresses that are plainly written, which most are, from those that must be read closely.

Rules:
 * Patterns read the raw fields as one text `street|unit|city|state`.
 * A plain address has a house number first, then a name, one of the commonest kinds of way and at most a direction;
   `SUSPECT` has whatever would make it anything but a street.
 * `SUSPECT` is made of the patterns of the close reading themselves, with loose blanks, so that they cannot
   part ways.
"""

from __future__ import annotations

import re

from narrowgate.adjudication.facts import address_forms as forms
from narrowgate.adjudication.facts import address_told as told
from narrowgate.adjudication.facts import address_words as words
from narrowgate.adjudication.facts.address_ways import AFTER

_CITY = r"(?:(?:ST|FT|MT)\. )?[A-Z]{2,}(?:[ -][A-Z]+){0,4}"
_DIRECTION = "N|S|E|W|NE|NW|SE|SW|NORTH|SOUTH|EAST|WEST|NORTHEAST|NORTHWEST|SOUTHEAST|SOUTHWEST"
_STATE = "(?:A[KLRSZ]|[B-Z][A-Z])"
"""Any but the military's."""
PLAIN = (
    rf"(?i)^[1-9][0-9]{{0,5}}(?:(?: [A-Z0-9]+\.?){{1,6}}? (?:{AFTER})\.?(?: [0-9]{{1,4}})?(?: (?:{_DIRECTION})\.?)?"
    rf"|(?: [NSEW])? (?:HWY|HIGHWAY|FM|CR|COUNTY ROAD|ROUTE) [0-9]{{1,4}}| [NSEW] [0-9]{{1,5}} [NSEW])"
    rf"\|(?:(?:(?:APT|UNIT|STE)\.? ?#?|#) ?)?[0-9]{{0,5}}[A-Z]?\|{_CITY}\|{_STATE}$"
)
PLAIN_BOX = rf"(?i)^P\.?O\.? BOX [1-9][0-9]{{0,3}}\|\|{_CITY}\|{_STATE}$"


def _loose(pattern: str) -> str:
    """`pattern` for text that is not tidied: a blank may be a full stop, a dash, or the end of a field."""
    return re.sub(r" (\??)", lambda blank: "[ |.-]" + ("*" if blank[1] else "+"), pattern)


def _field(before: str, whole: str, after: str) -> str:
    """A pattern for a whole field as a part of the line."""
    return "|".join(f"{before}(?:{one.removeprefix('^').removesuffix('$')}){after}" for one in whole.split("$|^"))


_ANYWHERE = (
    words.PLACEHOLDER,
    words.HOMELESS,
    words.FACILITY,
    words.CARE_OF,
    words.GENERAL_DELIVERY,
    told.VAGUE,
    r"\b(?:P ?O ?B[A-Z]*|BO?X|POST|DRAWER|CALLER|LOCKBOX|APARTADO|APDO|[AFD]PO)[0-9]*\b",
)
_IN_PLACE = (
    _field("^", words.FILLER, r"\.?\|"),
    _field(r"\|", words.FILLER, r"\|..$"),
    _field("^[0-9]+ ", forms.NO_NAME, r"\.?\|"),
    _field("^[0-9]+ ", forms.NO_NUMBER, ""),
    _field("^", words.FILLER_FOR_NAME, r"\.?\|"),
    forms.NO_HOUSE,
    # A city that ends like a street may be that street, and one that is no city's name is read closely.
    rf"[|\s-](?:{AFTER}|{_DIRECTION}|{told.CITY_ENDS})\|..$",
    # 5 AVON CT may be in Avon Court or only in Avon, Connecticut.
    r"^[^|]*[\s.](?:CT\.?\|.*\|CT|NE\.?\|.*\|NE)$",
    rf"\|(?:{told.CITY_BEGINS})\b",
    r"DETEN|\b(?:COLONIA|FRACCIONAMIENTO|ALDEA|CASERIO|ZONA [0-9]+)\b",
)
SUSPECT = r"(?i)[^ -~]|['%&/@]|" + "|".join(_loose(pattern) for pattern in (*_ANYWHERE, *_IN_PLACE))
