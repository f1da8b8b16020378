"""An append-only log of bytes on disk (`spec/ledger.md`). It knows no meaning of what it holds.

Rules:
 * Nothing exists until the signed checkpoint says so; nothing that it says is ever rewritten.
 * Every byte handed out was checked against the checkpoint first.
"""

from narrowgate.ledger.checkpoint import Checkpoint
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import PrivateKeySigner, Signer, Verifier

__all__ = ["Checkpoint", "Log", "PrivateKeySigner", "Signer", "Verifier"]
