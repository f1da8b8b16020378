"""Approvals: signed statements of two distinct people over exactly what a run determined.

Rules:
 * A statement names the batch, the run, its mode, its reading, its determination digest and the sample that was
   judged again. It is signed with the approver's own key and checked again, whole, at the moment of release.
 * Two statements count as two only if names and certificates differ, and neither is the batch's submitter.
 * A defect that either of them reports, or that judging again found, stops the release of that run for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from narrowgate.formats import cms
from narrowgate.formats.canonical import canonical
from narrowgate.review.sample import Sample
from narrowgate.store.trust import Approver
from narrowgate.terms.refusal import Refusal

FORMAT = "narrowgate-approval/1"
NEEDED = 2


@dataclass(frozen=True)
class Approval:
    """One approver's statement (canonical JSON) with the detached CMS signature over it."""

    approver: str
    certificate_sha256: str
    statement: bytes
    signature: bytes


def statement(
    *, batch: str, run: str, mode: str, reading: str, digest: str, sample: Sample, approver: str, at: str
) -> bytes:
    """What an approver signs."""
    return canonical(
        {
            "format": FORMAT,
            "batch": batch,
            "run": run,
            "mode": mode,
            "reading": reading,
            "determination_digest": digest,
            "sample": {"drawn": len(sample.drawn), "clean": sample.clean},
            "approver": approver,
            "at": at,
        }
    )


def refuse_approver(
    approver: Approver, *, submitter_sha256: str, approved: Iterable[Mapping[str, object]]
) -> Refusal | None:
    """Why this person may not approve this run, or None."""
    if approver.certificate_sha256 == submitter_sha256:
        return Refusal("self_approval", f"`{approver.name}` submitted this batch and cannot approve it")
    for earlier in approved:
        if approver.certificate_sha256 == earlier["certificate_sha256"] or approver.name == earlier["approver"]:
            return Refusal("same_approver", f"`{approver.name}` has approved this run already")
    return None


def signed(text: bytes, approver: Approver, *, key: Path, out: Path) -> Approval:
    """The approval of `text` by `approver`, whose signature is written to `out` and read from there."""
    try:
        cms.sign_detached(text, certificate=approver.certificate, key=key, out=out)
        return Approval(approver.name, approver.certificate_sha256, text, out.read_bytes())
    finally:
        out.unlink(missing_ok=True)


def refuse_release(
    approvals: Iterable[Approval],
    *,
    expected: Mapping[str, object],
    approvers: Mapping[str, Approver],
    submitter_sha256: str,
    anchors: Path,
    at: datetime,
) -> Refusal | None:
    """Why these approvals do not carry a release, or None. Every signature is verified again here.

    `expected` are the members that each statement must hold: batch, run, mode, reading, determination_digest.
    """
    sound: dict[str, str] = {}
    for approval in approvals:
        problem = _unsound(approval, expected, approvers, submitter_sha256, anchors, at)
        if problem is not None:
            return problem
        sound[approval.certificate_sha256] = approval.approver
    if len(sound) < NEEDED or len(set(sound.values())) < NEEDED:
        return Refusal(
            "approvals",
            f"{len(sound)} of {NEEDED} approvals are there",
            "release needs two distinct approvers: `narrowgate approve BATCH --as NAME`; nothing was released",
        )
    return None


def _unsound(
    approval: Approval,
    expected: Mapping[str, object],
    approvers: Mapping[str, Approver],
    submitter_sha256: str,
    anchors: Path,
    at: datetime,
) -> Refusal | None:
    """What is wrong with one approval, or None."""
    name = approval.approver
    known = approvers.get(name)
    if known is None or known.certificate_sha256 != approval.certificate_sha256:
        return Refusal("approver_unknown", f"`{name}` is not an approver of this gate", "nothing was released")
    if approval.certificate_sha256 == submitter_sha256:
        return Refusal("self_approval", f"`{name}` submitted this batch", "nothing was released")
    text = json.loads(approval.statement)
    for member, value in expected.items():
        if text.get(member) != value:
            return Refusal(
                "approval_of_another",
                f"the approval of `{name}` names another {member}",
                "nothing was released",
            )
    if text["sample"]["clean"] is not True:
        return Refusal("dirty_sample", f"the sample that `{name}` saw was not clean", "nothing was released")
    signer = cms.verify_detached(approval.statement, approval.signature, anchors=anchors, at=at)
    if isinstance(signer, Refusal):
        return Refusal("approval_signature", f"the approval of `{name}`: {signer.message}", "nothing was released")
    if signer.certificate_sha256 != approval.certificate_sha256:
        return Refusal("approval_signature", f"the approval of `{name}` was signed by another", "nothing was released")
    return None
