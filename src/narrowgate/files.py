"""Files that are whole or not there: digests, syncing, and writing privately under a name at once.

Rules:
 * What a full or broken disk did not take is an OSError that names the file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

SHA256 = re.compile("[0-9a-f]{64}")
"""A digest as it is written everywhere: hex, in lower case."""


def digest(path: Path) -> str:
    """Hex SHA-256 of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError of the work within name `path`: that of write(2) or fsync(2) does not say which file it was."""
    try:
        yield
    except OSError as problem:
        if problem.filename is None:
            problem.filename = str(path)
        raise


def sync(path: Path) -> None:
    """Wait until the file or directory at `path` is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_private(path: Path) -> BinaryIO:
    """A new file at `path`, or an empty one in place of what was there, readable by its owner only."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")


@contextmanager
def whole_and_private(path: Path) -> Iterator[BinaryIO]:
    """What is written within stands at `path` afterwards, readable by its owner only: all of it at once, or nothing."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with naming(unfinished), create_private(unfinished) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    sync(path.parent)


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path`, readable by its owner only: all of it at once, or nothing."""
    with whole_and_private(path) as file:
        file.write(content)


def link(file: Path, name: Path) -> None:
    """Let `name` be another name of `file`, in place of what may have it: whole and on the disk, or not there."""
    unfinished = name.with_name(name.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    os.link(file, unfinished)
    unfinished.replace(name)
    # If `name` was one already, replacing it does nothing at all (rename(2)).
    unfinished.unlink(missing_ok=True)
    sync(name.parent)


def file_name(text: str) -> str:
    """`text` as a file name: what is not an ASCII letter, digit or dash becomes its code point in hex."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in text)
