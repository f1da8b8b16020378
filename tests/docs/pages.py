"""Read the repository's documents as a reader would: headings, links, and the names of other documents.

Rules:
 * Only what ships counts: what `.gitignore` names (caches, environments, products) is not looked into.
 * What stands in a code block or between backticks is not a link.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NEVER_SHIPPED = {".git"}

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
INLINE_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]\n]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def shipped_files(root: Path) -> Iterator[Path]:
    """Every file below `root` that belongs to the project, in a fixed order."""
    ignored = _ignored(root)

    def ships(name: str) -> bool:
        return not any(fnmatchcase(name, pattern) for pattern in ignored)

    for folder, below, names in os.walk(root):
        below[:] = sorted(filter(ships, below))
        yield from (Path(folder, name) for name in sorted(filter(ships, names)))


def text_of(path: Path) -> str | None:
    """The text of a file; None if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def headings(markdown: str, level: int | None = None) -> list[str]:
    """The headings of a page in order, of one level if it is given."""
    found = HEADING.findall(FENCE.sub("", markdown))
    return [title for marks, title in found if level is None or len(marks) == level]


def anchor(heading: str) -> str:
    """The fragment under which a heading is reached: lower case, hyphens for blanks, no punctuation."""
    words = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"\s", "-", words.strip())


def links(markdown: str) -> list[str]:
    """The targets of a page's links, in both ways of writing them."""
    prose = CODE.sub("", FENCE.sub("", markdown))
    return INLINE_LINK.findall(prose) + REFERENCE.findall(prose)


def broken_links(page: Path, root: Path) -> list[str]:
    """The relative links of `page` that lead nowhere, or out of the repository."""
    return [
        target
        for target in links(page.read_text(encoding="utf-8"))
        if not ELSEWHERE.match(target) and not _resolves(page, target, root)
    ]


def _ignored(root: Path) -> set[str]:
    """The patterns of names that `.gitignore` keeps out."""
    file = root / ".gitignore"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return NEVER_SHIPPED | {line.strip().strip("/") for line in lines if line.strip() and line[0] != "#"}


def _resolves(page: Path, target: str, root: Path) -> bool:
    path, _, fragment = target.partition("#")
    goal = (page.parent / path).resolve() if path else page
    if not goal.is_relative_to(root) or not goal.exists():
        return False
    if not fragment:
        return True
    return goal.suffix == ".md" and fragment in {anchor(title) for title in headings(goal.read_text(encoding="utf-8"))}
