"""State what a log holds: origin, size and root, signed (C2SP tlog-checkpoint v1.0.0).

Rules:
 * A checkpoint is signed twice: ECDSA P-256 for those bound to validated cryptography, Ed25519 for public
   witnesses.
 * The key name is the origin. A checkpoint of another origin is another log's, whoever signed it.
 * We write no extension lines, and pass over those that are there.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narrowgate.errors import Fault
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.note import ECDSA_P256, ED25519, Signer, Verifier, sign, verify


@dataclass(frozen=True)
class Checkpoint:
    """What a log held at one time: `root` is 32 bytes, `note` the signed text as it is published."""

    origin: str
    size: int
    root: bytes
    note: str


def signed_checkpoint(origin: str, size: int, root: bytes, signers: Sequence[Signer]) -> Checkpoint:
    """State `size` and `root` under `origin`, signed by one key of each algorithm; a Fault if one lacks."""
    algorithms = sorted(signer.verifier.algorithm for signer in signers)
    if algorithms != [ED25519, ECDSA_P256]:
        raise Fault(f"log `{origin}` takes one ECDSA P-256 and one Ed25519 key, and was given {len(algorithms)} keys")
    for signer in signers:
        if signer.verifier.name != origin:
            raise Fault(f"the key `{signer.verifier.name}` does not bear the name of the log `{origin}`")
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return Checkpoint(origin, size, root, sign(text, signers))


def read_checkpoint(note: str, origin: str, required: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint in `note`; a Fault unless it is of `origin` and every key of `required` signed it."""
    lines = verify(note, required).split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise Fault("not a checkpoint: origin, size and root were expected")
    if lines[0] != origin:
        raise Fault(f"the checkpoint is of the log `{lines[0]}`, not of `{origin}`")
    return Checkpoint(lines[0], _size(lines[1]), _root(lines[2]), note)


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or (text != "0" and text.startswith("0")) or len(text) > 19:
        raise Fault(f"`{text}` is not the size of a log")
    return int(text)


def _root(text: str) -> bytes:
    try:
        root = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != HASH_SIZE or base64.b64encode(root).decode() != text:
        raise Fault(f"`{text}` is not the root of a log")
    return root
