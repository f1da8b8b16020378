"""Decide when a witness cosigned a checkpoint (C2SP tlog-cosignature; `spec/ledger.md`, section 4).

Rules:
 * What a witness signed is put together again from the checkpoint at hand: a cosignature that was moved here from
   another checkpoint, or whose moment was changed, does not verify.
 * A cosignature without a moment does not say that its witness had seen nothing newer. It counts as none.
"""

from __future__ import annotations

import time

from narrowgate_verify.keys import COSIGNED_ML_DSA_44, Key
from narrowgate_verify.value import Value

_LATEST = 253_402_300_799
"""The last second of the year 9999: what has four digits for the year can be shown."""


class Stated(Value):
    """What a checkpoint states: origin, size and root; `text` is all that is signed."""

    text: str
    origin: str
    size: int
    root: bytes


def cosigned_at(signed: bytes, key: Key, stated: Stated) -> int | None:
    """The POSIX second in `signed` (time || signature), or None if it is not the key's over `stated`."""
    at = int.from_bytes(signed[:8], "big")
    if len(signed) <= 8 or at > _LATEST or not key.verify(signed[8:], _message(key, at, stated)):
        return None
    return at


def moment(at: int) -> str:
    """A POSIX second as `2026-01-31T12:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _message(key: Key, at: int, stated: Stated) -> bytes:
    if key.type != COSIGNED_ML_DSA_44:
        return f"cosignature/v1\ntime {at}\n{stated.text}".encode()
    name, origin = key.name.encode(errors="surrogateescape"), stated.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            _opaque(name),
            at.to_bytes(8, "big"),
            _opaque(origin),
            (0).to_bytes(8, "big"),  # a checkpoint is over everything from the first entry
            stated.size.to_bytes(8, "big"),
            stated.root,
        )
    )


def _opaque(content: bytes) -> bytes:
    """`opaque<1..2^8-1>` of RFC 8446 section 3.4; no name in a policy is longer."""
    return bytes([len(content)]) + content
