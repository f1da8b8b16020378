"""Open a package: a folder or a `.zip` with a manifest, its signature and one rows file (`spec/package.md`).

Rules:
 * Exactly three regular files, at the top, with plain names. Nothing else is opened, followed or created.
 * What is declared is checked before reading, and what arrives is counted: a bomb stops at the limit.
 * The rows are copied into a folder of ours under a name of ours; everything later reads that copy.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from narrowgate.encrypted import KeyFor, create_file
from narrowgate.files import sync
from narrowgate.formats.codes import Code, Halt, answering, shown
from narrowgate.formats.container import Container, container_at
from narrowgate.formats.limits import Limits
from narrowgate.formats.manifest import ROWS_NAME

MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
CHUNK = 1024 * 1024
FORBIDDEN = re.compile(r"[/\\\x00-\x1f]|^\.{1,2}$|^[A-Za-z]:")


@dataclass(frozen=True)
class Package:
    """A package whose three entries are sound; the rows are not read yet."""

    path: Path
    manifest: bytes
    signature: bytes
    rows_name: str


@answering
def open_package(path: Path, *, limits: Limits) -> Package:
    """The package at `path`, with manifest and signature read, or why it is refused."""
    container = container_at(path, limits)
    try:
        rows_name = _entries(container.names())
        return Package(
            path=path,
            manifest=_small(container, MANIFEST, limits.manifest),
            signature=_small(container, SIGNATURE, limits.signature),
            rows_name=rows_name,
        )
    finally:
        container.close()


@answering
def extract_rows(package: Package, target: Path, *, limits: Limits, key_for: KeyFor) -> str:
    """Copy the rows file to `target`, private, and return the hex SHA-256 of what was copied, in clear."""
    container = container_at(package.path, limits)
    try:
        _entries(container.names())
        digest = hashlib.sha256()
        with create_file(target, key_for) as file:

            def keep(block: bytes) -> None:
                digest.update(block)
                file.write(block)

            _read(container, package.rows_name, limits.rows_file, keep)
        sync(target)
        return digest.hexdigest()
    except Halt:
        target.unlink(missing_ok=True)
        raise
    finally:
        container.close()


def _entries(names: Iterable[str]) -> str:
    """The name of the rows file among exactly the three entries that a package has."""
    seen: set[str] = set()
    for name in names:
        if FORBIDDEN.search(name):
            raise Halt(
                Code.PACKAGE_ENTRIES,
                f"entry {shown(name)} is not a plain file name: it could be written elsewhere",
            )
        if name in seen:
            raise Halt(Code.PACKAGE_ENTRIES, f"entry {shown(name)} occurs twice")
        seen.add(name)
    for name in (MANIFEST, SIGNATURE):
        if name not in seen:
            raise Halt(Code.PACKAGE_ENTRIES, f"`{name}` is absent")
    others = sorted(seen - {MANIFEST, SIGNATURE})
    rows = [name for name in others if ROWS_NAME.fullmatch(name)]
    for name in others:
        if name not in rows[:1]:
            raise Halt(Code.PACKAGE_ENTRIES, f"entry {shown(name)} does not belong in a package")
    if not rows:
        raise Halt(Code.PACKAGE_ENTRIES, "the rows file is absent: one `.csv`, `.jsonl` or `.parquet`")
    return rows[0]


def _small(container: Container, name: str, limit: int) -> bytes:
    blocks: list[bytes] = []
    _read(container, name, limit, blocks.append)
    return b"".join(blocks)


def _read(container: Container, name: str, limit: int, take: Callable[[bytes], object]) -> None:
    """Give every block of an entry to `take`, and stop as soon as it is larger than declared or allowed."""
    declared = container.size(name)
    if declared > limit:
        raise Halt(Code.PACKAGE_TOO_LARGE, f"`{name}` is {declared:,} bytes; {limit:,} are allowed")
    arrived = 0
    try:
        with container.open(name) as file:
            while block := file.read(CHUNK):
                arrived += len(block)
                if arrived > declared:
                    raise Halt(Code.PACKAGE_TOO_LARGE, f"`{name}` is larger than the {declared:,} bytes it declares")
                take(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Halt(Code.PACKAGE_UNREADABLE, f"`{name}` cannot be unpacked: {error}") from error
    if arrived != declared:
        raise Halt(Code.PACKAGE_UNREADABLE, f"`{name}` is cut off: {arrived:,} of {declared:,} bytes")
