"""The two ways in which the files of a package are kept: a folder, or a zip archive.

Rules:
 * A link is never followed: it could name any file that we may read.
 * An archive is judged by its last record before anything believes its list of entries.
 * An entry is judged by what it declares before a byte of it is unpacked.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from narrowgate.formats.codes import Code, Halt, shown
from narrowgate.formats.limits import Limits

LARGEST_DIRECTORY = 64 * 1024  # bytes; three entries need a few hundred
END_OF_ZIP = struct.Struct("<4s4H2LH")
LOCATOR_OF_ZIP64 = 20  # bytes, straight before the end record
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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


def container_at(path: Path, limits: Limits) -> Container:
    """The folder or archive at `path`; halts if it is neither, or not sound as a whole."""
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


class _Folder:
    """A package that is a folder."""

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
        if entry.file_size > self._limits.ratio_from and entry.file_size > self._limits.ratio * entry.compress_size:
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
            Code.PACKAGE_UNREADABLE,
            "the package is not a whole zip archive: it does not end with its end record",
        )
    _, disk, start, here, entries, length, offset, comment = END_OF_ZIP.unpack(tail[-END_OF_ZIP.size :])
    if disk or start or here != entries or comment or tail.startswith(b"PK\x06\x07"):
        raise Halt(Code.PACKAGE_UNREADABLE, "the package is a zip archive in parts, with a comment, or zip64")
    if length > LARGEST_DIRECTORY:
        raise Halt(Code.PACKAGE_TOO_LARGE, f"the package lists {entries:,} entries; a package has three")
    if offset + length + END_OF_ZIP.size != size:
        raise Halt(Code.PACKAGE_UNREADABLE, "the package is not a whole zip archive: bytes before or after it")
