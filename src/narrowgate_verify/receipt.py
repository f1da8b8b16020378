"""Decide whether a receipt proves that an entry is on the ledger (`spec/receipt.md`).

Rules:
 * The checkpoint in a receipt is believed only as the policy allows; the entry in it only as far as it hashes
   into that checkpoint.
 * An entry given separately is the one that is checked, and must be the one in the receipt if there is one.
 * Salt and payload, if given, must be what the entry commits to; grounds and what they were found under, what the
   payload names.
 * A payload that says otherwise than its entry is refused, though the entry commits to it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from narrowgate_verify import entry, merkle
from narrowgate_verify.checkpoint import Checkpoint, accept
from narrowgate_verify.document import Document, canonical_object, is_document, read_document
from narrowgate_verify.encoding import base64_bytes
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.value import Value

if TYPE_CHECKING:
    from narrowgate_verify.stamps import Stamped, Stamps

_PROOF = re.compile(
    r"c2sp\.org/tlog-proof@v1\n"
    r"(?:extra (?P<extra>[A-Za-z0-9+/=]*)\n)?"
    r"index (?P<index>0|[1-9][0-9]{0,18})\n"
    r"(?P<path>(?:[A-Za-z0-9+/]{43}=\n){0,64})"
    r"\n(?P<checkpoint>.+)",
    re.DOTALL,
)

_accept = lru_cache(maxsize=4)(accept)  # many receipts bring the same checkpoint


Opened = dict[str, Any] | None
SALT = 32
"""Bytes of a salt. If its length could vary, bytes could move between it and what stands behind it."""


class Proved(Value):
    """What is proved: `entry` was at `entry_index` of the ledger when `checkpoint` was signed.

    `payload`, `grounds` and `under` are the objects that were opened, None where the receipt does not bring them.
    """

    entry_index: int
    checkpoint: Checkpoint
    entry: bytes
    payload: Opened
    grounds: Opened
    under: Opened
    stamped: tuple[Stamped, ...]


def verify_receipt(
    receipt: bytes,
    policy: Policy,
    *,
    separate_entry: bytes | None = None,
    salt: bytes | None = None,
    payload: bytes | None = None,
) -> Proved:
    """Check a receipt in either form; DoesNotVerify says what is wrong with it."""
    if not is_document(receipt):
        return _verify(Document(receipt, payload, salt), policy, separate_entry)
    if salt is not None or payload is not None:
        raise WrongUse("the receipt brings its own payload: give none beside it")
    return _verify(read_document(receipt), policy, separate_entry)


def _verify(receipt: Document, policy: Policy, separate_entry: bytes | None) -> Proved:
    parts = _parts(receipt.proof)
    written = _entry(parts["extra"], separate_entry)
    checkpoint = _accept(parts["checkpoint"].encode(), policy, file="the checkpoint in the receipt")
    index, path = int(parts["index"]), [_base64(line) for line in parts["path"].split()]
    if not merkle.includes(merkle.leaf(written), index, checkpoint.size, path, checkpoint.root):
        raise DoesNotVerify(f"the entry is not at index {index} of the ledger that was signed")
    opened = _opened(written, receipt)
    return Proved(index, checkpoint, written, *opened, _stamped(receipt.stamps, checkpoint, policy))


def _entry(extra: str | None, separate: bytes | None) -> bytes:
    enclosed = None if extra is None else _base64(extra)
    if separate is None and enclosed is None:
        raise WrongUse("the receipt does not bring its entry: give it with --entry")
    if separate is not None and enclosed not in {None, separate}:
        raise DoesNotVerify("the entry is not the one in the receipt")
    return separate if separate is not None else enclosed or b""


def _opened(written: bytes, receipt: Document) -> tuple[Opened, Opened, Opened]:
    """Payload, grounds and what they were found under, as far as the receipt brings them."""
    try:
        stated = entry.read(written)
    except entry.NotAnEntry as problem:
        raise DoesNotVerify(f"the entry {problem}") from problem
    if receipt.payload is None or receipt.salt is None:
        return None, None, None
    if not stated.commits_to(receipt.salt, receipt.payload):
        raise DoesNotVerify("the entry does not commit to this payload with this salt")
    payload = canonical_object(receipt.payload, "the payload")
    if stated.determines and payload.get("disposition") != stated.code:
        raise DoesNotVerify(f"the payload says `{payload.get('disposition')}` where its entry says `{stated.code}`")
    return payload, _grounds(receipt, payload), _under(receipt, payload, stated)


def _grounds(receipt: Document, payload: dict[str, Any]) -> Opened:
    if receipt.grounds is None or receipt.grounds_salt is None:
        return None
    if len(receipt.grounds_salt) != SALT or payload.get("grounds") != _hash(receipt.grounds_salt + receipt.grounds):
        raise DoesNotVerify("the payload does not commit to these `grounds` with this salt")
    return canonical_object(receipt.grounds, "`grounds`")


def _under(receipt: Document, payload: dict[str, Any], stated: entry.Entry) -> Opened:
    if receipt.under is None:
        return None
    if payload.get("under") != _hash(receipt.under):
        raise DoesNotVerify("`under` is not what the payload was made under: its digest is another")
    found = canonical_object(receipt.under, "`under`")
    if found.get("batch") != stated.batch:
        raise DoesNotVerify(f"`under` is of the batch `{found.get('batch')}` where the entry is of `{stated.batch}`")
    return found


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _stamped(stamps: Stamps | None, checkpoint: Checkpoint, policy: Policy) -> tuple[Stamped, ...]:
    if not policy.anchors:
        return ()
    from narrowgate_verify.stamps import check_stamps  # noqa: PLC0415 - few policies ask for timestamps

    return check_stamps(stamps, checkpoint, policy)


def _parts(proof: bytes) -> re.Match[str]:
    try:
        parts = _PROOF.fullmatch(proof.decode())
    except UnicodeDecodeError:
        parts = None
    if parts is None:
        raise DoesNotVerify("the receipt is not a C2SP tlog-proof")
    return parts


def _base64(text: str) -> bytes:
    try:
        return base64_bytes(text)
    except ValueError as error:
        raise DoesNotVerify(f"the receipt holds `{text}`, which is not base64 as it is written") from error
