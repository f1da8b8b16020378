"""Whether the name of a request could be a person's.

Rules:
 * Only letters tell: everything between them parts words, and the two names are read as one line of words.
 * A phrase that is nobody's name counts wherever it stands, also across both names; a form's own word only where it is
   all of one name; a word that some are called (Null, Test) only where both names are such words.
"""

from __future__ import annotations

import re

from narrowgate_verify.adjudication.facts.words import read_lists
from narrowgate_verify.adjudication.letters import ascii_lower, is_letter

_WORDS = read_lists("name_words.toml")
_WILD = {"*": "[a-z]+", "+": "[a-z]*"}
_LETTER_THRICE = "|".join(f"{letter}{{3,}}" for letter in "abcdefghijklmnopqrstuvwxyz")


def _any(name: str) -> str:
    return "|".join("".join(_WILD.get(one) or re.escape(one) for one in phrase) for phrase in _WORDS[name])


_PHRASE = re.compile(rf"(?:^| )(?:{_any('nobody')}|(?:{_any('refusing')}) to [a-z]+)(?: |$)")
_FORM_WORD = re.compile(rf"(?:{_any('form_words')}|{_LETTER_THRICE})\.?|n\.a\.")
_DOUBTFUL_NAME = re.compile(rf"(?:{_any('doubtful')})\.?")
_EVERYMAN = re.compile(r"(?:john|jane|juan|juana)\.?")
_EVERYMANS = re.compile(r"(?:doe|roe)\.?")


def name_class(first: str | None, last: str | None) -> str:
    """`structured`, `missing` or `placeholder`."""
    if not first or not last:
        return "missing"
    if not all(map(_could_be_a_name, (first, last))) or _is_nobody(ascii_lower(first), ascii_lower(last)):
        return "placeholder"
    return "structured"


def _could_be_a_name(name: str) -> bool:
    """Whether it has a letter and no digit. The bar parts the two names where they are read as one."""
    return any(map(is_letter, name)) and not re.search("[0-9|]", name)


def _is_nobody(first: str, last: str) -> bool:
    cores = (_core(first), _core(last))
    return bool(
        _PHRASE.search(_words(f"{first} {last}"))
        or any(map(_FORM_WORD.fullmatch, cores))
        or all(map(_DOUBTFUL_NAME.fullmatch, cores))
        or (_EVERYMAN.fullmatch(cores[0]) and _EVERYMANS.fullmatch(cores[1]))
    )


def _words(text: str) -> str:
    """The words of `text` with single blanks between, whatever stood there."""
    return " ".join("".join(one if is_letter(one) else " " for one in text).split())


def _core(name: str) -> str:
    """`name` from its first letter to its last, with the full stop straight behind that one."""
    letters = [place for place, one in enumerate(name) if is_letter(one)]
    end = letters[-1] + 1
    return name[letters[0] : end + name.startswith(".", end)]
