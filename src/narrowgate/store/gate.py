"""An opened gate: its folder, settings, trust, database and ledger book are found here and nowhere else.

Rules:
 * Opening a gate settles what an interrupted command left; it reads no register.
 * The agreement in force is the folder under `agreements/`; a change of it is entered before it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from narrowgate.errors import Fault
from narrowgate.store import settings as gate_settings
from narrowgate.store import trust as gate_trust
from narrowgate.store.database import Database
from narrowgate.store.folder import GateFolder, existing
from narrowgate.store.settings import Settings
from narrowgate.store.trust import Trust

LEDGER_KEYS = ("ledger-p256.key", "ledger-ed25519.key")
LedgerKey = EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class Gate:
    """The parts of one gate."""

    folder: GateFolder
    settings: Settings
    trust: Trust
    database: Database

    @property
    def agreement(self) -> Path:
        """The folder of the agreement that this gate answers under."""
        return self.folder.agreements / self.settings.agreement

    @property
    def custodian(self) -> tuple[Path, Path]:
        """Certificate and key with which the custodian signs answers."""
        return self.folder.keys / "custodian.pem", self.folder.keys / "custodian.key"


def open_gate(root: Path) -> Gate:
    """The gate at `root`."""
    folder = existing(root)
    return Gate(folder, gate_settings.read(folder.settings), gate_trust.read(folder.trust), Database(folder.database))


def ledger_keys(folder: GateFolder) -> tuple[LedgerKey, ...]:
    """The private keys that sign checkpoints, in the order of `LEDGER_KEYS`."""
    return tuple(_ledger_key(folder.keys / name) for name in LEDGER_KEYS)


def _ledger_key(file: Path) -> LedgerKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as problem:
        raise Fault(f"ledger key `{file}` cannot be used: {problem}") from problem
    if not isinstance(key, EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise Fault(f"ledger key `{file}` is of another kind")
    return key
