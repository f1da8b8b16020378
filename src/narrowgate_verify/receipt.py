"""Decide whether a receipt proves that an entry is on the ledger (`spec/receipt.md`).

Rules:
 * The checkpoint in a receipt is believed only as the policy allows; the entry in it only as far as it hashes
   into that checkpoint.
 * An entry given separately is the one that is checked, and must be the one in the receipt if there is one.
 * Salt and payload, if given, must be what the entry commits to.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from narrowgate_verify import entry, merkle
from narrowgate_verify.checkpoint import accept
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse

_RECEIPT = re.compile(
    r"c2sp\.org/tlog-proof@v1\n"
    r"(?:extra (?P<extra>[A-Za-z0-9+/=]*)\n)?"
    r"index (?P<index>0|[1-9][0-9]{0,18})\n"
    r"(?P<path>(?:[A-Za-z0-9+/]{43}=\n){0,64})"
    r"\n(?P<checkpoint>.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Proved:
    """What is proved: `entry` was at `index` when the ledger held `size` entries under `root`."""

    index: int
    size: int
    root: bytes
    entry: bytes


def verify_receipt(
    receipt: bytes,
    policy: Policy,
    *,
    separate_entry: bytes | None = None,
    salt: bytes | None = None,
    payload: bytes | None = None,
) -> Proved:
    """Check a `.tlog-proof`; DoesNotVerify says what is wrong with it."""
    parts = _parts(receipt)
    enclosed = None if parts["extra"] is None else _base64(parts["extra"])
    if separate_entry is None and enclosed is None:
        raise WrongUse("the receipt does not bring its entry: give it with --entry")
    if separate_entry is not None and enclosed not in {None, separate_entry}:
        raise DoesNotVerify("the entry is not the one in the receipt")
    written = separate_entry if separate_entry is not None else enclosed or b""
    checkpoint = accept(parts["checkpoint"].encode(), policy, file="the checkpoint in the receipt")
    index, path = int(parts["index"]), [_base64(line) for line in parts["path"].split()]
    if not merkle.includes(merkle.leaf(written), index, checkpoint.size, path, checkpoint.root):
        raise DoesNotVerify(f"the entry is not at index {index} of the ledger that was signed")
    _check_entry(written, salt, payload)
    return Proved(index, checkpoint.size, checkpoint.root, written)


def _check_entry(written: bytes, salt: bytes | None, payload: bytes | None) -> None:
    try:
        entry.kind(written)
        if salt is not None and payload is not None and not entry.commits_to(written, salt, payload):
            raise DoesNotVerify("the entry does not commit to this payload with this salt")
    except entry.NotAnEntry as problem:
        raise DoesNotVerify(f"the entry {problem}") from problem


def _parts(receipt: bytes) -> re.Match[str]:
    try:
        parts = _RECEIPT.fullmatch(receipt.decode())
    except UnicodeDecodeError:
        parts = None
    if parts is None:
        raise DoesNotVerify("the receipt is not a C2SP tlog-proof")
    return parts


def _base64(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        content = b""
    if base64.b64encode(content).decode() != text:
        raise DoesNotVerify(f"the receipt holds `{text}`, which is not base64 as it is written")
    return content
