"""Keep the hashes and entries of a log in files of 256, as C2SP tlog-tiles lays them out.

Rules:
 * `tile/<level>/<index>` holds 256 joined hashes, `tile/entries/<index>` 256 entries, each behind its length
   as a big-endian uint16; the rightmost of each may be partial, `<index>.p/<width>`.
 * An index is written in groups of three digits, all but the last behind an `x`: 1067 is `x001/067`.
 * Level 0 holds leaf hashes; a hash on a level above stands for one full tile below it.
 * A file that is missing or torn is a Fault that names it. Whether its bytes are right is for `tree`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from narrowgate.errors import Fault
from narrowgate.ledger import durable
from narrowgate.ledger.merkle import HASH_SIZE

TILE_WIDTH = 256
LARGEST_ENTRY = 0xFFFF
ENTRIES = "entries"

_HINT = "the log is damaged: keep a copy as it is, and restore the file from another copy"


def digits(index: int) -> str:
    """`index` as path elements of three digits."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def tile_name(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """The name of a tile, or with level `entries` of a bundle, below the folder of its log."""
    name = f"tile/{level}/{digits(index)}"
    return name if width == TILE_WIDTH else f"{name}.p/{width}"


def packed(entries: Sequence[bytes]) -> bytes:
    """Entries as they stand in a bundle. A Fault if one is longer than its length can say."""
    try:
        return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])
    except OverflowError as error:
        longest = max(len(entry) for entry in entries)
        raise Fault(
            f"an entry of {longest} bytes is longer than the {LARGEST_ENTRY} that a log can hold",
            "nothing was added to the log",
        ) from error


def unpacked(bundle: bytes, width: int) -> tuple[bytes, ...] | None:
    """The first `width` entries of a bundle, or None if it does not hold so many whole ones."""
    entries = []
    at = 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > len(bundle) or at > len(bundle):
            return None
        entries.append(bundle[start:at])
    return tuple(entries)


class Tiles:
    """The tile files below the folder of one log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hashes(self, level: int, index: int, width: int) -> bytes:
        """The first `width` hashes of a tile, joined."""
        name, content = self._read(level, index, width)
        whole = TILE_WIDTH if name == tile_name(level, index) else width
        if len(content) != whole * HASH_SIZE:
            raise Fault(f"`{name}` has {len(content)} bytes where {whole * HASH_SIZE} were expected", _HINT)
        return content[: width * HASH_SIZE]

    def entries(self, index: int, width: int) -> tuple[bytes, ...]:
        """The first `width` entries of a bundle."""
        name, content = self._read(ENTRIES, index, width)
        whole = TILE_WIDTH if name == tile_name(ENTRIES, index) else width
        entries = unpacked(content, whole)
        if entries is None or len(content) != sum(map(len, entries)) + 2 * whole:
            raise Fault(f"`{name}` does not hold {whole} whole entries", _HINT)
        return entries[:width]

    def _read(self, level: int | str, index: int, width: int) -> tuple[str, bytes]:
        """The partial file, or the full one, which may have taken its place since."""
        names = (tile_name(level, index, width), tile_name(level, index))
        for name in names:
            try:
                return name, (self._folder / name).read_bytes()
            except FileNotFoundError:
                continue
        raise Fault(f"`{names[0]}` is missing from the log", _HINT)


class TileWriter:
    """Write tiles beyond the committed size, over whatever a writer that crashed has left there."""

    def __init__(self, folder: Path, flush: durable.Flush) -> None:
        self._folder = folder
        self._flush = flush
        self._files: list[Path] = []
        self._folders: dict[Path, None] = {folder: None}
        self._filled: list[Path] = []

    def write(self, level: int | str, index: int, width: int, content: bytes) -> None:
        """Write one tile or bundle of `width`; it is not durable before `finish`."""
        path = self._folder / tile_name(level, index, width)
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._remember(path.parent)
        durable.write(path, content)
        self._files.append(path)
        if width == TILE_WIDTH:
            self._filled.append(path)

    def finish(self) -> None:
        """Wait until everything written is on the disk."""
        self._flush(self._files, list(self._folders))

    def tidy(self) -> None:
        """Remove the partial forerunners of tiles that are full, once a checkpoint vouches for those."""
        for path in self._filled:
            shutil.rmtree(path.with_name(path.name + ".p"), ignore_errors=True)

    def _remember(self, folder: Path) -> None:
        while folder not in self._folders:
            self._folders[folder] = None
            folder = folder.parent
