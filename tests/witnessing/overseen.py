"""A custodian whose ledger is overseen: by a real witness, by a real timestamp authority, or both."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from narrowgate.accounting.opened import open_book
from narrowgate.accounting.overseers import are_entered, enter_overseers
from narrowgate.cli.options import now
from narrowgate.gateway.overseen import Overseen
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.store.gate import open_gate
from narrowgate.witness.folder import Algorithm, Witness, begin, existing, trust
from narrowgate.witness.trusted import read_policy
from narrowgate.witnessing import records
from narrowgate.witnessing.standing import Kind
from tests.agency import Agency, Clock, a_request
from tests.witnessing.authority import Authority

NOWHERE = "http://127.0.0.1:9/"


def an_agency(folder: Path) -> Agency:
    """A custodian whose clock is the machine's, as that of a timestamp authority is."""
    return Agency(folder, clock=Clock(now()))


def a_witness_of(agency: Agency, folder: Path) -> Witness:
    """A witness that knows the ledger of `agency`."""
    begin(folder, "overseer.example/w1", Algorithm.ED25519)
    trust(folder, *read_policy(agency.folder.verifier_policy.read_bytes()))
    return existing(folder)


def name_overseers(
    agency: Agency, *, witness: tuple[Witness, str] | None = None, authority: Authority | None = None, grace: int = 60
) -> None:
    """Name a witness (with its address) and an authority, all of them needed, to the gate; anew each time.

    As the command does it, but for asking them first: that is what these tests look at.
    """
    lines = [
        'format = "narrowgate-overseers/1"', f"witnesses_needed = {int(witness is not None)}",
        f"timestamps_needed = {int(authority is not None)}", f"grace_minutes = {grace}", "timeout_seconds = 5",
    ]  # fmt: skip
    if witness is not None:
        lines += ["[[witness]]", f'url = "{witness[1]}"', f'vkey = "{witness[0].cosigner.verifier.vkey}"']
    if authority is not None:
        lines += ["[[authority]]", 'name = "tsa.example"', f'url = "{authority.url}"']
        lines += [f'certificate = "{authority.certificate}"']
    (agency.folder.trust / "overseers.toml").write_text("\n".join(lines) + "\n")
    gate = open_gate(agency.folder.root)
    book = open_book(gate, os.urandom)
    if not are_entered(book, gate.trust.overseers):
        enter_overseers(book, gate.trust.overseers, at=agency.clock.now)


def ready_to_release(agency: Agency) -> None:
    """One batch with an answered and a returned request, determined and approved twice."""
    agency.receives([a_request(1), a_request(2, tax_periods=None)])
    for name in ("counsel", "disclosure-officer"):
        agency.approves(name)


def checkpoint(agency: Agency) -> str:
    return (agency.folder.ledger / "checkpoint").read_text()


def cosigned(agency: Agency, witness: Witness) -> datetime | None:
    """When the witness cosigned the present checkpoint."""
    at = CosignerKey.from_vkey(witness.cosigner.verifier.vkey).cosigned_at(checkpoint(agency))
    return None if at is None else datetime.fromtimestamp(at, UTC)


def overseen(agency: Agency) -> Overseen:
    """The ledger of `agency` as its gate knows it to be overseen."""
    gate = open_gate(agency.folder.root)
    book = open_book(gate, os.urandom)
    return Overseen(book, gate.folder.ledger, gate.database, gate.trust.overseers, at=agency.clock.now)


def seen_size(agency: Agency) -> int | None:
    """What the one overseer of `agency` has seen, as its gate believes."""
    (seen,) = overseen(agency).standing().seen
    return seen.size


def says_one_more(agency: Agency) -> None:
    """Let the database tell of one entry more than was seen."""
    with sqlite3.connect(agency.folder.database) as database:
        database.execute("UPDATE seen SET size = size + 1 WHERE size = (SELECT max(size) FROM seen)")
    database.close()


def silence(agency: Agency, name: str, kind: Kind) -> str | None:
    """Why an overseer did not answer when it was asked last."""
    return records.seen(open_gate(agency.folder.root).database, name, kind, None).silence
