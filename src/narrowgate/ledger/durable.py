"""Put bytes on the disk so that they stay there, and let one process at a time do so.

Rules:
 * A file that others rely on is replaced whole, by a rename, after its bytes are on the disk.
 * A write error is never swallowed: what could not be made durable was not written.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from narrowgate.errors import Fault
from narrowgate.files import naming, sync

FEW_FILES = 64
"""Up to here each file is synchronised by itself; beyond, the whole file system is, once.

Ten thousand tiles take about 3 s one by one and 0.3 s together; for the four files of a single event it is
the other way round, because the rest of the machine has unwritten data too.
"""


@contextmanager
def only_writer(lock: Path) -> Iterator[None]:
    """Hold the exclusive lock on `lock`; a Fault if another process has it. A crash frees it."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Fault(
                f"another process is writing the log `{lock.parent}`",
                "nothing was written; try again when it is done",
            ) from error
        yield
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """Write a file that nobody relies on yet; `Flush` makes it durable later."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(content)
        while view:
            with naming(path):
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, so that a reader sees the old bytes or the new, also after a crash."""
    unfinished = path.with_name(path.name + ".unfinished")
    write(unfinished, content)
    sync(unfinished)
    unfinished.replace(path)
    sync(path.parent)


class Flush:
    """Make many files below one folder durable at once. Opened before the first of them is written.

    syncfs (Linux 5.8 and later) reports any failed write since the descriptor was opened; sync does not.
    Where it does not exist, every file is synchronised by itself.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> Flush:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def __call__(self, files: Sequence[Path], folders: Sequence[Path]) -> None:
        """Wait until `files` and the entries of `folders` are on the disk; OSError if they are not."""
        syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if syncfs is not None and len(files) > FEW_FILES:
            if syncfs(self._descriptor) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(self._folder))
            return
        for path in (*files, *folders):
            sync(path)
