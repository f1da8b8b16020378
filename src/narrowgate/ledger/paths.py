"""Write the audit paths of many entries at once, as the lines of a tlog-proof (`spec/receipt.md`).

Rules:
 * The paths are those of `merkle.inclusion_proof`, hash by hash; what neighbours share is worked out once for all.
 * One tile of 256 is in memory at a time.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from narrowgate.ledger import merkle
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.tiles import TILE_WIDTH
from narrowgate.ledger.tree import Tree

HEIGHT = 8


def audit_paths(tree: Tree, start: int, stop: int) -> Iterator[str]:
    """The path of each entry start..stop-1 to the root of `tree`: a line of base64 for each hash, the sibling first."""
    while start < stop:
        tile = start // TILE_WIDTH
        upto = min(stop, (tile + 1) * TILE_WIDTH)
        if (tile + 1) * TILE_WIDTH <= tree.size:
            yield from _of_full_tile(tree, tile, start, upto)
        else:
            yield from (_lines(merkle.inclusion_proof(tree.node, index, tree.size)) for index in range(start, upto))
        start = upto


def _of_full_tile(tree: Tree, tile: int, start: int, stop: int) -> Iterator[str]:
    """The paths of entries of one full tile: eight siblings inside it, and then what is the same for all of them."""
    first = tile * TILE_WIDTH
    above = _lines(merkle.inclusion_proof(tree.node, first, tree.size)[HEIGHT:])
    inside = [
        [_line(tree.node(height, (first >> height) + slot)) for slot in range(TILE_WIDTH >> height)]
        for height in range(HEIGHT)
    ]
    for index in range(start, stop):
        slot = index - first
        yield "".join([level[slot >> height ^ 1] for height, level in enumerate(inside)]) + above


def _lines(hashes: tuple[bytes, ...]) -> str:
    return "".join(map(_line, hashes))


def _line(node: bytes) -> str:
    assert len(node) == HASH_SIZE
    return base64.b64encode(node).decode() + "\n"
