"""Hash a tree of entries as RFC 6962 section 2.1 does, and prove what is in it.

Rules:
 * A leaf is SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right), the empty tree SHA-256("").
 * Many hashes travel as one bytes object of joined 32-byte hashes: a million small objects would cost more
   than the hashing.
 * A proof asks a reader for hashes of complete subtrees; where those are kept is not decided here.
 * A proof that is checked must have every hash that its sizes call for, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

ReadNode = Callable[[int, int], bytes]
"""(height, index) -> the hash over the `index`-th complete subtree of 2**height leaves."""


def leaf_hashes(entries: Iterable[bytes]) -> bytes:
    """The joined leaf hashes of `entries`."""
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two adjacent subtrees."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: bytes) -> bytes:
    """The root over a power of two of joined hashes: 256 of them make the hash a tile passes upwards."""
    while len(hashes) > HASH_SIZE:
        hashes = b"".join(
            [sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, len(hashes), 2 * HASH_SIZE)]
        )
    return hashes


def root_of_edge(edge: Sequence[bytes]) -> bytes:
    """The root of a tree from its right edge: the partial tile of each level, lowest first.

    Complete subtrees are taken from the smallest, rightmost one leftwards, as RFC 6962 splits a tree.
    """
    root = b""
    for level in edge:
        hashes = level
        while hashes:
            width = len(hashes) // HASH_SIZE
            smallest = (width & -width) * HASH_SIZE
            peak = complete_root(hashes[-smallest:])
            root = node_hash(peak, root) if root else peak
            hashes = hashes[:-smallest]
    return root or EMPTY_ROOT


def range_hash(read: ReadNode, start: int, stop: int) -> bytes:
    """The tree hash over leaves start..stop-1, where `start` is where such a subtree may begin."""
    count = stop - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return read(height, start >> height)
    middle = start + _split(count)
    return node_hash(range_hash(read, start, middle), range_hash(read, middle, stop))


def inclusion_proof(read: ReadNode, index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` among `size`, from the leaf's sibling upwards (RFC 6962 2.1.1)."""
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(range_hash(read, middle, stop))
            stop = middle
        else:
            path.append(range_hash(read, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(read: ReadNode, old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show that a tree of `new` leaves begins with that of `old` leaves (RFC 6962 2.1.2).

    Empty for an empty old tree and for equal sizes: there is nothing to show.
    """
    if old in {0, new}:
        return ()
    path: list[bytes] = []
    start, stop = 0, new
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_hash(read, middle, stop))
            stop = middle
        else:
            path.append(range_hash(read, start, middle))
            start = middle
    if start:  # the old root is known to the reader of the proof unless the path left it
        path.append(range_hash(read, start, stop))
    return tuple(reversed(path))


def continues(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` begins with that of `old_size` (RFC 9162 2.1.4.2).

    Every tree begins with the empty one, and every tree with itself; both need no path.
    """
    if old_size in {0, size}:
        return not path and old_root == (root if old_size == size else EMPTY_ROOT)
    return roots_of_proof(old_size, old_root, size, path) == (old_root, root)


def roots_of_proof(old_size: int, old_root: bytes, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root to which a consistency proof leads; None if it cannot be one between these sizes.

    Sizes are 0 < old_size < size. If the new root is the one that was signed, every hash of the path is a node of that
    tree, and the old root is truly that of its first `old_size` leaves: whatever else was signed for them is a fork.
    Where the old tree is a complete one, the proof leaves its root out (RFC 6962 2.1.2): `old_root` stands in, and only
    the new root tells anything.
    """
    if not 0 < old_size < size:
        return None
    hashes = iter(path)
    try:
        roots = _proved(old_size, size, hashes, old_root)
    except StopIteration:
        return None
    return None if next(hashes, None) is not None else roots


def _proved(old: int, size: int, hashes: Iterator[bytes], left_out: bytes | None) -> tuple[bytes, bytes]:
    """The hashes over the first `old` and over all of `size` leaves of one subtree, read off as SUBPROOF wrote them.

    `left_out` is the hash that stands for the first `old` leaves as long as the subtree begins where the tree does.
    """
    if old == size:
        whole = next(hashes) if left_out is None else left_out
        return whole, whole
    middle = _split(size)
    if old <= middle:
        before, after = _proved(old, middle, hashes, left_out)
        return before, node_hash(after, next(hashes))
    before, after = _proved(old - middle, size - middle, hashes, None)
    left = next(hashes)
    return node_hash(left, before), node_hash(left, after)


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
