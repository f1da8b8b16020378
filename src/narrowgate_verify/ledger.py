"""Recompute a whole ledger from its entries (`spec/ledger.md`, section 5).

Rules:
 * Nothing the ledger says of itself is taken over: leaves come from entries, tiles from leaves, the root from
   tiles, and each is compared with what the files say.
 * The first file or entry that is wrong is named. Nothing else is said of a ledger that does not verify.
 * One bundle of 256 entries is in memory at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from narrowgate_verify import entry, merkle
from narrowgate_verify.checkpoint import Checkpoint, accept
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.stamps import Stamped, check_stamps, stamps_in
from narrowgate_verify.tiles import ENTRIES, HASH, WIDTH, Files, name
from narrowgate_verify.value import Value


class Verified(Value):
    """What a ledger that verifies holds: what was signed for, by whom, and the number of entries of each kind."""

    checkpoint: Checkpoint
    stamped: tuple[Stamped, ...]
    kinds: dict[str, int]


def verify_ledger(folder: Path, policy: Policy) -> Verified:
    """Check the ledger in `folder` from its first entry to its signatures."""
    files = Files(folder)
    stated = accept(files.checkpoint(), policy, file="checkpoint")
    stamped = check_stamps(stamps_in(folder, stated.size), stated, policy)
    tree = _Tree(files)
    kinds: Counter[str] = Counter()
    for index, width in bundles(stated.size):
        entries = files.entries(index, width)
        kinds.update(_kinds(entries, index, width))
        tree.grow(entries)
    if tree.root() != stated.root:
        raise DoesNotVerify(f"the entries do not hash to the root that `checkpoint` states for {stated.size}")
    _check_earlier_bundles(files, stated.size)
    return Verified(stated, stamped, {kind: kinds[kind] for kind in entry.KINDS if kinds[kind]})


class _Tree:
    """The hashes of the entries so far, level by level; each full tile is compared with its file."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._edge = merkle.Edge()

    def grow(self, entries: list[bytes]) -> None:
        for level, index, hashes in self._edge.add(merkle.leaves(entries)):
            self._compare(level, index, hashes)

    def root(self) -> bytes:
        """The root, once the partial tile that is left on each level is compared too."""
        for level, hashes in enumerate(self._edge.hashes):
            if hashes:
                self._compare(level, self._edge.full_tiles[level], hashes)
        return self._edge.root()

    def _compare(self, level: int, index: int, hashes: bytes) -> None:
        """A tile as computed must be the one on file, and those of earlier sizes its beginnings."""
        if (on_file := self._files.hashes(level, index, len(hashes) // HASH)) != hashes:
            raise DoesNotVerify(_difference(level, index, hashes, on_file))
        for file, earlier in self._files.earlier_hashes(level, index, len(hashes) // HASH):
            if earlier != hashes[: len(earlier)]:
                raise DoesNotVerify(f"`{file}` is not the beginning of the tile it grew into")


def _difference(level: int, index: int, computed: bytes, on_file: bytes) -> str:
    width = len(computed) // HASH
    slot = next(
        each
        for each in range(width)
        if computed[each * HASH : (each + 1) * HASH] != on_file[each * HASH : (each + 1) * HASH]
    )
    tile = name(level, index, width)
    if level == 0:
        bundle = name(ENTRIES, index, width)
        return f"entry {index * WIDTH + slot} in `{bundle}` does not hash to its leaf in `{tile}`"
    below = name(level - 1, index * WIDTH + slot)
    return f"`{tile}` does not hold the hash of `{below}`"


def _check_earlier_bundles(files: Files, size: int) -> None:
    """Last, when the bundles they grew into are known to be right, so that the one named is the wrong one."""
    for index, width in bundles(size):
        for file, earlier in files.earlier_entries(index, width):
            if earlier != files.entries(index, width)[: len(earlier)]:
                raise DoesNotVerify(f"`{file}` is not the beginning of the bundle it grew into")


def bundles(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of each bundle."""
    return ((at // WIDTH, min(WIDTH, size - at)) for at in range(0, size, WIDTH))


def _kinds(entries: list[bytes], index: int, width: int) -> list[str]:
    kinds: list[str] = []
    try:
        for each in entries:
            kinds.append(entry.kind(each))  # one by one: their number says which entry is wrong
    except entry.NotAnEntry as problem:
        bundle = name(ENTRIES, index, width)
        raise DoesNotVerify(f"entry {index * WIDTH + len(kinds)} in `{bundle}` {problem}") from problem
    return kinds
