"""Read a log so that every byte handed out is one that its checkpoint vouches for.

Rules:
 * The partial tiles at the right edge are read from disk each time a log is opened, and must hash to the root
   that the checkpoint states.
 * A full tile must hash to its place in the tile above, and so on up to the edge. Therefore a tile that does
   not is itself the damaged one, and is named.
 * An entry must hash to its leaf.
"""

from __future__ import annotations

from collections.abc import Iterator

from narrowgate.errors import Fault
from narrowgate.ledger import merkle
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.tiles import ENTRIES, TILE_WIDTH, Tiles, tile_name

_CACHED_TILES = 512  # 4 MB
_HINT = "the log is damaged: keep a copy as it is, and restore the file from another copy"


class Tree:
    """The tree of the first `size` entries, whose root is `root`."""

    def __init__(self, tiles: Tiles, size: int, root: bytes) -> None:
        self.size = size
        self._tiles = tiles
        self._cache: dict[tuple[int, int], bytes] = {}
        self.edge = tuple(self._edge_tile(level) for level in range(_levels(size)))
        if merkle.root_of_edge(self.edge) != root:
            raise Fault(self._blame(), _HINT)

    def node(self, height: int, index: int) -> bytes:
        """The hash over the `index`-th complete subtree of 2**height leaves (`merkle.ReadNode`)."""
        level, inside = divmod(height, 8)
        tile, slot = divmod(index << inside, TILE_WIDTH)
        return merkle.complete_root(_slots(self._tile(level, tile), slot, 1 << inside))

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Entries start..stop-1, bundle by bundle."""
        while start < stop:
            index, offset = divmod(start, TILE_WIDTH)
            upto = min(stop - index * TILE_WIDTH, TILE_WIDTH)
            yield from self._bundle(index)[offset:upto]
            start = index * TILE_WIDTH + upto

    def last_bundle(self) -> tuple[bytes, ...]:
        """The entries of the partial bundle, none if the last one is full."""
        return self._bundle(self.size // TILE_WIDTH) if self.size % TILE_WIDTH else ()

    def _bundle(self, index: int) -> tuple[bytes, ...]:
        leaves = self._tile(0, index)
        width = len(leaves) // HASH_SIZE
        entries = self._tiles.entries(index, width)
        if merkle.leaf_hashes(entries) != leaves:
            raise Fault(
                f"`{tile_name(ENTRIES, index, width)}` does not hold the entries the log was signed for",
                _HINT,
            )
        return entries

    def _tile(self, level: int, index: int) -> bytes:
        if index == self.size >> (8 * (level + 1)):
            return self.edge[level]
        known = self._cache.get((level, index))
        return known or self._full_tile(level, index)

    def _full_tile(self, level: int, index: int) -> bytes:
        hashes = self._tiles.hashes(level, index, TILE_WIDTH)
        above, slot = divmod(index, TILE_WIDTH)
        if merkle.complete_root(hashes) != _slots(self._tile(level + 1, above), slot, 1):
            raise Fault(f"`{tile_name(level, index)}` does not hold the hashes the log was signed for", _HINT)
        if len(self._cache) >= _CACHED_TILES:
            self._cache.clear()
        self._cache[level, index] = hashes
        return hashes

    def _edge_tile(self, level: int) -> bytes:
        index, width = divmod(self.size >> (8 * level), TILE_WIDTH)
        return self._tiles.hashes(level, index, width) if width else b""

    def _blame(self) -> str:
        """Which tile of the edge disagrees with what lies below it, when they do not hash to the root."""
        for level, hashes in enumerate(self.edge):
            index, width = divmod(self.size >> (8 * level), TILE_WIDTH)
            if hashes and hashes != self._from_below(level, index, width):
                name = tile_name(level, index, width)
                return f"`{name}` does not hold the hashes the log was signed for"
        return f"the tiles of the log do not hash to the root that `checkpoint` states for size {self.size}"

    def _from_below(self, level: int, index: int, width: int) -> bytes:
        if level == 0:
            return merkle.leaf_hashes(self._tiles.entries(index, width))
        first = index * TILE_WIDTH
        tiles = (self._tiles.hashes(level - 1, first + slot, TILE_WIDTH) for slot in range(width))
        return b"".join(merkle.complete_root(tile) for tile in tiles)


def _levels(size: int) -> int:
    """How many levels of tiles a log of `size` has."""
    return (size.bit_length() + 7) // 8


def _slots(hashes: bytes, first: int, count: int) -> bytes:
    return hashes[first * HASH_SIZE : (first + count) * HASH_SIZE]
