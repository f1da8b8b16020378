"""The words by which an address is read, and how a list of them is looked for in a tidied field.

Rules:
 * The lists are data (`address_words.toml`), one phrase after another, so that a person can read and correct them.
 * A tidied field is capitals, digits and `# / & % @ -` with single blanks; a phrase is found at the edges of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from narrowgate_verify.adjudication.facts.words import read_lists

_WILD = {"*": "[A-Z]*", "+": "[A-Z]+", "?": "[0-9]"}


WORDS = read_lists("address_words.toml")
"""The phrases of each list, by its name."""


def any_of(*lists: str) -> str:
    """A pattern for any phrase of the named lists."""
    return one_of(phrase for name in lists for phrase in WORDS[name])


def one_of(phrases: Iterable[str]) -> str:
    """A pattern for any of `phrases`, in their order."""
    return f"(?:{'|'.join(_pattern(phrase) for phrase in phrases)})"


def _pattern(phrase: str) -> str:
    return "".join(_WILD.get(character) or re.escape(character) for character in phrase)


def phrase(*lists: str) -> re.Pattern[str]:
    """What finds any phrase of the named lists at the edges of words."""
    return re.compile(rf"\b{any_of(*lists)}\b", re.ASCII)


def alone(pattern: str) -> re.Pattern[str]:
    """What finds `pattern` where it is all of a field."""
    return re.compile(rf"\A(?:{pattern})\Z", re.ASCII)
