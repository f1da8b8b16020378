"""Letters as facts compare them: case, accents, marks that cannot be seen (`docs/facts.md`, "Letters").

Rules:
 * Case is changed one character at a time, never one into two: `ß` becomes `ẞ`, a sigma at a word's end is one.
 * To take accents off is to decompose (NFD), drop every mark, and compose again (NFC).
 * A letter is a character of a category L of Unicode, as far as this Python knows it.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_OF_ASCII = {0x17F: "s", 0x212A: "k"}
"""The long s and the sign of the kelvin, which are letters of ASCII in another case."""


def upper(text: str) -> str:
    """`text` in capitals, each character by itself."""
    return text.upper() if text.isascii() else "".join(map(_capital, text))


def lower(text: str) -> str:
    """`text` in small letters, each character by itself."""
    return text.lower() if text.isascii() else "".join(character.lower()[0] for character in text)


def ascii_lower(text: str) -> str:
    """`text` with the letters of ASCII small, all others as they are: what a pattern blind to case sees."""
    return "".join(one.lower() if one.isascii() else one for one in text.translate(_OF_ASCII))


def without_accents(text: str) -> str:
    """`text` with every mark taken off its letter."""
    if text.isascii():
        return text
    bare = (one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one)[0] != "M")
    return unicodedata.normalize("NFC", "".join(bare))


def without_format(text: str) -> str:
    """`text` without the characters that steer writing and cannot be seen (category Cf)."""
    return text if text.isascii() else "".join(one for one in text if unicodedata.category(one) != "Cf")


def is_letter(character: str) -> bool:
    """Whether `character` is a letter of any script."""
    return unicodedata.category(character)[0] == "L"


def is_blank(character: str) -> bool:
    """Whether `character` is white space: one of ASCII's five that patterns know, or of a category Z."""
    return character in " \t\n\f\r" or unicodedata.category(character)[0] == "Z"


@cache
def _capital(character: str) -> str:
    """The one capital of a small letter. `ǆ` has a capital and a title form; `ᾳ` only the latter."""
    for written in (character.upper(), character.title()):
        if len(written) == 1:
            return written
    return "ẞ" if character == "ß" else character
