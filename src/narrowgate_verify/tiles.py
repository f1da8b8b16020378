"""Read the files of a ledger folder (`spec/ledger.md`, sections 1 to 3).

Rules:
 * A file is read only if the size in the checkpoint calls for it, and only as far as it may be long.
 * A partial tile may have given way to the full one; then the beginning of that is read.
 * Partial tiles of earlier sizes that are still there are evidence too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from narrowgate_verify.problems import DoesNotVerify

WIDTH = 256
HASH = 32
ENTRIES = "entries"
_LONGEST = WIDTH * (2 + 0xFFFF)


def name(level: int | str, index: int, width: int = WIDTH) -> str:
    """The name of tile `index` on `level`, which is a number or `entries`."""
    decimal = str(index).zfill(3 * -(-len(str(index)) // 3))
    groups = [decimal[at : at + 3] for at in range(0, len(decimal), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + ("" if width == WIDTH else f".p/{width}")


class Files:
    """The ledger in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def checkpoint(self) -> bytes:
        """The signed checkpoint."""
        content = self._content("checkpoint")
        if content is None:
            raise DoesNotVerify("`checkpoint` is missing")
        return content

    def hashes(self, level: int, index: int, width: int) -> bytes:
        """The joined hashes of a tile."""
        file, content, whole = self._tile(level, index, width)
        if len(content) != HASH * whole:
            raise DoesNotVerify(f"`{file}` has {len(content)} bytes where {HASH * whole} were expected")
        return content[: HASH * width]

    def entries(self, index: int, width: int) -> list[bytes]:
        """The entries of a bundle."""
        file, content, whole = self._tile(ENTRIES, index, width)
        return _unpacked(content, whole, file)[:width]

    def earlier_hashes(self, level: int, index: int, width: int) -> Iterator[tuple[str, bytes]]:
        """Name and hashes of each narrower tile that was kept."""
        for narrower in self._narrower(level, index, width):
            yield name(level, index, narrower), self.hashes(level, index, narrower)

    def earlier_entries(self, index: int, width: int) -> Iterator[tuple[str, list[bytes]]]:
        """Name and entries of each narrower bundle that was kept."""
        for narrower in self._narrower(ENTRIES, index, width):
            yield name(ENTRIES, index, narrower), self.entries(index, narrower)

    def _narrower(self, level: int | str, index: int, width: int) -> list[int]:
        kept = self._folder / f"{name(level, index)}.p"
        names = {file.name for file in kept.iterdir()} if kept.is_dir() else set()
        return [each for each in range(1, width) if str(each) in names]

    def _tile(self, level: int | str, index: int, width: int) -> tuple[str, bytes, int]:
        """Name and content of the file, and how wide a tile it holds."""
        for whole in (width, WIDTH):
            file = name(level, index, whole)
            content = self._content(file)
            if content is not None:
                return file, content, whole
        raise DoesNotVerify(f"`{name(level, index, width)}` is missing")

    def _content(self, file: str) -> bytes | None:
        try:
            with (self._folder / file).open("rb") as opened:
                return opened.read(_LONGEST + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def _unpacked(content: bytes, width: int, file: str) -> list[bytes]:
    """`width` entries, each behind its length in two bytes, and nothing after the last."""
    entries = []
    at, end = 0, len(content)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(content[at:start], "big")
        entries.append(content[start:at])
    if at != end or len(entries) != width:
        raise DoesNotVerify(f"`{file}` does not hold {width} whole entries")
    return entries
