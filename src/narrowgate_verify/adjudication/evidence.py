"""What an inspector brings, bound to what a run states that it was determined under.

Rules:
 * The agreement is the one whose digest is stated, the package the one whose manifest and rows are.
 * A batch received before counts if it is on the stated list, as it was signed. If one of that list is not brought, no
   fact that looks back is derived; one that is brought and not on the list is an error, since it was passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from narrowgate_verify.adjudication.agreement import Agreement
from narrowgate_verify.adjudication.facts.officers import Engaged
from narrowgate_verify.adjudication.manifest import ATTESTATIONS, Manifest
from narrowgate_verify.adjudication.package import Package
from narrowgate_verify.adjudication.stated import Facts, Under
from narrowgate_verify.problems import DoesNotVerify


@dataclass(frozen=True)
class Evidence:
    """The agreement, the package of the batch, and those packages received before it that could be obtained."""

    agreement: Agreement
    package: Package
    earlier: Sequence[Package]


def bind(evidence: Evidence, under: Under) -> None:
    """DoesNotVerify if the evidence is not what the run states that it was determined under."""
    manifest, head = evidence.package.manifest, evidence.agreement.head
    stated = (under.batch, under.agreement, under.manifest_sha256, under.rows_sha256)
    brought = (manifest.batch, manifest.agreement, evidence.package.manifest_sha256, manifest.rows_sha256)
    if stated != brought:
        raise DoesNotVerify(
            f"the receipts are of batch `{under.batch}` with the manifest `{under.manifest_sha256}`; the package is of "
            f"batch `{manifest.batch}` with the manifest `{evidence.package.manifest_sha256}`"
        )
    if (head["id"], evidence.agreement.digest) != (under.agreement, under.agreement_digest):
        raise DoesNotVerify(f"the agreement has the digest `{evidence.agreement.digest}`; it was determined under "
            f"`{under.agreement}` with `{under.agreement_digest}`")  # fmt: skip


def engaged(package: Package) -> Engaged:
    """A package as far as its officers go."""
    return Engaged(package.manifest.officers, package.requests)


def earlier_batches(evidence: Evidence, under: Under) -> list[Engaged] | None:
    """The batches received before, in the stated order; None if one of them was not brought."""
    by_id = {package.manifest.batch: package for package in evidence.earlier}
    for batch, package in by_id.items():
        if under.earlier.get(batch) != package.manifest_sha256:
            raise DoesNotVerify(f"batch `{batch}` is not, as it is signed, among those stated to be received before")
    if by_id.keys() != under.earlier.keys():
        return None
    return [engaged(by_id[batch]) for batch in under.earlier]


def certificates_held(manifest: Manifest, under: Under) -> frozenset[str]:
    """The certificates of the roster that the custodian states to hold."""
    listed = {one.certificate_sha256 for one in manifest.officers if one.certificate_sha256 is not None}
    return frozenset(listed - under.certificates_lacking)


def batch_facts(evidence: Evidence, under: Under) -> Facts:
    """The facts of the batch that follow from the manifest, its signature and what else is stated.

    The other ones (the registered office, the review of safeguards) only the custodian knows.
    """
    manifest, stated = evidence.package.manifest, under.batch_facts
    office = stated["official_office"]
    lacking = manifest.storage is None
    return {
        "judged_on": under.determined_at.date(),
        "requested_on": manifest.requested_on,
        "signature_verified": True,
        "official_agrees": None if office is None else office == manifest.office,
        "requester_agency": manifest.agency,
        **{f"attests_{name}": manifest.attestations[name] for name in ATTESTATIONS},
        **({"storage_approved": None} if lacking else {}),
        "stays_in_force": len(under.stays) + len(_stays(evidence.agreement, under) - set(under.stays)),
    }


def _stays(agreement: Agreement, under: Under) -> frozenset[str]:
    """The agreement's own stays that must have counted. Only a rehearsal or a comparison may lift them."""
    return agreement.stays_at(under.determined_at) if under.mode == "run" else frozenset()
