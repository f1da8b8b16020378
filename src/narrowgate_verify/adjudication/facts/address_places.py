"""Whether a ZIP code can lie in a state, and what a field looks like once it is tidied.

Rules:
 * A state is a code of the Postal Service: states, DC, territories, and AA, AE, AP for the military.
 * A ZIP code lies in a state if its first three digits are assigned there (`zip_prefixes.csv`); five or nine digits, a
   hyphen or a blank before the last four.
 * Only Latin letters, and what all scripts have in common, are of an address of the United States (`scripts.csv`, from
   the Scripts property of Unicode).
"""

from __future__ import annotations

import bisect
import csv
import re
import unicodedata
from pathlib import Path

from narrowgate_verify.adjudication.letters import ascii_lower, upper, without_accents, without_format

_FOLDER = Path(__file__).parent
_ZIP = re.compile(r"([0-9]{3})[0-9]{2}(?:[- ]?[0-9]{4})?")


def _table(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="ascii", newline="") as file:
        return list(csv.DictReader(file))


def _prefixes() -> dict[str, frozenset[str]]:
    """The first three digits that each state has."""
    assigned: dict[str, set[str]] = {}
    for row in _table("zip_prefixes.csv"):
        for state in row["states"].split():
            span = range(int(row["first"]), int(row["last"]) + 1)
            assigned.setdefault(state, set()).update(f"{prefix:03}" for prefix in span)
    return {state: frozenset(prefixes) for state, prefixes in assigned.items()}


PREFIXES = _prefixes()
_BY_STATE = {state.lower(): prefixes for state, prefixes in PREFIXES.items()}
_LATIN = [(int(row["first"], 16), int(row["last"], 16)) for row in _table("scripts.csv")]


def is_state(text: str) -> bool:
    """Whether `text` is the code of a state, in either case."""
    return ascii_lower(text) in _BY_STATE


def is_zip(text: str) -> bool:
    """Whether `text` has the form of a ZIP code, wherever it may lie."""
    return _ZIP.fullmatch(text) is not None


def lies_in(state_and_zip: str) -> bool:
    """Whether a state with a ZIP code straight behind it agree."""
    digits = _ZIP.fullmatch(state_and_zip[2:])
    return digits is not None and digits[1] in _BY_STATE.get(ascii_lower(state_and_zip[:2]), frozenset())


def is_foreign(text: str) -> bool:
    """Whether `text` holds a character of another script than the Latin one."""
    return not text.isascii() and not all(_is_latin(ord(character)) for character in text)


def tidied(field: str) -> str:
    """`field` in capitals without accents, dots, quote marks; single blanks for other marks; '' if it says nothing."""
    if not field.isascii():
        spaced = "".join(
            " " if unicodedata.category(one)[0] == "Z" else one for one in without_format(field.replace("½", " 1/2"))
        )
        field = without_accents(spaced)
    joined = re.sub("[.'\"`’]", "", upper(field))
    plain = re.sub("[^A-Z0-9#/&%@-]+", " ", joined).strip()
    return plain if re.search("[A-Z0-9]", plain) else ""


def _is_latin(point: int) -> bool:
    place = bisect.bisect_right(_LATIN, (point, 0x110000)) - 1
    return place >= 0 and point <= _LATIN[place][1]
