"""Make a gate: its folders, settings, trust, keys of its own, and a ledger that begins empty.

Rules:
 * Nothing that exists is overwritten. No secret has a default: the ledger's keys are fresh, the custodian's are given,
   or are throwaway demo keys, which are refused unless the register is marked synthetic.
 * The verifier's policy names the ledger's public keys; it is for handing over before there is anything to check.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowgate.accounting.opened import signers
from narrowgate.accounting.policy import first_policy
from narrowgate.agreement.shipped import shipped
from narrowgate.encrypted import KEY_SIZE
from narrowgate.errors import Refused, WrongUse
from narrowgate.files import write_private
from narrowgate.gateway.desk import agreement_of
from narrowgate.ledger.log import Log
from narrowgate.register import open_register
from narrowgate.store import keys, places
from narrowgate.store import settings as gate_settings
from narrowgate.store.custody import write_key
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.store.places import CUSTODIAN, CUSTODY, LEDGER, NAMES, InFile, InModule, Places
from narrowgate.store.settings import RETAINED, Settings


@dataclass(frozen=True)
class Custodian:
    """The trust anchors, and the certificate and key that sign answers, as PEM files."""

    anchors: Path
    certificate: Path
    key: Path


Issuer = Callable[[GateFolder], Custodian]
"""Makes throwaway keys for everyone at a gate, and says which are the custodian's."""


def make_gate(
    root: Path,
    *,
    register: Path,
    agreement: str,
    custodian: Custodian | Issuer,
    memory_limit: str,
    threads: int,
    workers: int = 1,
    retain_days: int = RETAINED,
    in_modules: Mapping[str, InModule] | None = None,
) -> dict[str, Any]:
    """Make a gate at `root`. Returns what a script wants to know of it.

    `custodian` are the custodian's files, or an issuer of throwaway ones, which is for synthetic registers alone.
    `in_modules` says which keys of the gate exist already, in PKCS#11 modules; the others are made, as files.
    """
    opened = open_register(register)
    if not isinstance(custodian, Custodian) and not opened.synthetic:
        raise Refused(
            f"register `{opened.name}` is not marked synthetic, and demo keys guard no real record",
            "give --anchors, --custodian-certificate and --custodian-key; no record was looked up",
        )
    folder = GateFolder(root.resolve())
    if folder.settings.exists():
        raise WrongUse(f"`{root}` is a gate already", "nothing was changed")
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = Path(agreement) if Path(agreement).is_dir() else shipped(agreement)
    settings = Settings(
        source.name,
        register.resolve(),
        f"narrowgate.invalid/{_origin(opened.name)}",
        memory_limit,
        threads,
        workers,
        retain_days,
    )
    for one in (folder.agreements, folder.keys, folder.trust, folder.work, folder.verifier_policy.parent):
        folder.make(one)
    shutil.copytree(source, folder.agreements / source.name, dirs_exist_ok=True)
    _install(folder, custodian if isinstance(custodian, Custodian) else custodian(folder))
    _begin_keys(folder, {name: InFile(f"{name}.key") for name in NAMES} | dict(in_modules or {}))
    _begin_ledger(folder, settings.origin)
    gate_settings.write(settings, folder.settings)
    gate = open_gate(folder.root)
    return {
        "gate": str(folder.root),
        "register": opened.name,
        "synthetic": opened.synthetic,
        "agreement": settings.agreement,
        "agreement_digest": agreement_of(gate).digest,
        "origin": settings.origin,
        "verifier_policy": str(folder.verifier_policy),
        "approvers": list(gate.trust.approvers),
        "offices": sorted(gate.trust.offices.values()),
        "storage_ids": sorted(gate.trust.safeguards.storage_ids),
    }


def _origin(name: str) -> str:
    """The register's name as the last part of a ledger's origin."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-") or "gate"


def _install(folder: GateFolder, custodian: Custodian) -> None:
    """Copy anchors, certificate and key to where the gate uses them."""
    for source, target in (
        (custodian.anchors, folder.trust / "anchors.pem"),
        (custodian.certificate, folder.keys / "custodian.pem"),
        (custodian.key, folder.keys / f"{CUSTODIAN}.key"),
    ):
        if not source.is_file():
            raise WrongUse(f"there is no file `{source}`")
        if source.resolve() != target:
            write_private(target, source.read_bytes())


def _begin_keys(folder: GateFolder, where: Places) -> None:
    """Make the keys that are to lie in files, say where each lies, and draw the gate's own under the custodian's."""
    for name in LEDGER:
        if isinstance(place := where[name], InFile):
            keys.write_signing_key(folder, place, keys.fresh_signing_key(name))
    if isinstance(place := where[CUSTODY], InFile):
        keys.write_custody_key(folder, place, keys.fresh_custody_key(os.urandom))
    places.write(folder, where)
    write_key(folder.key_of(None), os.urandom(KEY_SIZE), keys.custody_key(folder, where[CUSTODY]))


def _begin_ledger(folder: GateFolder, origin: str) -> None:
    """Begin the log, and write the policy by which others will check it."""
    signing = signers(folder, origin)
    Log.create(folder.ledger, origin, signing)
    write_private(folder.verifier_policy, first_policy([signer.verifier for signer in signing]).encode())
