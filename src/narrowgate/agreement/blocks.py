"""Find the fenced blocks of an agreement's text, with their lines.

Rules:
 * A block opens with "```toml KIND" at the start of a line and closes with "```"; KIND is one of eight.
 * Nothing that looks like another fence is passed over: a misspelt fence would silently drop a clause.
 * Nothing is hidden from a person who reads the page: no HTML, no comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrowgate.agreement.table import Table, read_table
from narrowgate.errors import AgreementError

KINDS = ("agreement", "parameter", "statute", "clause", "evidence", "question", "reading", "guarantee")

_OPENS = re.compile(r"```toml ([a-z]+)")
_FENCE = re.compile(r"```|~~~")
_HTML = re.compile(r"<[A-Za-z/!?]")


def blocks(text: str, *, file: str) -> Iterator[Table]:
    """The blocks of `text` in order, their `kind` being the word after `toml`."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        kind = _opened(lines[number], file=file, line=number + 1)
        if kind is None:
            number += 1
            continue
        end = _closing(lines, number + 1, file=file)
        yield read_table("\n".join(lines[number + 1 : end]), kind=kind, file=file, line=number + 2)
        number = end + 1


def _opened(text: str, *, file: str, line: int) -> str | None:
    """The kind of block that a line opens; None for a line of prose."""
    if _FENCE.search(text) is None:
        if _HTML.search(text) is not None:
            raise AgreementError("the text holds HTML, which a reader does not see", file=file, line=line)
        return None
    match = _OPENS.fullmatch(text)
    if match is None or match.group(1) not in KINDS:
        raise AgreementError(
            f"`{text.strip()[:40]}` opens no block; write ```toml and one of {', '.join(KINDS)}",
            file=file,
            line=line,
        )
    return match.group(1)


def _closing(lines: list[str], begin: int, *, file: str) -> int:
    """The place of the line that closes the block whose content begins at `begin`."""
    for place in range(begin, len(lines)):
        if lines[place] == "```":
            return place
        if _FENCE.search(lines[place]) is not None:
            raise AgreementError(
                f"`{lines[place].strip()[:40]}` stands inside a block that is still open",
                file=file,
                line=place + 1,
            )
    raise AgreementError("a block is not closed", file=file, line=begin)
