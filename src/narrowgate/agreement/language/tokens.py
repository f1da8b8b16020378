"""Read the text of a condition as words, before any parser sees it.

Rules:
 * Only the words and signs of `spec/agreement.md` exist; anything else is refused with the words that offend.
 * Length, number of words and depth of brackets are limited here: no text can exhaust what comes after.
 * What two readers might read in two ways is refused: NOT before a comparison without brackets, and a sign
   before a sign (`--` opens a comment in SQL).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from narrowgate.errors import AgreementError

LONGEST = 4000
"""Characters in one condition."""
MOST_TOKENS = 400
DEEPEST = 16
"""Brackets within brackets."""

WORDS = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "DATE", "TRUE", "FALSE"})

_TOKEN = re.compile(
    r"""(?P<space>[ \n]+)
      | (?P<number>[0-9][0-9A-Za-z_.]*)
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
      | (?P<text>'(?:[^'\n]|'')*')
      | (?P<sign><>|<=|>=|[=<>+\-(),])""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})(\.[0-9]{1,9})?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    SIGN = "sign"


@dataclass(frozen=True)
class Token:
    """One word of a condition, as written, and the line it stands on."""

    kind: Kind
    text: str
    line: int


def tokens(text: str, *, file: str, line: int) -> tuple[Token, ...]:
    """The words of `text`, whose first character stands on `line` of `file`."""
    if len(text) > LONGEST:
        raise AgreementError(
            f"a condition of {len(text)} characters is too long; {LONGEST} are allowed", file=file, line=line
        )
    found = tuple(_scan(text, file=file, line=line))
    if not found:
        raise AgreementError("a condition is empty", file=file, line=line)
    if len(found) > MOST_TOKENS:
        raise AgreementError(
            f"a condition of {len(found)} words is too long; {MOST_TOKENS} are allowed", file=file, line=line
        )
    _check_brackets(found, file=file)
    _check_signs(found, file=file)
    _check_not(found, file=file)
    return found


def _scan(text: str, *, file: str, line: int) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            words = text[position : position + 24].partition("\n")[0]
            raise AgreementError(f"`{words}` does not belong to the language of clauses", file=file, line=line)
        kind, words = str(match.lastgroup), match.group()
        if kind != "space":
            yield Token(_kind(kind, words, file=file, line=line), words, line)
        line += words.count("\n")
        position = match.end()


def _kind(kind: str, words: str, *, file: str, line: int) -> Kind:
    """The kind of a token, once its form has been checked."""
    if kind == "number" and _NUMBER.fullmatch(words) is None:
        raise AgreementError(
            f"`{words}` is not a number of the language (digits, at most 19, and at most 9 decimals)",
            file=file,
            line=line,
        )
    if kind != "word":
        return Kind(kind)
    if words in WORDS:
        return Kind.WORD
    if words.upper() in WORDS:
        raise AgreementError(f"`{words}` must be written `{words.upper()}`", file=file, line=line)
    if _NAME.fullmatch(words) is None:
        raise AgreementError(f"`{words}` does not belong to the language of clauses", file=file, line=line)
    return Kind.NAME


def _check_brackets(found: tuple[Token, ...], *, file: str) -> None:
    depth = 0
    for before, token in zip((None, *found), found, strict=False):
        if token.text == "(":
            if before is not None and (before.kind is Kind.NAME or before.text == "DATE"):
                raise AgreementError(
                    f"`{before.text}(` is a function, and the language has none", file=file, line=token.line
                )
            depth += 1
        elif token.text == ")":
            depth -= 1
        if depth > DEEPEST:
            raise AgreementError(f"brackets stand more than {DEEPEST} deep", file=file, line=token.line)
        if depth < 0:
            raise AgreementError("a `)` closes nothing", file=file, line=token.line)
    if depth:
        raise AgreementError(f"{depth} of the `(` are not closed", file=file, line=found[-1].line)


def _check_signs(found: tuple[Token, ...], *, file: str) -> None:
    for token, after in pairwise(found):
        if token.text in ("+", "-") and after.text in ("+", "-"):
            raise AgreementError(f"`{token.text}{after.text}` puts a sign before a sign", file=file, line=token.line)


def _check_not(found: tuple[Token, ...], *, file: str) -> None:
    """NOT in front of a condition takes a bracket or one boolean name, so that its reach needs no rule."""
    for place, token in enumerate(found):
        follows = found[place + 1].text if place + 1 < len(found) else ""
        if token.text != "NOT" or follows in ("IN", "BETWEEN", "("):
            continue
        if follows == "NULL" and place and found[place - 1].text == "IS":
            continue
        end = found[place + 2].text if place + 2 < len(found) else ")"
        if place + 1 < len(found) and found[place + 1].kind is Kind.NAME and end in (")", "AND", "OR"):
            continue
        raise AgreementError(f"`NOT {follows}` needs brackets after NOT", file=file, line=token.line)
