"""Decide whether a ledger still begins with what was signed before (`spec/ledger.md`, section 6).

Rules:
 * Two checkpoints that the log's keys signed, and that do not follow from each other, prove that the custodian
   signed two histories: that is worth as much to a court as anything in the ledger. Therefore the older one needs
   their signatures and nothing else; it may be from before there were witnesses.
 * The present one must be acceptable in every way.
 * The hashes of the path come from the tiles and prove themselves; a tile that is wrong makes the path fail.
"""

from __future__ import annotations

from pathlib import Path

from narrowgate_verify import merkle
from narrowgate_verify.checkpoint import Checkpoint, accept, accept_signed
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.stamps import check_stamps, stamps_in
from narrowgate_verify.tiles import HASH, WIDTH, Files


def verify_growth(old_note: bytes, folder: Path, policy: Policy) -> tuple[Checkpoint, Checkpoint]:
    """The older and the present checkpoint, if the ledger in `folder` grew from the one into the other."""
    files = Files(folder)
    old = accept_signed(old_note, policy, file="the older checkpoint")
    new = accept(files.checkpoint(), policy, file="checkpoint")
    if new.size < old.size:
        raise DoesNotVerify(
            f"the ledger was rolled back: it holds {new.size} entries, and {old.size} were signed before; "
            "an older copy was put in its place, or entries were cut off its end"
        )
    if not begins_with(files, old.size, old.root, new):
        raise DoesNotVerify(
            f"the ledger of {new.size} entries does not begin with the {old.size} that were signed before"
        )
    check_stamps(stamps_in(folder, new.size), new, policy)
    return old, new


def begins_with(files: Files, size: int, root: bytes, present: Checkpoint) -> bool:
    """Whether the ledger of `present` begins with `size` entries under `root`, by its own tiles."""
    path = _path(files, size, present.size)
    return merkle.extends(size, root, present.size, present.root, path)


def _path(files: Files, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2, read from the tiles."""
    if old in {0, new}:
        return []

    def tree(start: int, stop: int) -> bytes:
        count = stop - start
        if count & (count - 1):
            middle = start + _half(count)
            return merkle.node(tree(start, middle), tree(middle, stop))
        level, inside = divmod(count.bit_length() - 1, 8)
        index, slot = divmod(start >> (8 * level), WIDTH)
        width = min(WIDTH, (new >> (8 * level)) - index * WIDTH)
        hashes = files.hashes(level, index, width)
        return merkle.tile_root(hashes[HASH * slot : HASH * (slot + (1 << inside))])

    def subproof(start: int, stop: int, whole: bool) -> list[bytes]:
        if stop == old:
            return [] if whole else [tree(start, stop)]
        middle = start + _half(stop - start)
        if old <= middle:
            return [*subproof(start, middle, whole), tree(middle, stop)]
        return [*subproof(middle, stop, False), tree(start, middle)]

    return subproof(0, new, True)


def _half(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
