"""Name to a gate who oversees its ledger from outside, and publish whom verifiers may ask for.

Rules:
 * A change is on the ledger before it takes effect, in words that anybody may read: who, how many, how long a grace.
 * The gate's policy asks for no more than the gate itself needs, so that what may leave here verifies there.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from narrowgate.accounting.overseers import enter_overseers
from narrowgate.accounting.policy import overseen_by, published
from narrowgate.errors import Fault, WrongUse
from narrowgate.files import write_private
from narrowgate.gateway.desk import Desk
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.store import overseers as kept
from narrowgate.store.overseers import Overseers
from narrowgate.witnessing.exchange import checked_address
from narrowgate.witnessing.timestamps import trusted


def name_overseers(desk: Desk, file: Path) -> Overseers:
    """Let those whom `file` names oversee the ledger from now on, in place of those named before."""
    named = kept.read_file(file)
    _check(named)
    certificates = {one.name: trusted(one.certificate) for one in named.authorities}
    policy = desk.gate.folder.verifier_policy
    before = published(policy)
    enter_overseers(desk.book, named, at=desk.at)
    trust = desk.gate.folder.trust
    for name, certificate in certificates.items():
        target = trust / kept.certificate_of(name)
        desk.gate.folder.make(target.parent)
        write_private(target, certificate.public_bytes(Encoding.PEM))
    write_private(trust / kept.FILE, kept.written(named).encode())
    stamps = [(name, one.public_bytes(Encoding.DER)) for name, one in certificates.items()]
    text = overseen_by(
        before, [(one.name, one.vkey) for one in named.witnesses], named.witnesses_needed,
        stamps if named.timestamps_needed else [],
    )  # fmt: skip
    write_private(policy, text.encode())
    return named


def _check(named: Overseers) -> None:
    """Wrong use if a witness's key is none, or an address is none."""
    for witness in named.witnesses:
        checked_address(witness.url, "a witness")
        try:
            CosignerKey.from_vkey(witness.vkey)
        except Fault as problem:
            raise WrongUse(problem.message, "nothing was changed") from problem
    for authority in named.authorities:
        checked_address(authority.url, "a timestamp authority")
