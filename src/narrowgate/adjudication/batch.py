"""Establish the facts of a whole batch, from its manifest, its signature, and what the custodian knows.

Rules:
 * The office of the signer is the one the custodian registered for the certificate, whatever the manifest
   says.
 * What nobody established is missing, and a clause that reads it is undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from narrowgate.store.trust import Trust
from narrowgate.terms.agreement import Stay
from narrowgate.terms.batch import BatchFacts, Manifest, Signer


def establish(manifest: Manifest, signer: Signer, trust: Trust, stays: Iterable[Stay], *, at: datetime) -> BatchFacts:
    """The facts of a batch received with a valid signature of `signer`; `stays` are those in force."""
    office = trust.offices.get(signer.certificate_sha256)
    safeguards = trust.safeguards
    storage = manifest.storage_id
    return BatchFacts(
        judged_on=at.date(),
        requested_on=manifest.created_at.date(),
        signature_verified=True,
        official_office=office,
        official_agrees=None if office is None else office == manifest.official.office,
        requester_agency=manifest.agency,
        attests_active_criminal_investigation=manifest.attestations.active_criminal_investigation,
        attests_sole_use=manifest.attestations.sole_use,
        attests_safeguards=manifest.attestations.safeguards,
        attests_true_and_correct=manifest.attestations.true_and_correct,
        safeguards_reviewed_on=safeguards.reviewed_on,
        safeguards_current_until=safeguards.current_until,
        safeguards_open_findings=safeguards.open_findings,
        storage_approved=None if storage is None else storage in safeguards.storage_ids,
        stays_in_force=sum(1 for _ in stays),
    )
