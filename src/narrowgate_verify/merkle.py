"""RFC 6962 hashing, and the checks of RFC 9162 section 2.1.3.2 and 2.1.4.2 with their numbered steps.

Rules:
 * A proof is followed from the leaf upwards and must use every hash it brings, no more and no fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
_TILE = 256 * 32


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def leaves(entries: Iterable[bytes]) -> bytes:
    """The joined hashes of many entries."""
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two adjacent subtrees."""
    return sha256(b"\x01" + left + right).digest()


def tile_root(hashes: bytes) -> bytes:
    """The hash of 256 joined hashes, which stands for their tile on the level above."""
    while len(hashes) > 32:
        pairs = range(0, len(hashes), 64)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in pairs])
    return hashes


def fold(peaks: Iterable[bytes]) -> bytes:
    """The root over complete subtrees, given from the largest on the left to the smallest on the right."""
    root = b""
    for peak in reversed(list(peaks)):
        root = node(peak, root) if root else peak
    return root or EMPTY_ROOT


def peaks(hashes: bytes) -> list[bytes]:
    """The complete subtrees in fewer than 256 joined hashes, the largest first."""
    found = []
    width = len(hashes) // 32
    at = 0
    while width:
        largest = 1 << (width.bit_length() - 1)
        found.append(tile_root(hashes[at : at + 32 * largest]))
        at += 32 * largest
        width -= largest
    return found


class Edge:
    """The right edge of a tree that grows: per level the joined hashes of the tile that is not full yet."""

    def __init__(self) -> None:
        self.hashes: list[bytes] = []
        self.full_tiles: list[int] = []

    def add(self, hashes: bytes, level: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """Add `hashes`, at most to where a tile ends. Yields level, index and hashes of each tile that is full now."""
        if level == len(self.hashes):
            self.hashes.append(b"")
            self.full_tiles.append(0)
        self.hashes[level] += hashes
        if len(self.hashes[level]) == _TILE:
            full, self.hashes[level] = self.hashes[level], b""
            yield level, self.full_tiles[level], full
            self.full_tiles[level] += 1
            yield from self.add(tile_root(full), level + 1)

    def root(self) -> bytes:
        """The root over all that was added."""
        return fold(peak for hashes in reversed(self.hashes) for peak in peaks(hashes))


def includes(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from the leaf at `index` to the `root` of a tree of `size` (RFC 9162 2.1.3.2)."""
    if index >= size:  # step 1
        return False
    fn, sn, r = index, size - 1, leaf_hash  # steps 2 and 3
    for p in path:  # step 4
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root  # step 5


def extends(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` begins with that of `old_size` (RFC 9162 2.1.4.2).

    Every tree begins with the empty one, and every tree with itself; both need no path.
    """
    if old_size > size:
        return False
    if old_size == size:
        return not path and old_root == root
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    if not path:  # step 1
        return False
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)  # step 2
    fn, sn = old_size - 1, size - 1  # step 3
    while fn & 1:  # step 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]  # step 5
    for c in hashes[1:]:  # step 6
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == root  # step 7
