"""Write and read the body by which a log submits a checkpoint to a witness (C2SP tlog-witness, add-checkpoint).

Rules:
 * The form is exact: an old size, at most 63 hashes, an empty line, a checkpoint. Anything else is a Fault.
 * What it states is not believed here: no signature is checked.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from narrowgate.errors import Fault
from narrowgate.ledger.checkpoint import Checkpoint, read_size, stated
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.note import decoded

ADD_CHECKPOINT = "/add-checkpoint"
"""Where below its address a witness takes submissions."""

MOST_HASHES = 63
_OLD = "old "


@dataclass(frozen=True)
class Submission:
    """`checkpoint` is submitted as continuing the `old` size, with `proof` of it; nothing of it has been checked."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


def written_submission(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body that submits the checkpoint `note` as continuing the size `old`."""
    lines = [f"{_OLD}{old}", *(base64.b64encode(each).decode() for each in proof), "", note]
    return "\n".join(lines).encode()


def read_submission(body: bytes) -> Submission:
    """The submission in `body`; a Fault if it is not of the form."""
    try:
        head, gap, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Fault("the submission is not UTF-8") from error
    old, *hashes = head.split("\n")
    if not gap or not old.startswith(_OLD):
        raise Fault("an old size line, hashes, an empty line and a checkpoint were expected")
    if len(hashes) > MOST_HASHES:
        raise Fault(f"a proof has at most {MOST_HASHES} hashes, and this one has {len(hashes)}")
    return Submission(read_size(old.removeprefix(_OLD)), tuple(map(_hash, hashes)), stated(note))


def _hash(text: str) -> bytes:
    content = decoded(text)
    if len(content) != HASH_SIZE:
        raise Fault(f"`{text}` is not a hash")
    return content
