"""Keys, entries and an oracle for logs under test."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate.ledger import Log, PrivateKeySigner

ORIGIN = "ledger.example/test"
VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "ledger"


def fresh_signers(origin: str = ORIGIN) -> tuple[PrivateKeySigner, PrivateKeySigner]:
    """A pair of keys that nobody else has."""
    return (
        PrivateKeySigner(origin, ec.generate_private_key(ec.SECP256R1())),
        PrivateKeySigner(origin, ed25519.Ed25519PrivateKey.generate()),
    )


SIGNERS = fresh_signers()


def numbered(start: int, stop: int) -> list[bytes]:
    """Entries without meaning, each different."""
    return [b"entry %d" % number for number in range(start, stop)]


def a_log(folder: Path, size: int = 0) -> Log:
    """A log of `size` numbered entries in `folder`."""
    log = Log.create(folder, ORIGIN, SIGNERS)
    log.append(numbered(0, size), expect_size=0)
    return log


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a log but its lock, by name."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word and as slow: what everything else is compared with."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()
