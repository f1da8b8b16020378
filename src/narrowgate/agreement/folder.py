"""Read an agreement's folder once, and say what it was to the byte.

Rules:
 * What is digested is what is read: every file is taken into memory once, and everything else works on that.
 * What was measured of the rules (`measured.toml`) is the one file that is not digested: it binds nobody, and a figure
   about an agreement does not make it another one.
 * A link is refused: it would let the folder change without changing.
 * What a person reads is what binds: text that hides characters, or turns their order round, is refused.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from narrowgate.errors import AgreementError

MEASURED = "measured.toml"
"""What was measured of the rules of evidence (`measured`): beside the agreement, and no part of it."""

LARGEST = 4_000_000
"""Bytes in one file of an agreement; a page of counsel's text is some thousands."""


def read(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below `folder`, by its path there with `/`, in order of path."""
    if not folder.is_dir():
        raise AgreementError(f"there is no folder `{folder}`", file=str(folder))
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise AgreementError("a link is not a file of the agreement", file=f"{folder.name}/{name}")
        if not path.is_file():
            continue
        if path.stat().st_size > LARGEST:
            raise AgreementError(f"a file may hold {LARGEST} bytes", file=f"{folder.name}/{name}")
        files[name] = path.read_bytes()
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """Hex SHA-256 over one line per file but `MEASURED`, in order of path: path, NUL, hex SHA-256 of the file, LF."""
    whole = hashlib.sha256()
    for name in sorted(files.keys() - {MEASURED}, key=lambda name: name.encode()):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def decode(content: bytes, *, file: str) -> str:
    """The text of one file: UTF-8, LF line ends, nothing hidden."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise AgreementError("the file is not UTF-8", file=file) from None
    for number, line in enumerate(text.split("\n"), start=1):
        for character in line:
            if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
                raise AgreementError(
                    f"the line holds `U+{ord(character):04X}`, which cannot be seen", file=file, line=number
                )
    return text
