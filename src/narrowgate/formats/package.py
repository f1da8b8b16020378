"""Open a package: a folder or a `.zip` with a manifest, its signature and one rows file (`spec/package.md`).

Rules:
 * Exactly three regular files, at the top, with plain names. Nothing else is opened, followed or created.
 * What is declared is checked before reading, and what arrives is counted: a bomb stops at the limit.
 * The rows are copied into a folder of ours under a name of ours; everything later reads that copy.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from narrowgate.files import sync
from narrowgate.formats.codes import Code, Halt, answering, shown
from narrowgate.formats.limits import Limits
from narrowgate.formats.manifest import ROWS_NAME

MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
CHUNK = 1024 * 1024
LARGEST_DIRECTORY = 64 * 1024  # bytes; three entries need a few hundred
END_OF_ZIP = struct.Struct("<4s4H2LH")
LOCATOR_OF_ZIP64 = 20  # bytes, straight before the end record
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FORBIDDEN = re.compile(r"[/\\\x00-\x1f]|^\.{1,2}$|^[A-Za-z]:")


@dataclass(frozen=True)
class Package:
    """A package whose three entries are sound; the rows are not read yet."""

    path: Path
    manifest: bytes
    signature: bytes
    rows_name: str


class Container(Protocol):
    """Three named files, however they are kept."""

    def names(self) -> list[str]:
        """The name of every entry, as often as it occurs."""

    def size(self, name: str) -> int:
        """The declared size of an entry in bytes."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The bytes of an entry."""

    def close(self) -> None:
        """Let go of the files."""


@answering
def open_package(path: Path, *, limits: Limits) -> Package:
    """The package at `path`, with manifest and signature read, or why it is refused."""
    container = _container(path, limits)
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
def extract_rows(package: Package, target: Path, *, limits: Limits) -> str:
    """Copy the rows file to `target`, private, and return the hex SHA-256 of what was copied."""
    container = _container(package.path, limits)
    try:
        _entries(container.names())
        digest = hashlib.sha256()
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:

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


def _container(path: Path, limits: Limits) -> Container:
    if path.is_symlink():
        raise Halt(Code.PACKAGE_UNREADABLE, f"package {shown(path.name)} is a symbolic link")
    try:
        if path.is_dir():
            return _Folder(path)
        if path.is_file():
            return _Zip(path, limits)
    except OSError as error:
        raise Halt(Code.PACKAGE_UNREADABLE, f"package {shown(path.name)}: {error.strerror}") from error
    raise Halt(Code.PACKAGE_UNREADABLE, f"package {shown(path.name)} is neither a folder nor a file")


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
                    raise Halt(
                        Code.PACKAGE_TOO_LARGE, f"`{name}` is larger than the {declared:,} bytes it declares"
                    )
                take(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Halt(Code.PACKAGE_UNREADABLE, f"`{name}` cannot be unpacked: {error}") from error
    if arrived != declared:
        raise Halt(Code.PACKAGE_UNREADABLE, f"`{name}` is cut off: {arrived:,} of {declared:,} bytes")


class _Folder:
    """A package that is a folder. Links are never followed: they could name any file that we may read."""

    def __init__(self, path: Path) -> None:
        self._folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)

    def names(self) -> list[str]:
        with os.scandir(self._folder) as entries:
            found = [entry.name for _, entry in zip(range(100), entries, strict=False)]
        for name in found:
            if not stat.S_ISREG(self._status(name).st_mode):
                raise Halt(Code.PACKAGE_ENTRIES, f"entry {shown(name)} is not a regular file")
        return found

    def size(self, name: str) -> int:
        return self._status(name).st_size

    def open(self, name: str) -> BinaryIO:
        try:
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._folder)
        except OSError as error:
            raise Halt(Code.PACKAGE_UNREADABLE, f"`{name}` cannot be read: {error.strerror}") from error
        return os.fdopen(descriptor, "rb")

    def close(self) -> None:
        os.close(self._folder)

    def _status(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self._folder, follow_symlinks=False)


class _Zip:
    """A package that is a zip archive of one part, without comment, zip64, links or encryption."""

    def __init__(self, path: Path, limits: Limits) -> None:
        _end_of_archive(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError) as error:
            raise Halt(Code.PACKAGE_UNREADABLE, f"the package is not a whole zip archive: {error}") from error
        self._limits = limits

    def names(self) -> list[str]:
        entries = self._archive.infolist()
        for entry in entries:
            self._sound(entry)
        return [entry.orig_filename for entry in entries]

    def size(self, name: str) -> int:
        return self._archive.getinfo(name).file_size

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        return self._archive.open(name)  # type: ignore[return-value]

    def close(self) -> None:
        self._archive.close()

    def _sound(self, entry: zipfile.ZipInfo) -> None:
        """Refuse an entry by what it declares of itself."""
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.is_dir():
            raise Halt(Code.PACKAGE_ENTRIES, f"entry {shown(entry.orig_filename)} is not a regular file")
        if entry.flag_bits & ENCRYPTED:
            raise Halt(Code.PACKAGE_UNREADABLE, f"entry {shown(entry.orig_filename)} is encrypted")
        if entry.compress_type not in METHODS:
            raise Halt(
                Code.PACKAGE_UNREADABLE,
                f"entry {shown(entry.orig_filename)} is packed by method {entry.compress_type}; use deflate",
            )
        if (
            entry.file_size > self._limits.ratio_from
            and entry.file_size > self._limits.ratio * entry.compress_size
        ):
            raise Halt(
                Code.PACKAGE_TOO_LARGE,
                f"entry {shown(entry.orig_filename)} would unpack to {entry.file_size:,} bytes from "
                f"{entry.compress_size:,}; {self._limits.ratio} times is allowed",
            )


def _end_of_archive(path: Path) -> None:
    """Check the last record of the archive before anything believes its directory.

    The attacks: a directory of millions of entries, and an archive in which two readers see two directories.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - END_OF_ZIP.size - LOCATOR_OF_ZIP64))
        tail = file.read()
    if len(tail) < END_OF_ZIP.size or not tail[-END_OF_ZIP.size :].startswith(b"PK\x05\x06"):
        raise Halt(
            Code.PACKAGE_UNREADABLE, "the package is not a whole zip archive: it does not end with its end record"
        )
    _, disk, start, here, entries, length, offset, comment = END_OF_ZIP.unpack(tail[-END_OF_ZIP.size :])
    if disk or start or here != entries or comment or tail.startswith(b"PK\x06\x07"):
        raise Halt(Code.PACKAGE_UNREADABLE, "the package is a zip archive in parts, with a comment, or zip64")
    if length > LARGEST_DIRECTORY:
        raise Halt(Code.PACKAGE_TOO_LARGE, f"the package lists {entries:,} entries; a package has three")
    if offset + length + END_OF_ZIP.size != size:
        raise Halt(
            Code.PACKAGE_UNREADABLE, "the package is not a whole zip archive: bytes before or after it"
        )
