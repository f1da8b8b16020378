"""Believe of what an overseer is said to have seen only what it signed: a row in a database is nobody's signature.

Rules:
 * What does not verify under the overseers named now, over the ledger as it is now, counts as if it had not been said.
   Nothing is lost by that: they are asked again, and one answer covers everything before it.
"""

from __future__ import annotations

from pathlib import Path

from narrowgate.errors import Fault
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import split
from narrowgate.witnessing.records import Said
from narrowgate.witnessing.timestamps import proves, trusted


def witnessed(key: CosignerKey, log: Log, said: Said) -> bool:
    """Whether the evidence is a cosignature by `key` of `log` as it was at that size."""
    try:
        return key.cosigned_at(f"{log.text_at(said.size)}\n{said.evidence.decode()}") is not None
    except (Fault, UnicodeDecodeError):
        return False


def stamped(certificate: Path, log: Log, message: bytes, said: Said) -> bool:
    """Whether the evidence is a stamp leading to `certificate`, over the checkpoint `message` of `log` at that size."""
    try:
        of_this_ledger = split(message.decode())[0] == log.text_at(said.size)
        return of_this_ledger and proves(said.evidence, trusted(certificate), message)
    except (Fault, UnicodeDecodeError):
        return False
