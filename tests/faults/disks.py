"""Disks that are too small, and disks that cannot be written, as only this process and its children see them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.processes import BROKE, in_child

NO_MOUNTS = BROKE + 1
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 1 << 5, 1 << 12, 1 << 14, 1 << 18
_KEPT = 2 | 4 | 8 | 1024 | 2048
"""nosuid, nodev, noexec, noatime, nodiratime: whoever has no privileges may not take them off by mounting again."""
_DETACH = 2
PAGE = 4096


def with_own_mounts(work: Callable[[], object]) -> int:
    """Do `work` in a child that may mount for itself, as `in_child`; `NO_MOUNTS` where the system does not allow it."""

    def mounting() -> int:
        if not _own_mounts():
            return NO_MOUNTS
        work()
        return 0

    return in_child(mounting)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system in memory of `size` bytes at `folder`."""
    folder.mkdir()
    _must(_libc.mount(b"none", bytes(folder), b"tmpfs", 0, b"mode=700,size=%d" % size))
    try:
        yield
    finally:
        _must(_libc.umount2(bytes(folder), _DETACH))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """`folder` and all below it as a file system that cannot be written, whoever asks."""
    _must(_libc.mount(bytes(folder), bytes(folder), None, _BIND, None))
    kept = os.statvfs(folder).f_flag & _KEPT
    _must(_libc.mount(None, bytes(folder), None, _REMOUNT | _BIND | _READ_ONLY | kept, None))
    try:
        yield
    finally:
        _must(_libc.umount2(bytes(folder), _DETACH))


@contextmanager
def room_for(size: int, folder: Path) -> Iterator[None]:
    """Only `size` bytes, in whole pages, are left on the file system of `folder`."""
    ballast = folder / "ballast"
    left = os.statvfs(folder)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, left.f_bavail * left.f_frsize - size // PAGE * PAGE))
    try:
        yield
    finally:
        ballast.unlink()


_libc = ctypes.CDLL(None, use_errno=True)


def _own_mounts() -> bool:
    """Whether this process has mounts of its own from now on. Without privileges it takes a user's view as well."""
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)) != 0:
        return False
    if user:
        try:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        except OSError:
            return False
    return bool(_libc.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None) == 0)


def _must(status: int) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
