"""Let the engine read and write encrypted files (`narrowgate.encrypted`) as it does any other.

Rules:
 * The engine itself writes no encrypted file: as installed from PyPI it has no cipher that may (see `session`). It is
   given a file system instead, which encrypts what it writes and decrypts what it reads, chunk by chunk in memory.
 * What goes wrong with a file is kept as the error that it is: the engine hands on no more than its text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fsspec import AbstractFileSystem

from narrowgate.encrypted import PROTOCOL, KeyFor, Reader, Writer, size
from narrowgate.errors import NarrowgateError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PREFIX = f"{PROTOCOL}://"


def folder_url(folder: Path) -> str:
    """How the engine is told of the encrypted files in `folder`."""
    return f"{_PREFIX}{folder.resolve()}/"


class EncryptedFiles(AbstractFileSystem):  # type: ignore[misc]
    """The files of one session, whose keys `key_for` knows; those below the folder `passing` have the `passing_key`.

    `problem` is what was wrong with one of them.
    """

    protocol = PROTOCOL
    cachable = False

    def __init__(self, key_for: KeyFor, *, passing: Path, passing_key: bytes) -> None:
        super().__init__()
        self._key_for = key_for
        self._passing = passing
        self.passing_key = passing_key
        self.problem: NarrowgateError | OSError | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Keep the problem of the work within."""
        try:
            yield
        except (NarrowgateError, OSError) as problem:
            self.problem = problem
            raise

    def open(self, path: str, mode: str = "rb", **_: Any) -> Reader | Writer:
        file = _path(path)
        with self.watched():
            key = self.passing_key if file.is_relative_to(self._passing) else self._key_for(file)
            return _WatchedWriter(file, key, self) if "w" in mode else _WatchedReader(file, key, self)

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": size(_path(path)), "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        return _path(path).exists()

    def isfile(self, path: str) -> bool:
        return _path(path).is_file()

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path] if self.exists(path) else []

    def modified(self, path: str) -> datetime:
        return datetime.fromtimestamp(_path(path).stat().st_mtime, UTC)

    def mv(self, path1: str, path2: str, **_: Any) -> None:
        _path(path1).replace(_path(path2))

    def rm(self, path: str, **_: Any) -> None:
        _path(path).unlink()


class _WatchedReader(Reader):
    """A reader whose problem is kept for whoever asked the engine. Each thread has a place of its own in it.

    The engine asks for a place and then reads there, in several threads at once: a place that they shared would be
    moved in between.
    """

    def __init__(self, path: Path, key: bytes, files: EncryptedFiles) -> None:
        self._here = threading.local()
        super().__init__(path, key)
        self._files = files

    def tell(self) -> int:
        return int(getattr(self._here, "place", 0))

    def move_to(self, place: int) -> None:
        self._here.place = place

    def read(self, length: int | None = -1) -> bytes:
        with self._files.watched():
            return super().read(length)


class _WatchedWriter(Writer):
    """A writer whose problem is kept, too: that the disk is full, and for which file."""

    def __init__(self, path: Path, key: bytes, files: EncryptedFiles) -> None:
        super().__init__(path, key)
        self._files = files

    def write(self, content: ReadableBuffer) -> int:
        with self._files.watched():
            return super().write(content)

    def close(self) -> None:
        with self._files.watched():
            super().close()


def _path(address: str) -> Path:
    return Path(address.removeprefix(_PREFIX))
