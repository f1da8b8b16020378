"""An opened gate: its folder, settings, trust, database and ledger book are found here and nowhere else.

Rules:
 * Opening a gate settles what an interrupted command left; it reads no register.
 * The agreement in force is the folder under `agreements/`; a change of it is entered before it is used.
 * Keys are read when they are needed, from where `keys.toml` says then.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from narrowgate.store import keys, places
from narrowgate.store import settings as gate_settings
from narrowgate.store import trust as gate_trust
from narrowgate.store.custody import Custody
from narrowgate.store.custody_rotation import settle_custody
from narrowgate.store.database import Database
from narrowgate.store.folder import GateFolder, existing
from narrowgate.store.key_change import under_way
from narrowgate.store.keys import PresentCustodyKey, SigningKey
from narrowgate.store.places import CUSTODIAN, CUSTODY, LEDGER, InFile, Places
from narrowgate.store.settings import Settings
from narrowgate.store.trust import Trust


@dataclass(frozen=True)
class Gate:
    """The parts of one gate."""

    folder: GateFolder
    settings: Settings
    trust: Trust
    database: Database
    custody: Custody

    @property
    def agreement(self) -> Path:
        """The folder of the agreement that this gate answers under."""
        return self.folder.agreements / self.settings.agreement

    @property
    def custodian(self) -> tuple[Path, Path]:
        """Certificate and key file with which the custodian signs answers."""
        place = places.read(self.folder)[CUSTODIAN]
        assert isinstance(place, InFile)
        return self.folder.keys / "custodian.pem", self.folder.keys / place.file


def open_gate(root: Path) -> Gate:
    """The gate at `root`."""
    folder = existing(root)
    database = Database(folder.database)
    if under_way(folder, CUSTODY) is not None:
        with folder.locked():  # it may be that another command has it in hand
            settle_custody(folder, database)
    return Gate(
        folder,
        gate_settings.read(folder.settings),
        gate_trust.read(folder.trust),
        database,
        Custody(folder, PresentCustodyKey(folder)),
    )


def ledger_keys(folder: GateFolder, where: Places | None = None) -> tuple[SigningKey, ...]:
    """The keys that sign checkpoints, P-256 before Ed25519: from `where`, or those that the gate uses now."""
    found = places.read(folder) if where is None else where
    return tuple(keys.signing_key(folder, name, found[name]) for name in LEDGER)
