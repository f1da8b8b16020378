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
from dataclasses import dataclass
from pathlib import Path

from narrowgate_verify import entry, merkle
from narrowgate_verify.checkpoint import accept
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.tiles import ENTRIES, HASH, WIDTH, Files, name


@dataclass(frozen=True)
class Verified:
    """What a ledger that verifies holds: entries, root and the number of entries of each kind."""

    size: int
    root: bytes
    kinds: dict[str, int]


def verify_ledger(folder: Path, policy: Policy) -> Verified:
    """Check the ledger in `folder` from its first entry to its signatures."""
    files = Files(folder)
    stated = accept(files.checkpoint(), policy, file="checkpoint")
    tree = _Tree(files)
    kinds: Counter[str] = Counter()
    for index, width in _bundles(stated.size):
        entries = files.entries(index, width)
        kinds.update(_kinds(entries, index, width))
        tree.grow(entries)
    if tree.root() != stated.root:
        raise DoesNotVerify(f"the entries do not hash to the root that `checkpoint` states for {stated.size}")
    _check_earlier_bundles(files, stated.size)
    return Verified(stated.size, stated.root, {kind: kinds[kind] for kind in entry.KINDS if kinds[kind]})


class _Tree:
    """The hashes of the entries so far, level by level; each full tile is compared with its file."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._counts: list[int] = []
        self._edge: list[bytes] = []

    def grow(self, entries: list[bytes]) -> None:
        self._add(0, merkle.leaves(entries))

    def root(self) -> bytes:
        """The root, once the partial tile that is left on each level is compared too."""
        for level, hashes in enumerate(self._edge):
            if hashes:
                self._compare(level, hashes)
        return merkle.fold(peak for hashes in reversed(self._edge) for peak in merkle.peaks(hashes))

    def _add(self, level: int, hashes: bytes) -> None:
        if level == len(self._edge):
            self._edge.append(b"")
            self._counts.append(0)
        self._edge[level] += hashes
        if len(self._edge[level]) == WIDTH * HASH:
            full, self._edge[level] = self._edge[level], b""
            self._compare(level, full)
            self._counts[level] += 1
            self._add(level + 1, merkle.tile_root(full))

    def _compare(self, level: int, hashes: bytes) -> None:
        """A tile as computed must be the one on file, and those of earlier sizes its beginnings."""
        index, width = self._counts[level], len(hashes) // HASH
        if (on_file := self._files.hashes(level, index, width)) != hashes:
            raise DoesNotVerify(_difference(level, index, hashes, on_file))
        for file, earlier in self._files.earlier_hashes(level, index, width):
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
    for index, width in _bundles(size):
        for file, earlier in files.earlier_entries(index, width):
            if earlier != files.entries(index, width)[: len(earlier)]:
                raise DoesNotVerify(f"`{file}` is not the beginning of the bundle it grew into")


def _bundles(size: int) -> Iterator[tuple[int, int]]:
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
