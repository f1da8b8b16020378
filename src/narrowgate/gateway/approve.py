"""Let a person approve a run, or report a defect in its sample.

Rules:
 * The sample is drawn and judged again for each approver; only a clean one can be signed for.
 * What was approved is the determination digest: a run whose case files are not those it recorded is refused.
 * A reported defect stops the release of the run; it is entered and cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from narrowgate.accounting.book import Event, timestamp
from narrowgate.adjudication.batch import establish
from narrowgate.engine.parquet import relation
from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.runs import Run, as_entered, basis_of
from narrowgate.review.approval import NEEDED, refuse_approver, signed, statement
from narrowgate.review.sample import Sample, judge_again
from narrowgate.store.database import Effect
from narrowgate.store.trust import Approver


@dataclass(frozen=True)
class Approved:
    """What came of an approval: the sample, and how many approvals the run has now."""

    run: str
    sample: Sample
    approvals: int
    needed: int = NEEDED


def approve(desk: Desk, run: Run, *, name: str, key: Path) -> Approved:
    """Sign for `run` in the name of an approver, once a sample of it was judged again and found clean."""
    desk.live(run.batch)
    approver = approver_of(desk, name)
    if basis_of(desk, run).reading.historical:
        raise Refused(
            f"reading `{run.reading}` is historical: nothing determined under it can be approved",
            "nothing was released; no record was looked up",
        )
    approved = desk.gate.database.all("SELECT approver, certificate_sha256 FROM approval WHERE run = ?", run.name)
    refusal = refuse_approver(
        approver,
        submitter_sha256=run.batch.signer.certificate_sha256,
        approved=[dict(row) for row in approved],
    )
    if refusal is not None:
        raise Refused(refusal.message, "nothing was released; no record was looked up")
    sample = _sample(desk, run)
    if not sample.clean:
        _report(desk, run, name, sample.defects[0][0], f"judged again, {sample.defects[0][1]} is not satisfied")
        raise Refused(
            f"request `{sample.defects[0][0]}` of the sample fails `{sample.defects[0][1]}` when judged again",
            "the defect was entered and this run cannot be released; nothing was released",
        )
    text = statement(
        batch=run.batch.id, run=run.name, mode=run.mode.value, reading=run.reading, digest=run.digest,
        sample=sample, approver=name, at=timestamp(desk.at),
    )  # fmt: skip
    approval = signed(text, approver, key=key, out=desk.gate.folder.make(desk.gate.folder.work) / "approval.p7s")
    desk.book.enter(
        Event("approval", run.name, run.batch.id, "approved", payload={"statement": text.decode()}),
        at=desk.at,
        effects=[
            Effect(
                "approval",
                {
                    "run": run.name,
                    "approver": name,
                    "certificate_sha256": approval.certificate_sha256,
                    "statement": approval.statement,
                    "signature": approval.signature,
                },
            )
        ],
    )
    return Approved(run.name, sample, len(approved) + 1)


def report_defect(desk: Desk, run: Run, *, name: str, request_ref: str, why: str) -> None:
    """Enter that an approver found a defect in the determination of one request."""
    approver_of(desk, name)
    with desk.session(run.case.folder) as session:
        found = session.execute(
            f"SELECT count(*) FROM {relation(run.case.file('determination'))} WHERE request_ref = $ref",
            {"ref": request_ref},
        ).fetchone()
    if found == (0,):
        raise WrongUse(f"run `{run.name}` has no request `{request_ref}`")
    _report(desk, run, name, request_ref, why)


def _report(desk: Desk, run: Run, name: str, request_ref: str, why: str) -> None:
    said = {"run": run.name, "approver": name, "request_ref": request_ref, "why": why}
    desk.book.enter(Event("defect", run.name, run.batch.id, "defect", payload=said), at=desk.at)


def defects(desk: Desk, run: Run) -> tuple[Mapping[str, str], ...]:
    """What was found wrong with `run`, each as `request_ref`, `approver` and `why`."""
    said = (one.payload for one in desk.book.recorded("defect") if one.payload is not None)
    return tuple(one for one in said if one["run"] == run.name)


def approver_of(desk: Desk, name: str) -> Approver:
    """The approver of that name; wrong use if this gate knows nobody of it."""
    approver = desk.gate.trust.approvers.get(name)
    if approver is None:
        names = ", ".join(f"`{one}`" for one in desk.gate.trust.approvers) or "nobody"
        raise WrongUse(
            f"`{name}` is not an approver of this gate", f"the approvers are {names}; no record was looked up"
        )
    return approver


def _sample(desk: Desk, run: Run) -> Sample:
    """The sample of `run`, judged again as of the day on which it was determined."""
    with desk.session(run.case.folder, run.batch.request.parent) as session:
        if not as_entered(session, run):
            raise Fault(
                f"the determinations of run `{run.name}` are not those that were entered",
                "nothing was released; restore the case folder from a copy",
            )
        return judge_again(
            session,
            determination=run.case.file("determination"),
            facts=run.case.file("facts"),
            match=run.case.file("match"),
            determination_digest=run.digest,
            batch=establish(
                run.batch.manifest,
                run.batch.signer,
                desk.gate.trust,
                run.stays_that_count(desk.stays()),
                at=desk.at,
            ),
            basis=basis_of(desk, run),
        )
