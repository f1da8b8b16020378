"""State what a log holds: origin, size and root, signed (C2SP tlog-checkpoint v1.0.0).

Rules:
 * A checkpoint is signed twice: ECDSA P-256 for those bound to validated cryptography, Ed25519 for public
   witnesses. At the size at which keys are rotated the old pair and the new pair both sign.
 * The key name is the origin. A checkpoint of another origin is another log's, whoever signed it.
 * We write no extension lines, and pass over those that are there.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narrowgate.errors import Fault
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.note import ECDSA_P256, ED25519, Signer, Verifier, decoded, sign, split, verify

LARGEST = 2**63 - 1
"""The largest size that is read: others keep it in 64 bits with a sign."""

_PAIR = [ED25519, ECDSA_P256]


@dataclass(frozen=True)
class Checkpoint:
    """What a log held at one time: `root` is 32 bytes, `note` the signed text as it is published."""

    origin: str
    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class Succession:
    """Who signs for which sizes: `before` up to the size `last`, `after` from the size `first` on. Both for the sizes
    that they share. Without `after`, `before` sign for every size.
    """

    before: tuple[Signer, ...]
    last: int = LARGEST
    after: tuple[Signer, ...] = ()
    first: int = LARGEST

    def at(self, size: int) -> tuple[Signer, ...]:
        """The signers of a checkpoint of `size`."""
        return (*(self.before if size <= self.last else ()), *(self.after if size >= self.first else ()))


def signed_checkpoint(origin: str, size: int, root: bytes, signers: Sequence[Signer]) -> Checkpoint:
    """State `size` and `root` under `origin`, signed by one key of each algorithm, or by two such pairs.

    A Fault if one lacks.
    """
    algorithms = sorted(signer.verifier.algorithm for signer in signers)
    if algorithms not in (_PAIR, sorted(2 * _PAIR)):
        raise Fault(f"log `{origin}` takes one ECDSA P-256 and one Ed25519 key, and was given {len(algorithms)} keys")
    for signer in signers:
        if signer.verifier.name != origin:
            raise Fault(f"the key `{signer.verifier.name}` does not bear the name of the log `{origin}`")
    return Checkpoint(origin, size, root, sign(written_text(origin, size, root), signers))


def written_text(origin: str, size: int, root: bytes) -> str:
    """What is signed to state `size` and `root` under `origin`."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def read_checkpoint(note: str, origin: str, required: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint in `note`; a Fault unless it is of `origin` and every key of `required` signed it."""
    verify(note, required)
    checkpoint = stated(note)
    if checkpoint.origin != origin:
        raise Fault(f"the checkpoint is of the log `{checkpoint.origin}`, not of `{origin}`")
    return checkpoint


def stated(note: str) -> Checkpoint:
    """What `note` states, whoever signed it: enough to know whose keys to ask, and no more. A Fault if it is none."""
    lines = split(note)[0].split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise Fault("not a checkpoint: origin, size and root were expected")
    return Checkpoint(lines[0], read_size(lines[1]), _root(lines[2]), note)


def read_size(text: str) -> int:
    """The number of entries that `text` says, decimal in its one spelling."""
    if not (text.isascii() and text.isdigit()) or (text != "0" and text.startswith("0")) or len(text) > 19:
        raise Fault(f"`{text}` is not the size of a log")
    size = int(text)
    if size > LARGEST:
        raise Fault(f"`{text}` is larger than a log can be")
    return size


def _root(text: str) -> bytes:
    root = decoded(text)
    if len(root) != HASH_SIZE:
        raise Fault(f"`{text}` is not the root of a log")
    return root
