"""Know which first names are other usual forms of each other: short ones, and spellings from other scripts.

Rules:
 * The names are a table of this version (`first_names.txt`), made from rigour's (MIT) and read over. Nothing is guessed
   from letters, and no table is read from anywhere else.
 * That two names are forms of each other says that somebody may go by both, never that two people are one: only a rule
   of evidence can make anything of it.
 * Forms of one name need not be forms of another: Bill is William and Will is William, and Bill is not Will.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from narrowgate.engine.literal import text_list

_TABLE = Path(__file__).with_name("first_names.txt")


def pairs() -> list[tuple[str, str]]:
    """Both ways round, every two names of which one is another form of the other; in capitals, as forms are."""
    lines = (line.split() for line in _TABLE.read_text(encoding="ascii").splitlines() if not line.startswith("#"))
    return sorted({pair for names in lines for pair in permutations(names, 2)})


def look_up_table() -> str:
    """A statement that makes the table first_name_variant (name, other)."""
    names, others = zip(*pairs(), strict=True)
    return f"""CREATE OR REPLACE TEMP TABLE first_name_variant AS
        SELECT unnest({text_list(names)}) AS name, unnest({text_list(others)}) AS other"""
