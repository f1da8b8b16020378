"""Receive a package: take it in, or refuse it; either way it is one entry on the ledger.

Rules:
 * Intake decides; nothing here looks into a package. Nothing is judged and no register is opened.
 * A refused package leaves nothing behind but its entry: the code of the refusal and the digest of what came.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from narrowgate.accounting.book import Event, timestamp
from narrowgate.files import digest
from narrowgate.formats.package import MANIFEST
from narrowgate.gateway.desk import Desk
from narrowgate.intake import Received, receive
from narrowgate.store.database import Database, Effect
from narrowgate.terms.refusal import Refusal


class KnownBatches:
    """What this gate has received before, so that intake can tell a replay."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def has_batch(self, batch_id: str) -> bool:
        """Whether a batch of this id was received."""
        return self._database.one("SELECT 1 FROM batch WHERE batch_id = ?", batch_id) is not None

    def has_rows(self, sha256: str) -> bool:
        """Whether the same rows were received under any id."""
        return self._database.one("SELECT 1 FROM batch WHERE rows_sha256 = ?", sha256) is not None


def take_in(desk: Desk, package: Path) -> Received | Refusal:
    """Receive `package` and enter that it was received or rejected."""
    folder = desk.gate.folder.make(desk.gate.folder.intake)
    shutil.rmtree(folder)
    desk.gate.folder.make(folder)
    desk.gate.custody.begin(folder, desk.random)
    try:
        with desk.session(folder) as session:
            outcome = receive(
                package,
                session=session,
                folder=folder,
                anchors=desk.gate.trust.anchors,
                now=desk.at,
                known=KnownBatches(desk.gate.database),
                agreement=desk.agreement.id,
                key_for=desk.gate.custody.key_for,
            )
        if isinstance(outcome, Refusal):
            _enter_refusal(desk, package, outcome)
            return outcome
        return _keep(desk, outcome)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _enter_refusal(desk: Desk, package: Path, refusal: Refusal) -> None:
    """Enter that a package was rejected. What it said of itself is not repeated: nobody has vouched for it."""
    desk.book.enter(
        Event(
            "rejected",
            package.name,
            None,
            refusal.code,
            payload={"refusal": refusal.code, "message": refusal.message, "package": _digest(package)},
        ),
        at=desk.at,
    )


def _keep(desk: Desk, received: Received) -> Received:
    """Move what intake made under the batch's own folder, and enter that it was received."""
    manifest = received.manifest
    manifest_sha256 = digest(received.package / MANIFEST)
    home = desk.gate.folder.package(manifest.batch_id)
    desk.gate.folder.make(home.parent)
    shutil.rmtree(home, ignore_errors=True)  # left by a command that was killed before it entered the batch
    received.request.parent.replace(home)
    desk.book.enter(
        Event(
            "received",
            manifest.batch_id,
            manifest.batch_id,
            "received",
            payload={
                "manifest_sha256": manifest_sha256,
                "signer": received.signer.certificate_sha256,
                "rows_sha256": manifest.rows.sha256,
            },
            detail={"requests": received.requests},
        ),
        at=desk.at,
        effects=[
            Effect(
                "batch",
                {
                    "batch_id": manifest.batch_id,
                    "rows_sha256": manifest.rows.sha256,
                    "manifest_sha256": manifest_sha256,
                    "signer_sha256": received.signer.certificate_sha256,
                    "signer_subject": received.signer.subject,
                    "requests": received.requests,
                    "layout_errors": received.layout_errors,
                    "received_at": timestamp(desk.at),
                },
            )
        ],
    )
    return received


def _digest(package: Path) -> str | None:
    """The digest of a package file; None for a folder, or for nothing."""
    return digest(package) if package.is_file() else None
